package verdict

import (
	"slices"
	"strings"

	"bnlab/train/contrast"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Contrast is the difference between two values of an axis, paired by seed, or between two
// metrics of the same trials.
type Contrast struct {
	Of        string    `json:"of"`     // the axis; empty for two metrics
	Values    [2]string `json:"values"` // the difference is the first less the second
	At        string    `json:"at"`     // the values of the other axes; empty where there are none
	Metric    string    `json:"metric"`
	N         int       `json:"n"`          // pairs
	LostPairs int       `json:"lost_pairs"` // whose difference is unknown
	Lost      []string  `json:"lost"`       // trials without the number: diverged, failed, paused or missing, so that their pairs are lost

	Diff   *float64    `json:"diff"` // mean; null without a pair
	CI     *[2]float64 `json:"ci"`   // 95 % confidence interval; null for less than two pairs
	P      *float64    `json:"p"`    // of the paired t test
	PHolm  *float64    `json:"p_holm"`
	PExact *float64    `json:"p_exact"`                // of the sign-flip test
	Least  *float64    `json:"p_exact_least"`          // that so many pairs can reach
	Seeds  *int        `json:"seeds_for_half_a_point"` // whose confidence interval reaches half a point to each side; null for losses
}

// Compare returns the contrasts of an experiment from its Trials and their outcomes, in
// the same order. The p values are corrected over all of them.
func Compare(e *study.Experiment, trials []experiment.Trial, outcomes []experiment.Outcome) []Contrast {
	all, results := []Contrast{}, resultsOf(trials, outcomes)
	for _, c := range e.Contrast {
		if c.Than != "" {
			all = append(all, within(e, c, results)...)
		} else {
			all = append(all, along(e, c, results)...)
		}
	}
	var ps []float64
	for _, c := range all {
		if c.P != nil {
			ps = append(ps, *c.P)
		}
	}
	corrected := contrast.Holm(ps)
	for i := range all {
		if all[i].P != nil {
			all[i].PHolm, corrected = &corrected[0], corrected[1:]
		}
	}
	return all
}

// along returns the contrasts of an axis at each point of the others.
func along(e *study.Experiment, c study.Compared, results []result) (all []Contrast) {
	axis, seeds := e.Vary.Axis(c.Of), len(e.Seeds)
	of, stride := e.Vary.Axes[axis], e.Vary.Stride(axis)
	baseline := of.Baseline()
	for first := range len(results) / seeds {
		if e.Vary.Index(first, axis) != 0 {
			continue
		}
		at := func(value int) []result {
			from := (first + value*stride) * seeds
			return results[from : from+seeds]
		}
		for value := range of.Points {
			if value == baseline {
				continue
			}
			d := Contrast{Of: c.Of, Metric: c.Metric, At: e.Vary.Others(axis, first)}
			d.Values = [2]string{of.Label(value), of.Label(baseline)}
			d.test(d.pair(at(value), at(baseline), metrics[c.Metric], metrics[c.Metric]))
			all = append(all, d)
		}
	}
	return all
}

// within returns the contrasts of two metrics in each group whose trials have both.
func within(e *study.Experiment, c study.Compared, results []result) (all []Contrast) {
	for group := range slices.Chunk(results, len(e.Seeds)) {
		if trial := group[0].trial; c.AsksFor(trial.Config) {
			d := Contrast{Values: [2]string{c.Metric, c.Than}, Metric: c.Metric, At: trial.Group}
			d.test(d.pair(group, group, metrics[c.Metric], metrics[c.Than]))
			all = append(all, d)
		}
	}
	return all
}

// test adds the exact test of the differences.
func (d *Contrast) test(diffs []float64) {
	if d.N > 1 {
		exact, least := contrast.SignFlip(diffs), contrast.LeastExact(d.N)
		d.PExact, d.Least = &exact, &least
	}
}

// pair takes the differences of trials of the same seed, and returns them. The exact test,
// which takes longest, it leaves to the caller.
func (d *Contrast) pair(a, b []result, first, second func(experiment.Outcome) (float64, bool)) (diffs []float64) {
	d.Lost = []string{}
	for i := range a {
		x, okX := a[i].number(first)
		y, okY := b[i].number(second)
		if okX && okY {
			diffs = append(diffs, x-y)
			continue
		}
		d.LostPairs++
		if !okX {
			d.Lost = append(d.Lost, a[i].trial.ID)
		}
		if !okY {
			d.Lost = append(d.Lost, b[i].trial.ID)
		}
	}
	if d.N = len(diffs); d.N == 0 {
		return nil
	}
	p := contrast.Of(diffs)
	d.Diff = &p.Diff
	if d.N < 2 {
		return diffs
	}
	d.CI, d.P = &[2]float64{p.Low, p.High}, &p.P
	if strings.Contains(d.Metric, "-acc") {
		seeds := contrast.Seeds(p.Std, 0.005)
		d.Seeds = &seeds
	}
	return diffs
}
