// Package experiment runs many trainings together: a plan says which, a runner
// trains them on several cores, and a summary groups them by everything but the
// seed.
package experiment

import "bnlab/train"

// Format is the version of the records of plans and trials.
const Format = 1

// Plan is a list of trials, as pure data. Its outcome depends on nothing else but
// the data set, the backend and the kernel.
type Plan struct {
	Format     int     `json:"format"`
	Experiment string  `json:"experiment"` // name, as compare or sigma
	Dataset    Dataset `json:"dataset"`
	Program    string  `json:"program"` // version of bnlab that made the plan
	Trials     []Trial `json:"trials"`
}

// Trial is one training.
type Trial struct {
	ID     string       `json:"id"`    // unique in the plan, safe as a file name
	Group  string       `json:"group"` // what it is compared as: all seeds of one configuration
	Unit   int          `json:"unit"`  // trials of one unit train side by side
	Config train.Config `json:"config"`
}

// Units returns the trials of each unit, as indices into Trials, in the order in
// which the units first appear.
func (p *Plan) Units() [][]int {
	return groupBy(p.Trials, func(t Trial) int { return t.Unit })
}

// groupBy puts trials of the same key together, as indices, in the order in which the
// keys first appear.
func groupBy[K comparable](trials []Trial, key func(Trial) K) [][]int {
	var groups [][]int
	place := map[K]int{}
	for i, t := range trials {
		k := key(t)
		at, ok := place[k]
		if !ok {
			at = len(groups)
			place[k] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	return groups
}

// MaxFuse is how many nets train side by side by default at most: more gain little,
// and cost memory.
const MaxFuse = 8

// Fuse puts trials that can share their mini-batches into units of at most size
// trials, of about equal numbers, so that workers have equal work. The units are
// part of the plan, because the bits of a result depend on them.
func (p *Plan) Fuse(size, workers int) {
	if size < 1 || workers < 1 {
		panic("experiment: size of a unit or number of workers below 1")
	}
	unit := 0
	for _, alike := range groupBy(p.Trials, func(t Trial) string { return t.Config.BatchKey() }) {
		n := len(alike)
		size, workers := min(size, n), min(workers, n) // no sum overflows
		parts := (n + size - 1) / size
		parts = min(n, (parts+workers-1)/workers*workers)
		for j, i := range alike {
			p.Trials[i].Unit = unit + j*parts/n
		}
		unit += parts
	}
}
