package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

// A trial that diverged has a curve up to there, which is no part of the mean.
func TestCurvesLeaveOutDiverged(t *testing.T) {
	dir := t.TempDir()
	trials := depths(t, train.Default(), 3, 3)
	folder := writeRun(t, dir, "compare", realData, trials)
	r := madeUp(trials[1], realData)
	r.Result.Diverged, r.Result.Final = true, nil
	save(t, folder, r)
	c := read(t, dir).Charts()[0]
	for i, n := range []int{2, 3} {
		for _, s := range c.Panels[i].Series {
			for _, point := range s.Points {
				if point.N != n {
					t.Fatalf("%s, %s at step %g: mean of %d, want %d", c.Panels[i].Title, s.Name, point.X, point.N, n)
				}
			}
		}
	}
	if !strings.Contains(c.Subtitle, "n = 2 to 3 seeds") {
		t.Errorf("subtitle %q", c.Subtitle)
	}
}

// Each curve is drawn from its own numbers: of all that a point holds, no two are
// the same here.
func TestCurvesAreTheirOwn(t *testing.T) {
	trial := experiment.Trial{ID: "a", Group: "3-layer BN", Config: train.Default()}
	point := train.Point{Step: 7, Metrics: train.Metrics{TrainLoss: 1, TrainCost: 2, TrainAcc: 0.3, ValLoss: 4, ValCost: 5, ValAcc: 0.6}}
	o := experiment.Outcome{Trial: trial, Curve: []train.Point{point}, Result: train.Result{Final: &train.Final{Metrics: point.Metrics}}}
	r := &Run{
		Plan:    &experiment.Plan{Trials: []experiment.Trial{trial}},
		Summary: experiment.Summary{Groups: []experiment.Group{{Name: trial.Group, Config: trial.Config, N: 1}}},
		curves:  curves{},
	}
	r.curves.add(o)
	found := map[string]float64{}
	for _, chart := range kindCharts(r) {
		for _, panel := range chart.Panels {
			for _, s := range panel.Series {
				if len(s.Points) != 1 || s.Points[0].X != 7 {
					t.Fatalf("%s: %+v", s.Name, s.Points)
				}
				found[s.Name] = s.Points[0].Y
			}
		}
	}
	if found["training loss"] != 1 || found["validation loss"] != 4 {
		t.Errorf("curves %v of %+v", found, point.Metrics)
	}
}

// TestManyKinds: of very many kinds of networks the report has, and keeps, loss curves
// of the first, each with and without batch normalisation, and says so.
func TestManyKinds(t *testing.T) {
	var spreads []float64
	for i := range maxCurveCharts + 2 {
		spreads = append(spreads, float64(i+1))
	}
	dir := t.TempDir()
	writeRun(t, dir, "sigma", realData, sigmas(t, train.Default(), spreads, 1))
	s, err := Read([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	curves := 0
	for _, c := range s.Charts() {
		if strings.HasPrefix(c.Name, "loss-") {
			curves++
			if want := fmt.Sprintf("loss-sigma-%d", curves); c.Name != want || len(c.Panels) != 2 || len(c.Panels[1].Series[0].Points) != 21 {
				t.Errorf("figure %s, want %s, with two panels", c.Name, want)
			}
		}
	}
	says := fmt.Sprintf("sigma: loss curves show only the first %d of %d kinds of networks; the tables have all.", maxCurveCharts, maxCurveCharts+2)
	if kept := len(s.Runs[0].curves); kept != maxCurveCharts {
		t.Errorf("curves of %d kinds are kept", kept)
	}
	if curves != maxCurveCharts || !slices.Contains(s.Warnings, says) {
		t.Errorf("%d figures, warnings %q", curves, s.Warnings)
	}
}

// A band needs several seeds: one alone has none.
func TestNoBandOfOneSeed(t *testing.T) {
	one := pointOf(1, []float64{2}, 1)
	if one.Low != one.Y || one.High != one.Y || one.N != 1 {
		t.Errorf("%+v", one)
	}
	three := pointOf(1, []float64{1, 2, 3}, 100)
	if three.Y != 200 || three.Low != 100 || three.High != 300 || three.N != 3 {
		t.Errorf("%+v", three)
	}
}
