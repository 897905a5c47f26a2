package report

import (
	"reflect"
	"slices"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
)

// What a run is about follows from the configurations of its trials; names are for people.

// published reports whether the run is of an experiment of the published study.
func (r *Run) published() bool {
	return slices.Contains([]string{"compare", "search", "sigma"}, r.Plan.Experiment)
}

// single reports whether the run is of one training.
func (r *Run) single() bool { return r.part == nil && len(r.Plan.Trials) == 1 }

// searched reports whether the run compares values of the field of a search, or of λ, and
// of nothing else.
func (r *Run) searched() bool {
	return r.Stage != "" || values(r, func(c train.Config) float64 { return c.Lambda }) > 1 &&
		r.differOnly(func(c *train.Config) { c.Lambda = 0 })
}

// overSigma reports whether the run compares values of σ, with or without batch
// normalisation, and of nothing else.
func (r *Run) overSigma() bool {
	return r.Plan.Trials[0].Config.Init == model.Normal &&
		(r.Plan.Experiment == "sigma" || values(r, func(c train.Config) float64 { return c.Sigma }) > 1) &&
		r.differOnly(func(c *train.Config) { c.Sigma, c.BN = 0, false })
}

// differOnly reports whether the configurations of the run are equal once the seed, and
// what clear clears, are.
func (r *Run) differOnly(clear func(*train.Config)) bool {
	cleared := func(t experiment.Trial) train.Config {
		c := t.Config
		c.Seed = 0
		clear(&c)
		return c
	}
	first := cleared(r.Plan.Trials[0])
	return !slices.ContainsFunc(r.Plan.Trials, func(t experiment.Trial) bool { return !reflect.DeepEqual(cleared(t), first) })
}

// values returns how many values a field has in the run.
func values(r *Run, of func(train.Config) float64) int {
	seen := map[float64]bool{}
	for _, t := range r.Plan.Trials {
		seen[of(t.Config)] = true
	}
	return len(seen)
}
