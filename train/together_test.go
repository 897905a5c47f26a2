package train

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/model"
)

// TestFitSideBySide: trainings of different λ, η, seed and initialisation, with
// and without batch normalisation in any order, give side by side what each gives
// alone to the last bit, in the caller's order.
func TestFitSideBySide(t *testing.T) {
	var configs []Config
	for i, bn := range []bool{false, true, false, true, true} {
		c := small()
		c.NS, c.BN, c.Seed = 50, bn, uint64(i+1) // 200 steps
		c.Lambda, c.EtaMax = 0.003*float64(i), 0.1+0.05*float64(i)
		if i == 4 {
			c.Init, c.Sigma = model.Normal, 0.2
		}
		configs = append(configs, c)
	}
	together := fitAll[float64](t, configs...)
	for i, c := range configs {
		alone := fitAll[float64](t, c)
		for j, p := range alone.tensors(0) {
			if q := together.tensors(i)[j]; p.Name != q.Name || !slices.Equal(p.Data, q.Data) {
				t.Errorf("trial %d: %s alone differs from %s side by side", i, p.Name, q.Name)
			}
		}
		if diff := cmp.Diff(alone.results[0], together.results[i]); diff != "" {
			t.Errorf("trial %d: alone − side by side +\n%s", i, diff)
		}
		if diff := cmp.Diff(alone.points[0], together.points[i]); diff != "" {
			t.Errorf("trial %d: points alone − side by side +\n%s", i, diff)
		}
	}
}

// TestFitDeterministic: the same configuration gives the same bits, and each seed
// has its effect.
func TestFitDeterministic(t *testing.T) {
	base := f32(small())
	base.Seed, base.OrderSeed = 3, 5
	want := trace(fitAll[float32](t, base))
	if got := trace(fitAll[float32](t, base)); got != want {
		t.Error("the same training again gives another result")
	}
	for _, seeds := range [][2]uint64{{4, 5}, {3, 6}, {3, 0}, {5, 3}} {
		c := base
		c.Seed, c.OrderSeed = seeds[0], seeds[1]
		if trace(fitAll[float32](t, c)) == want {
			t.Errorf("seeds %v give the result of 3, 5", seeds)
		}
	}
	same, follows := base, base
	same.OrderSeed, follows.OrderSeed = same.Seed, 0
	if trace(fitAll[float32](t, same)) != trace(fitAll[float32](t, follows)) {
		t.Error("order seed 0 does not stand for the seed")
	}
}

// trace writes out all that a training leaves, to the last bit.
func trace[T blas.Float](o outcome[T]) string {
	var s strings.Builder
	for i, r := range o.results {
		fmt.Fprintf(&s, "%d %v %s %s\n", r.Steps, r.Diverged, inJSON(r.Final), inJSON(o.points[i]))
		for _, p := range o.tensors(i) {
			fmt.Fprintln(&s, p.Data)
		}
	}
	return s.String()
}

// TestDiverged: a training that overflows is flagged, has no final metrics and no
// further points, and those beside it do not notice. It is one without batch
// normalisation before one with it, so its net has another number than itself.
func TestDiverged(t *testing.T) {
	group := func(etaMax float64) outcome[float64] {
		var configs []Config
		for i, bn := range []bool{false, false, true} {
			c := small()
			c.BN, c.Lambda, c.Seed = bn, 0.01*float64(i), uint64(i+1)
			if i == 1 {
				c.EtaMax = etaMax
			}
			configs = append(configs, c)
		}
		return fitAll[float64](t, configs...)
	}
	tame, wild := group(0.1), group(1e150)
	r := wild.results[1]
	if !r.Diverged || r.Final != nil || r.Steps < 1 || r.Steps >= small().Steps() {
		t.Errorf("overflowing trial: %+v", r)
	}
	for _, p := range wild.points[1] {
		if p.Step > r.Steps || !p.finite() {
			t.Errorf("diverged at step %d, yet a point %+v", r.Steps, p)
		}
	}
	for _, i := range []int{0, 2} {
		if wild.results[i].Diverged || wild.results[i].Steps != small().Steps() {
			t.Errorf("trial %d beside it: %+v", i, wild.results[i])
		}
		if diff := cmp.Diff(tame.results[i], wild.results[i]) + cmp.Diff(tame.points[i], wild.points[i]); diff != "" {
			t.Errorf("trial %d changes beside an overflowing one:\n%s", i, diff)
		}
		for j, p := range tame.tensors(i) {
			if !slices.Equal(p.Data, wild.tensors(i)[j].Data) {
				t.Errorf("trial %d: %s changes beside an overflowing one", i, p.Name)
			}
		}
	}
}

// TestAllDiverged: nothing is left to train, so the loop ends.
func TestAllDiverged(t *testing.T) {
	c := small()
	c.BN, c.EtaMax = false, 1e150
	o := fitAll[float64](t, c, c)
	for i, r := range o.results {
		if !r.Diverged || r.Final != nil || r.Steps >= c.Steps() {
			t.Errorf("trial %d: %+v", i, r)
		}
	}
	if read := o.log.images("train"); read >= c.Steps()*c.Batch {
		t.Errorf("%d training images read after all had diverged", read)
	}
}

// TestOverflowingStatistics: when the variance of a batch overflows, the training
// has diverged in that step, and no evaluation passes for one of a net.
func TestOverflowingStatistics(t *testing.T) {
	data, _ := draw[float32]()
	for _, row := range data.Train.(*memory[float32]).rows {
		for j := range row {
			row[j] *= 1e25
		}
	}
	results, _, err := Fit(t.Context(), []Config{f32(small())}, data, noPoint{t})
	if err != nil {
		t.Fatal(err)
	}
	if r := results[0]; !r.Diverged || r.Final != nil || r.Steps != 1 {
		t.Errorf("result %+v", r)
	}
}

// noPoint is a Recorder that must not be told of an evaluation.
type noPoint struct{ *testing.T }

func (noPoint) Progress(int)           {}
func (t noPoint) Point(_ int, p Point) { t.Errorf("point %+v", p) }
