package contrast

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestGolden compares with SciPy's numbers, made by scripts/golden-contrast.py.
func TestGolden(t *testing.T) {
	raw, err := os.ReadFile("testdata/scipy.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Cases []struct {
			Diffs        []float64
			Low, High, P float64
			Exact        *float64
		}
		Holm  []struct{ P, Corrected []float64 }
		Welch []struct {
			A, B      []float64
			Low, High float64
		}
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden.Cases) < 50 || len(golden.Holm) < 5 || len(golden.Welch) < 8 {
		t.Fatalf("%d cases, %d families, %d of two samples", len(golden.Cases), len(golden.Holm), len(golden.Welch))
	}
	near := func(got, want, scale float64) bool { return math.Abs(got-want) <= 1e-12*scale }
	for i, c := range golden.Cases {
		p := Of(c.Diffs)
		size := max(math.Abs(c.Low), math.Abs(c.High))
		if p.N != len(c.Diffs) || !near(p.Low, c.Low, size) || !near(p.High, c.High, size) || !near(p.P, c.P, 1) || !near(p.P, c.P, 1e2*c.P) {
			t.Errorf("case %d: %+v, want %g to %g, p %g", i, p, c.Low, c.High, c.P)
		}
		if c.Exact != nil && !near(SignFlip(c.Diffs), *c.Exact, 1) {
			t.Errorf("case %d: sign-flip p %g, want %g", i, SignFlip(c.Diffs), *c.Exact)
		}
	}
	for i, c := range golden.Welch {
		size := max(math.Abs(c.Low), math.Abs(c.High))
		if diff, low, high := Welch(c.A, c.B); !near(low, c.Low, size) || !near(high, c.High, size) || !near(diff, (c.Low+c.High)/2, size) {
			t.Errorf("Welch, case %d: %g, %g to %g, want %g to %g", i, diff, low, high, c.Low, c.High)
		}
	}
	for _, h := range golden.Holm {
		for i, got := range Holm(h.P) {
			if !near(got, h.Corrected[i], 1) {
				t.Errorf("Holm of %v: %g at %d, want %g", h.P, got, i, h.Corrected[i])
			}
		}
	}
}

// TestEdges: pairs that leave no chance, or nothing else.
func TestEdges(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name  string
		diffs []float64
		want  Paired
		exact float64
	}{
		{"one pair", []float64{0.5}, Paired{N: 1, Diff: 0.5, Low: -inf, High: inf, P: 1}, 1},
		{"no difference", []float64{0, 0, 0}, Paired{N: 3, P: 1}, 1},
		{"always the same", []float64{-2, -2, -2}, Paired{N: 3, Diff: -2, Low: -2, High: -2}, 0.25},
	} {
		if got, exact := Of(c.diffs), SignFlip(c.diffs); got != c.want || exact != c.exact {
			t.Errorf("%s: %+v and %g, want %+v and %g", c.name, got, exact, c.want, c.exact)
		}
	}
}

// TestWelchEdges: two samples without spread differ by what they differ by.
func TestWelchEdges(t *testing.T) {
	if diff, low, high := Welch([]float64{2, 2}, []float64{0.5, 0.5, 0.5}); diff != 1.5 || low != 1.5 || high != 1.5 {
		t.Errorf("%g, %g to %g", diff, low, high)
	}
}

// TestSignFlipSampled: the sample agrees with all choices where both can be had, and a
// large effect has the least p.
func TestSignFlipSampled(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 5 {
		diffs := normal(random, 16, 0.4, 1)
		all := SignFlip(diffs)
		sampled := SignFlip(append(slices.Clone(diffs), 0)) // a 0 changes no sum
		if sd := math.Sqrt(all * (1 - all) / draws); math.Abs(sampled-all) > 5*sd+1e-4 {
			t.Errorf("p %g of all choices, %g of a sample", all, sampled)
		}
	}
	if got := SignFlip(normal(random, 70, 100, 1)); got != LeastExact(70) {
		t.Errorf("70 pairs far from 0: p %g, want %g", got, LeastExact(70))
	}
	late := append(make([]float64, 64), 1, 1, 1, 1, 1, 1, 1, 1) // in the second word of signs
	if got, want := SignFlip(late), SignFlip(late[64:]); math.Abs(got-want) > 5*math.Sqrt(want/draws) {
		t.Errorf("8 of 72 pairs: p %g, want about %g", got, want)
	}
	if got := SignFlip([]float64{1, 2, 3, 4, 5}); got != LeastExact(5) || got != 0.0625 {
		t.Errorf("5 pairs of one sign: p %g, want %g", got, LeastExact(5))
	}
}

