package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bnlab/model"
	"bnlab/train"
)

// TestPlans are the four plans of the study as pure data.
func TestPlans(t *testing.T) {
	base := train.Default()
	base.Seed = 7
	compare, err := Compare(base, []int{3, 9}, 2)
	must(t, err)
	three, nine := []int{50, 50}, []int{50, 30, 20, 20, 10, 10, 10, 10}
	type want struct {
		id, group string
		change    func(*train.Config)
	}
	for _, v := range []struct {
		name   string
		trials []Trial
		want   []want
	}{
		{"compare", compare, []want{
			{"3-layer-bn-seed7", "3-layer BN", func(c *train.Config) { c.Hidden, c.BN = three, true }},
			{"3-layer-bn-seed8", "3-layer BN", func(c *train.Config) { c.Hidden, c.BN, c.Seed = three, true, 8 }},
			{"3-layer-seed7", "3-layer", func(c *train.Config) { c.Hidden = three }},
			{"3-layer-seed8", "3-layer", func(c *train.Config) { c.Hidden, c.Seed = three, 8 }},
			{"9-layer-bn-seed7", "9-layer BN", func(c *train.Config) { c.Hidden, c.BN = nine, true }},
			{"9-layer-bn-seed8", "9-layer BN", func(c *train.Config) { c.Hidden, c.BN, c.Seed = nine, true, 8 }},
			{"9-layer-seed7", "9-layer", func(c *train.Config) { c.Hidden = nine }},
			{"9-layer-seed8", "9-layer", func(c *train.Config) { c.Hidden, c.Seed = nine, 8 }},
		}},
		{"search", Search(base, []float64{1e-5, 0.03162}, 2), []want{
			{"lambda-1e-05-seed7", "lambda=1e-05", func(c *train.Config) { c.Lambda = 1e-5 }},
			{"lambda-1e-05-seed8", "lambda=1e-05", func(c *train.Config) { c.Lambda, c.Seed = 1e-5, 8 }},
			{"lambda-0.03162-seed7", "lambda=0.03162", func(c *train.Config) { c.Lambda = 0.03162 }},
			{"lambda-0.03162-seed8", "lambda=0.03162", func(c *train.Config) { c.Lambda, c.Seed = 0.03162, 8 }},
		}},
		{"sigma", Sigma(base, []float64{0.1, 1e-4}, 1), []want{
			{"sigma-0.1-bn-seed7", "sigma=0.1 BN", func(c *train.Config) { c.Init, c.Sigma, c.BN = model.Normal, 0.1, true }},
			{"sigma-0.1-seed7", "sigma=0.1", func(c *train.Config) { c.Init, c.Sigma = model.Normal, 0.1 }},
			{"sigma-0.0001-bn-seed7", "sigma=0.0001 BN", func(c *train.Config) { c.Init, c.Sigma, c.BN = model.Normal, 1e-4, true }},
			{"sigma-0.0001-seed7", "sigma=0.0001", func(c *train.Config) { c.Init, c.Sigma = model.Normal, 1e-4 }},
		}},
	} {
		var trials []Trial
		for _, w := range v.want {
			c := base
			w.change(&c)
			trials = append(trials, Trial{ID: w.id, Group: w.group, Config: c})
		}
		same(t, trials, v.trials, "%s", v.name)
		if err := planOf(v.trials, MaxFuse).Check(); err != nil {
			t.Errorf("%s: %v", v.name, err)
		}
	}
	if _, err := Compare(base, []int{3, 4}, 1); err == nil || !strings.Contains(err.Error(), "depth 4") {
		t.Errorf("depth 4: error %v", err)
	}
}

// TestStudySize: the whole study is 12 + 8 + 30 + 3 + 18 = 71 trials for 3 seeds.
func TestStudySize(t *testing.T) {
	base := train.Default()
	compare, err := Compare(base, []int{3, 9}, 3)
	must(t, err)
	coarse := Search(base, CoarseLambdas(), 1)
	fine := Search(base, FineLambdas(1e-5, 1e-1, 30, 1), 1)
	final := Search(base, []float64{0.005}, 3)
	sigma := Sigma(base, []float64{1e-1, 1e-3, 1e-4}, 3)
	got := []int{len(compare), len(coarse), len(fine), len(final), len(sigma)}
	if want := []int{12, 8, 30, 3, 18}; !slices.Equal(got, want) {
		t.Errorf("trials %v, want %v", got, want)
	}
}

func TestCoarseLambdas(t *testing.T) {
	got := CoarseLambdas()
	if len(got) != 8 {
		t.Fatalf("%d values: %v", len(got), got)
	}
	for i, lambda := range got {
		if want := -5 + 0.5*float64(i); math.Abs(math.Log10(lambda)-want) > 1e-4 {
			t.Errorf("λ %d is %g = 10^%g, want 10^%g", i, lambda, math.Log10(lambda), want)
		}
	}
}

// TestFineLambdas: within the range, the same for the same seed, others for
// another, no two alike however many, and uniform in the logarithm.
func TestFineLambdas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := FourDigits(rapid.Float64Range(1e-8, 1).Draw(t, "low"))
		high := FourDigits(low * rapid.Float64Range(1.5, 1e4).Draw(t, "factor"))
		n, seed := rapid.IntRange(1, 300).Draw(t, "n"), rapid.Uint64().Draw(t, "seed")
		got := FineLambdas(low, high, n, seed)
		if !slices.Equal(got, FineLambdas(low, high, n, seed)) {
			t.Fatal("another draw for the same seed")
		}
		if !slices.Equal(got[:n/2], FineLambdas(low, high, n/2, seed)) {
			t.Fatal("a longer draw begins otherwise")
		}
		if n > 1 && slices.Equal(got, FineLambdas(low, high, n, seed+1)) {
			t.Fatal("the same draw for another seed")
		}
		if slices.Min(got) < low || slices.Max(got) > high {
			t.Fatalf("%v outside %g to %g", got, low, high)
		}
		trials := Search(small(), got, 1)
		must(t, planOf(trials, MaxFuse).Check())
	})
}

// TestFineLambdasUniform: each tenth of the logarithms gets about a tenth of the
// values, by Pearson's χ² with 9 degrees of freedom at one in a million.
func TestFineLambdasUniform(t *testing.T) {
	const n = 10000
	var count [10]float64
	for _, lambda := range FineLambdas(1e-4, 1e-2, n, 3) {
		count[min(9, int((math.Log10(lambda)+4)/2*10))]++
	}
	chi := 0.0
	for _, c := range count {
		chi += (c - n/10) * (c - n/10) / (n / 10)
	}
	if chi > 46 {
		t.Errorf("χ² = %.1f of the counts %v", chi, count)
	}
}

// TestFourDigits: short names, and no value moves by more than half a digit.
func TestFourDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-9, 1e3).Draw(t, "v")
		r := FourDigits(v)
		if math.Abs(r-v) > 0.5001e-3*v || fmt.Sprintf("%.4g", v) != fmt.Sprintf("%.4g", r) {
			t.Fatalf("%g becomes %g", v, r)
		}
	})
}
