package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
)

// TestExtremeNumbers: a λ of 0, which has no place on a logarithmic axis, and
// numbers as large and as small as they get make a report like any others.
func TestExtremeNumbers(t *testing.T) {
	base := train.Default()
	base.BN, base.Precision = true, train.F64
	long := base
	long.NS, long.Cycles, long.Evals = 1, 1<<16, 1 // as many as are allowed
	named := sigmas(t, base, []float64{1}, 1)
	for i := range named { // by hand, for no study would
		named[i].Config.Init, named[i].Config.Sigma = model.He, 0
	}
	steep := base
	steep.EtaMin, steep.EtaMax = 5e-324, math.MaxFloat64
	for name, test := range map[string]struct {
		trials []experiment.Trial
		loss   func(i int) float64 // of point i of a curve
	}{
		"lambda 0":       {lambdas(t, base, []float64{0}, 2), nil},
		"lambda 0 and 1": {lambdas(t, base, []float64{1, 0}, 2), nil},
		"lambdas":        {lambdas(t, base, []float64{5e-324, 1e-300, math.MaxFloat64}, 1), nil},
		"sigmas":         {sigmas(t, base, []float64{1e-300, 1e300}, 2), nil},
		"sigma of none":  {named, nil},
		"many cycles":    {lambdas(t, long, []float64{0.1}, 1), nil},
		"steep":          {lambdas(t, steep, []float64{0.1}, 1), nil},
		"huge losses":    {sigmas(t, base, []float64{1}, 2), func(i int) float64 { return math.MaxFloat64 / float64(i+1) }},
		"tiny losses":    {sigmas(t, base, []float64{1}, 2), func(i int) float64 { return 5e-324 * float64(i) }},
		"equal losses":   {sigmas(t, base, []float64{1}, 2), func(i int) float64 { return 2.302585092994046 + float64(i%2)*0x1p-51 }},
		"losses of 0":    {sigmas(t, base, []float64{1}, 2), func(int) float64 { return 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for i := range test.trials {
				test.trials[i].Unit = i
			}
			plan := &experiment.Plan{Format: experiment.Format, Experiment: "lambda", Dataset: realData, Trials: test.trials}
			folder, err := experiment.Create(dir, plan)
			if err != nil {
				t.Fatal(err)
			}
			for _, trial := range test.trials {
				r := madeUp(trial, realData)
				for i := range r.Curve {
					if test.loss != nil {
						r.Curve[i].TrainLoss, r.Curve[i].ValLoss = test.loss(i), test.loss(i)
					}
				}
				last := r.Curve[len(r.Curve)-1]
				r.Result.Final.TrainLoss, r.Result.Final.ValLoss = last.TrainLoss, last.ValLoss
				save(t, folder, r)
			}
			s := read(t, dir)
			charts := s.Charts()
			for _, c := range charts {
				svg, err := c.SVG()
				if err != nil || len(svg) > 1<<20 || strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
					t.Errorf("%s: %d bytes, perhaps with a NaN or an Inf, error %v", c.Name, len(svg), err)
				}
				if text := fmt.Sprint(c); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
					t.Errorf("%s: a NaN or an Inf in it", c.Name)
				}
			}
			if _, err := s.contents(charts).page(); err != nil {
				t.Errorf("page: %v", err)
			}
			if summary, err := s.JSON(); err != nil || !json.Valid(summary) {
				t.Errorf("summary: %v", err)
			}
		})
	}
}
