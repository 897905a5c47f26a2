package study

import (
	"reflect"
	"slices"

	"bnlab/train"
)

// WithGradients returns the configurations of the study of all methods whose gradients
// differ: what an optimiser, a schedule or an augmentation makes of a gradient, what is frozen
// and what is evaluated, is no part of it.
func WithGradients() (all []train.Config) {
	off := train.Default()
	for _, t := range BuiltIn("methods").Experiments[0].Trials() {
		c := t.Config
		c.Optimisation, c.Scheduling, c.Augmentation, c.Evaluation = off.Optimisation, off.Scheduling, off.Augmentation, off.Evaluation
		c.Frozen, c.EtaMax, c.Lambda, c.Seed = off.Frozen, off.EtaMax, off.Lambda, off.Seed
		if !slices.ContainsFunc(all, func(other train.Config) bool { return reflect.DeepEqual(other, c) }) {
			all = append(all, c)
		}
	}
	return all
}