// TestSignFlipRounds: sums that are equal count as equal, though rounding makes them differ.
func TestSignFlipRounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.IntRange(-9, 9), 1, 10).Draw(t, "hundredths")
		exact, rounded := make([]float64, len(whole)), make([]float64, len(whole))
		for i, v := range whole {
			exact[i], rounded[i] = float64(v), float64(v)/100
		}
		if got, want := SignFlip(rounded), SignFlip(exact); got != want {
			t.Fatalf("p %g, want %g", got, want)
		}
	})
}

// TestSeeds: the interval of so many pairs is narrow enough, of one fewer it is not.
func TestSeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		std := rapid.Float64Range(0, 0.2).Draw(t, "std")
		n := Seeds(std, 0.005)
		if n < 2 || halfWidth(std, n) > 0.005 || n > 2 && halfWidth(std, n-1) <= 0.005 {
			t.Fatalf("%d pairs for a standard deviation of %g", n, std)
		}
	})
	if got := Seeds(1e9, 0.005); got != Most {
		t.Errorf("%d pairs, want the most", got)
	}
}

// TestHolmProperties: no p becomes smaller, the order stays, and a single one stays as it is.
func TestHolmProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 12).Draw(t, "p")
		got := Holm(ps)
		for i := range ps {
			if got[i] < ps[i] || got[i] > 1 || len(ps) == 1 && got[0] != ps[0] {
				t.Fatalf("%v becomes %v", ps, got)
			}
			for j := range ps {
				if ps[i] <= ps[j] && got[i] > got[j] {
					t.Fatalf("%v becomes %v, in another order", ps, got)
				}
			}
		}
	})
}

// TestErrorRates repeats experiments in which nothing differs. Of 10 000, each with 6
// contrasts of 5 pairs, 5 % of the contrasts have p < 5 %, at most 6 % of the experiments
// any by Holm, and 95 % of the intervals hold the truth. The seed is fixed.
func TestErrorRates(t *testing.T) {
	const experiments, contrasts, pairs = 10_000, 6, 5
	random := rand.New(rand.NewPCG(1, 2))
	below, family, exactBelow, covered := 0, 0, 0, 0
	for range experiments {
		ps := make([]float64, contrasts)
		for i := range ps {
			p := Of(normal(random, pairs, 0.3, 1))
			if p.Low <= 0.3 && 0.3 <= p.High {
				covered++
			}
			diffs := normal(random, pairs, 0, 1)
			p = Of(diffs)
			if ps[i] = p.P; p.P < 0.05 {
				below++
			}
			if SignFlip(diffs) <= 0.0625 {
				exactBelow++
			}
		}
		if slices.Min(Holm(ps)) < 0.05 {
			family++
		}
	}
	share := func(n, of int) float64 { return float64(n) / float64(of) }
	for _, c := range []struct {
		name           string
		got, low, high float64
	}{
		{"false positives", share(below, experiments*contrasts), 0.04, 0.06},
		{"experiments with any", share(family, experiments), 0, 0.06},
		{"sign flips at their least", share(exactBelow, experiments*contrasts), 0.0575, 0.0675},
		{"coverage", share(covered, experiments*contrasts), 0.94, 0.96},
	} {
		t.Logf("%s: %.4f", c.name, c.got)
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: %.4f, not in %g to %g", c.name, c.got, c.low, c.high)
		}
	}
}

func normal(random *rand.Rand, n int, mean, std float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = mean + std*random.NormFloat64()
	}
	return v
}
