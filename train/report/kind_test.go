package report

import (
	"strings"
	"testing"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
)

// runOf returns a run of groups, each with a name and what it changes, of two seeds.
func runOf(name string, groups ...any) *Run {
	r := &Run{Plan: &experiment.Plan{Experiment: name}}
	for i := 0; i < len(groups); i += 2 {
		for seed := range uint64(2) {
			c := train.Default()
			c.Seed = seed
			groups[i+1].(func(*train.Config))(&c)
			r.Plan.Trials = append(r.Plan.Trials, experiment.Trial{Group: groups[i].(string), Config: c})
			if seed == 0 {
				r.Summary.Groups = append(r.Summary.Groups, experiment.Group{Name: groups[i].(string), Config: c})
			}
		}
	}
	return r
}

// TestKinds: what a run is about, and which groups share a figure, follows from its
// configurations, whatever its groups are named.
func TestKinds(t *testing.T) {
	with := func(set func(*train.Config)) func(*train.Config) {
		return func(c *train.Config) { c.BN = true; set(c) }
	}
	none := func(*train.Config) {}
	lambda := func(v float64) func(*train.Config) { return func(c *train.Config) { c.Lambda = v } }
	sigma := func(v float64) func(*train.Config) {
		return func(c *train.Config) { c.Init, c.Sigma = model.Normal, v }
	}
	rate := func(v float64) func(*train.Config) { return func(c *train.Config) { c.EtaMax = v } }
	for _, c := range []struct {
		run           *Run
		lambda, sigma bool
		kinds         string // with the number of panels
	}{
		{runOf("compare", "3-layer BN", with(none), "3-layer", none), false, false, "3-layer 2"},
		{runOf("x", "a", lambda(0), "b", lambda(1)), true, false, "a 1, b 1"},
		{runOf("x", "lambda=0", with(lambda(0)), "lambda=1", lambda(1)), false, false, "lambda=0 1, lambda=1 1"},
		{runOf("x", "lambda=0", rate(0.1), "lambda=1", rate(1)), false, false, "lambda=0 1, lambda=1 1"},
		{runOf("x", "little", sigma(0.1), "much", sigma(1), "much BN", with(sigma(1))), false, true, "little 1, much 2"},
		{runOf("x", "sigma=1", rate(1), "sigma=2", rate(2)), false, false, "sigma=1 1, sigma=2 1"},
		{runOf("sigma", "sigma=1", sigma(1)), false, true, "sigma=1 1"},
		{runOf("x", "bn=false", none, "bn=true", with(none)), false, false, " 2"},
		{runOf("x", "bn=true eta-max=0.1", with(rate(0.1)), "bn=true eta-max=1", with(rate(1)), "bn=false eta-max=0.1", rate(0.1)),
			false, false, "eta-max=0.1 2, eta-max=1 1"},
	} {
		var kinds []string
		for _, k := range kindsOf(c.run.Summary.Groups) {
			kinds = append(kinds, k.name()+" "+string(rune('0'+len(k.groups))))
			if !k.groups[0].Config.BN && len(k.groups) == 2 {
				t.Errorf("%s: without batch normalisation first", k.name())
			}
		}
		got := strings.Join(kinds, ", ")
		if c.run.searched() != c.lambda || c.run.overSigma() != c.sigma || got != c.kinds {
			t.Errorf("%s, %s: over λ %v, over σ %v, kinds %q, want %q", c.run.Plan.Experiment, c.run.Plan.Trials[0].Group,
				c.run.searched(), c.run.overSigma(), got, c.kinds)
		}
	}
}
