package report

import (
	"math"
	"testing"

	"bnlab/train/experiment"
)

func TestAccuracyClaim(t *testing.T) {
	run := &Run{Name: "compare", Plan: &experiment.Plan{Dataset: realData}}
	// Quantiles of Student's t from a printed table: 12.706, 4.303, 2.776 for 1, 2, 4 degrees of freedom.
	for _, test := range []struct {
		name      string
		values    []float64
		tolerance float64 // 0 for none
		verdict   Verdict
	}{
		{"no trial", nil, 0, Undecided},
		{"one seed, equal", []float64{0.53}, 0, Undecided},
		{"two seeds", []float64{0.52, 0.522}, 12.706 * 0.0014142 * math.Sqrt(1.5), Agrees},
		{"three seeds, far", []float64{0.50, 0.502, 0.504}, 4.303 * 0.002 * math.Sqrt(4./3), Differs},
		{"three seeds, near", []float64{0.534, 0.536, 0.538}, 4.303 * 0.002 * math.Sqrt(4./3), Agrees},
		{"no spread, within the floor", []float64{0.526, 0.526, 0.526}, 0.005, Agrees},
		{"no spread, outside the floor", []float64{0.524, 0.524, 0.524}, 0.005, Differs},
		{"five seeds", []float64{0.52, 0.53, 0.54, 0.53, 0.53}, 2.776 * 0.0070711 * math.Sqrt(1.2), Agrees},
	} {
		c := accuracyClaim(run, "3-layer", TestAccuracy, 0.53, experiment.SpreadOf(test.values))
		if c.Verdict != test.verdict {
			t.Errorf("%s: %s, want %s", test.name, c.Verdict, test.verdict)
		}
		switch {
		case test.tolerance == 0:
			if c.Tolerance != nil || c.Note == "" {
				t.Errorf("%s: tolerance %v, note %q; want none and why", test.name, c.Tolerance, c.Note)
			}
		case math.Abs(*c.Tolerance/test.tolerance-1) > 1e-3:
			t.Errorf("%s: tolerance %g, want %g", test.name, *c.Tolerance, test.tolerance)
		}
	}
}

func TestClaimsOfStudy(t *testing.T) {
	dir := studyDir(t)
	claims := read(t, dir).Claims
	count := map[Metric]int{}
	for _, c := range claims {
		count[c.Metric]++
		if c.N < 2 && c.Verdict != Undecided && c.Metric != BestLambda {
			t.Errorf("%s %s: %s from %d trial", c.Group, c.Metric, c.Verdict, c.N)
		}
	}
	// 4 networks, 6 cells of σ and the final test; the best trial and the final networks; λ.
	if count[TestAccuracy] != 11 || count[ValAccuracy] != 2 || count[BestLambda] != 1 {
		t.Errorf("claims by metric: %v", count)
	}
	best := claims[len(claims)-4] // before the best trial and the two of the final networks
	if best.Metric != BestLambda || best.Verdict != Agrees || *best.Low > *best.Ours || *best.High < *best.Ours {
		t.Errorf("best λ: %+v", best)
	}
}

// Without repeated final networks nothing is known of the noise, so the best λ
// is told from no other.
func TestBestLambdaNeedsSpread(t *testing.T) {
	s := &search{}
	group := experiment.Group{Stage: "fine", Name: "lambda=0.005", N: 1, ValAcc: experiment.SpreadOf([]float64{0.55})}
	group.Config.Lambda = 0.005
	s.fine = &Run{Name: "search/fine", Plan: &experiment.Plan{Dataset: realData}, Summary: experiment.Summary{Groups: []experiment.Group{group}}}
	s.trials = []*Run{s.fine}
	if c := s.lambdaClaim(group); c.Verdict != Undecided || c.Low != nil {
		t.Errorf("%+v", c)
	}
}
