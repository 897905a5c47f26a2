package report

import (
	"math"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// TestLandscapeCharts: probes are drawn as bands, means over seeds of the smallest and of the
// largest, with and without batch normalisation in one panel; a diverged trial and a number
// that is not finite are left out, and a run without probes has no such figure.
func TestLandscapeCharts(t *testing.T) {
	with, without := train.Default(), train.Default()
	with.BN, with.Landscape = true, 5
	without.Landscape = 5
	probe := func(step int, v float64) train.Probe {
		n := train.Number(v)
		return train.Probe{Step: step, LossMin: n, LossMax: 2 * n, ChangeMin: 3 * n, ChangeMax: 4 * n, Smoothness: 5 * n}
	}
	r := &Run{Plan: &experiment.Plan{}}
	for i, c := range []train.Config{with, with, without, without} {
		trial := experiment.Trial{ID: string(rune('a' + i)), Group: map[bool]string{true: "3-layer BN", false: "3-layer"}[c.BN], Config: c}
		r.Plan.Trials = append(r.Plan.Trials, trial)
		o := experiment.Outcome{Trial: trial, Result: train.Result{Landscape: []train.Probe{probe(0, 1+float64(2*i)), probe(5, 10)}}}
		o.Result.Diverged = i == 3
		if i == 1 {
			o.Result.Landscape[1].LossMax = train.Number(math.Inf(1))
		}
		if i == 2 {
			o.Result.Landscape[1].ChangeMax = train.Number(math.Inf(1))
		}
		r.outcomes = append(r.outcomes, o)
	}
	r.Summary.Groups = []experiment.Group{{Name: "3-layer BN", Config: with, N: 2}, {Name: "3-layer", Config: without, N: 1}}
	charts := landscapeCharts(r)
	if len(charts) != 3 || len(charts[0].Panels) != 1 || len(charts[0].Panels[0].Series) != 2 {
		t.Fatalf("charts %+v", charts)
	}
	for i, factors := range [][2]float64{{1, 2}, {3, 4}, {5, 5}} {
		for j, mean := range []float64{2, 5} { // of 1 and 3; of 5 alone
			s := charts[i].Panels[0].Series[j]
			p := s.Points[0]
			if p.X != 0 || p.Low != mean*factors[0] || p.High != mean*factors[1] || p.Y != mean*(factors[0]+factors[1])/2 || p.N != 2-j || s.Spread != "band" {
				t.Errorf("%s, %s: %+v, want a band from %g to %g", charts[i].Name, s.Name, p, mean*factors[0], mean*factors[1])
			}
		}
	}
	if n := len(charts[0].Panels[0].Series[0].Points); n != 1 {
		t.Errorf("%d points of a loss of which one is infinite", n)
	}
	if n := len(charts[1].Panels[0].Series[1].Points); n != 1 {
		t.Errorf("%d points of the change of one trial that is infinite", n)
	}
	if n := len(charts[1].Panels[0].Series[0].Points); n != 2 {
		t.Errorf("%d points beside it", n)
	}
	for i := range r.outcomes {
		r.outcomes[i].Result.Landscape = nil
	}
	if charts := landscapeCharts(r); charts != nil {
		t.Errorf("charts of no probes: %+v", charts)
	}
}
