package experiment

import (
	"cmp"
	"math"
	"slices"
)

// leg is the part of the way between two rungs, and the trials that go it: from epoch
// from, 0 for the start, to epoch to, 0 for the end.
type leg struct {
	units    [][]int
	groups   int
	from, to int
}

// legs returns the parts of the way of a plan as far as the outcomes decide who goes
// them, in order: the last one is to the end, or to a rung that not all have reached. It
// marks the trials that are paused; if they are to be resumed, their parts follow. Without
// a budget there is one leg. It depends on nothing but the plan and the numbers at rungs,
// neither on time nor on who has trained what.
func (p *Plan) legs(outcomes []Outcome, resume bool) []leg {
	if p.Budget == nil {
		return []leg{{units: p.Units()}}
	}
	var all, later []leg
	on, from := everyTrial(p.Trials), 0
	for i := range outcomes {
		outcomes[i].Paused = nil
	}
	for _, rung := range p.Budget.Rungs {
		groups := groupBy(p.Trials, on, func(t Trial) string { return t.Group })
		if len(groups) == 1 {
			break // nothing to decide
		}
		all = append(all, leg{p.unitsOf(on, from, outcomes), len(groups), from, rung})
		if slices.ContainsFunc(on, func(i int) bool { return outcomes[i].at(rung) == nil }) {
			return all
		}
		var paused []int
		on, paused = p.Budget.halve(groups, rung, outcomes)
		later = append(later, leg{units: p.unitsOf(paused, rung, outcomes), from: rung})
		for _, i := range paused {
			if r := outcomes[i].at(rung); !r.Diverged && !outcomes[i].Done() {
				outcomes[i].Paused = r
			}
		}
		from = rung
	}
	groups := groupBy(p.Trials, on, func(t Trial) string { return t.Group })
	all = append(all, leg{p.unitsOf(on, from, outcomes), len(groups), from, 0})
	if resume {
		all = append(all, later...)
	}
	return all
}

// halve splits groups into those that go on from a rung and those that pause, both in the
// order of the plan. The first in the plan goes on if two are equal.
func (b *Budget) halve(groups [][]int, rung int, outcomes []Outcome) (on, paused []int) {
	score := make([]float64, len(groups))
	order := make([]int, len(groups))
	for g, trials := range groups {
		order[g] = g
		for _, i := range trials {
			if r := outcomes[i].at(rung); !r.Diverged {
				score[g] += r.ValAcc / float64(len(trials))
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	most := int(math.Ceil(b.Keep*float64(len(groups)) - 1e-9)) // 0.07·100 is 7, not 7.000000000000001
	for place, g := range order {
		if place < most {
			on = append(on, groups[g]...)
		} else {
			paused = append(paused, groups[g]...)
		}
	}
	slices.Sort(on)
	slices.Sort(paused)
	return on, paused
}

// unitsOf returns the units in which trials go on from a rung, those of the plan from the
// start.
func (p *Plan) unitsOf(trials []int, from int, outcomes []Outcome) [][]int {
	if from == 0 {
		return p.Units()
	}
	sound := slices.DeleteFunc(slices.Clone(trials), func(i int) bool { return outcomes[i].at(from).Diverged })
	return fuse(p.Trials, sound, p.Budget.Fuse, p.Budget.Workers)
}

// at returns what the trial has reached at a rung, nil if that is not known. What has
// diverged on the way to an earlier one is not trained to this.
func (o Outcome) at(epochs int) *Rung {
	for i, r := range o.Rungs {
		if r.Epochs == epochs || r.Epochs < epochs && r.Diverged {
			return &o.Rungs[i]
		}
	}
	return nil
}
