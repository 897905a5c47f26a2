package experiment

import (
	"fmt"
	"strings"
	"testing"

	"bnlab/model"
	"bnlab/train"
)

// Trials as package study makes them, which imports this one.

// seeded returns a trial of the group for each of the seeds c.Seed, c.Seed+1, ….
func seeded(group string, c train.Config, seeds int) []Trial {
	trials := make([]Trial, seeds)
	first := c.Seed
	id := strings.NewReplacer("=", "-", " ", "-").Replace(strings.ToLower(group))
	for i := range trials {
		c.Seed = first + uint64(i)
		trials[i] = Trial{ID: fmt.Sprintf("%s-seed%d", id, c.Seed), Group: group, Config: c}
	}
	return trials
}

// ofLambdas returns trials with each λ.
func ofLambdas(c train.Config, lambdas []float64, seeds int) (trials []Trial) {
	for _, c.Lambda = range lambdas {
		trials = append(trials, seeded(fmt.Sprint("lambda=", c.Lambda), c, seeds)...)
	}
	return trials
}

// ofDepths returns a trial of each depth with and without batch normalisation.
func ofDepths(t testing.TB, c train.Config, depths ...int) (trials []Trial) {
	for _, depth := range depths {
		hidden, err := train.HiddenOf(depth)
		must(t, err)
		c.Hidden = hidden
		trials = append(trials, withAndWithout(fmt.Sprintf("%d-layer", depth), c)...)
	}
	return trials
}

// ofSigmas returns a trial with each σ, with and without batch normalisation.
func ofSigmas(c train.Config, sigmas ...float64) (trials []Trial) {
	c.Init = model.Normal
	for _, c.Sigma = range sigmas {
		trials = append(trials, withAndWithout(fmt.Sprint("sigma=", c.Sigma), c)...)
	}
	return trials
}

func withAndWithout(group string, c train.Config) []Trial {
	c.BN = true
	with := seeded(group+" BN", c, 1)
	c.BN = false
	return append(with, seeded(group, c, 1)...)
}
