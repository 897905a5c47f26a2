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

// TestBestLambda: the published λ is compared with those that are not told from the
// best, by the spread of the final networks and the number of trials of each λ.
func TestBestLambda(t *testing.T) {
	values := func(at float64, n int) (v []float64) { // n trials of which the mean is at
		for range n {
			v = append(v, at)
		}
		return v
	}
	final := []float64{0.5364, 0.54, 0.5436} // tells 4.303 · 0.0036 · √2 = 0.0219 from one trial, 0.0126 from three
	for _, test := range []struct {
		name     string
		accuracy [4]float64 // of λ = 1e-4, 1e-3, 1e-2 and 1e-1
		each     int        // trials of each λ
		final    []float64
		verdict  Verdict // on 10^−2.298
		low      float64 // log10; 0 for none
		high     float64
	}{
		{"no final networks", [4]float64{0.51, 0.53, 0.55, 0.50}, 1, nil, Undecided, 0, 0},
		{"one final network", [4]float64{0.51, 0.53, 0.55, 0.50}, 1, final[:1], Undecided, 0, 0},
		{"two λ alike", [4]float64{0.51, 0.53, 0.55, 0.50}, 1, final, Agrees, -4, -1},
		{"told from all others, the published one in a gap", [4]float64{0.51, 0.52, 0.55, 0.50}, 1, final, Agrees, -3, -1},
		{"the largest, alike with the next", [4]float64{0.50, 0.51, 0.545, 0.56}, 1, final, Agrees, -3, -1},
		{"the largest, three trials of each", [4]float64{0.50, 0.51, 0.545, 0.56}, 3, final, Differs, -2, -1},
		{"the smallest", [4]float64{0.56, 0.51, 0.53, 0.51}, 1, final, Differs, -4, -3},
		{"alike but for one in the middle", [4]float64{0.55, 0.51, 0.56, 0.55}, 1, final, Undecided, -4, -1},
		{"told from none", [4]float64{0.54, 0.545, 0.55, 0.54}, 1, final, Undecided, -4, -1},
	} {
		run := &Run{Name: "search/fine", Stage: "fine", Plan: &experiment.Plan{Dataset: realData}}
		for i, accuracy := range test.accuracy {
			g := experiment.Group{Stage: "fine", N: test.each, ValAcc: experiment.SpreadOf(values(accuracy, test.each))}
			g.Config.Lambda = math.Pow(10, float64(i-4))
			run.Summary.Groups = append(run.Summary.Groups, g)
		}
		s := search{"fine": run}
		if test.final != nil {
			g := experiment.Group{N: len(test.final), ValAcc: experiment.SpreadOf(test.final)}
			s["final"] = &Run{Name: "search/final", Summary: experiment.Summary{Groups: []experiment.Group{g}}}
		}
		best, _ := s.best()
		c := lambdaClaim(s, best)
		if c.Verdict != test.verdict || (c.Note == "") != (test.verdict != Undecided) {
			t.Errorf("%s: %s, note %q; want %s", test.name, c.Verdict, c.Note, test.verdict)
		}
		if test.low == 0 {
			if c.Low != nil || c.High != nil {
				t.Errorf("%s: from %v to %v, want no range", test.name, *c.Low, *c.High)
			}
		} else if math.Abs(*c.Low-test.low) > 1e-9 || math.Abs(*c.High-test.high) > 1e-9 {
			t.Errorf("%s: from %g to %g, want %g to %g", test.name, *c.Low, *c.High, test.low, test.high)
		}
	}
}
