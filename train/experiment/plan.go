// Package experiment runs many trainings: a plan lists them, a runner trains them on
// several cores, and a summary groups them by everything but the seed.
package experiment

import (
	"cmp"
	"slices"

	"bnlab/train"
)

// Format is the version of the records of plans and trials.
const Format = 1

// Plan is a list of trials, as pure data. Its outcome depends only on it, the data set,
// the backend and the kernel.
type Plan struct {
	Format     int     `json:"format"`
	Experiment string  `json:"experiment"` // name, such as compare or sigma
	Dataset    Dataset `json:"dataset"`
	Program    string  `json:"program"`          // version of bnlab that made the plan
	Keep       string  `json:"keep,omitempty"`   // KeepModels to save the trained networks; empty to keep records alone
	Budget     *Budget `json:"budget,omitempty"` // nil to train every trial to its end
	Trials     []Trial `json:"trials"`
}

// KeepModels is a plan's Keep that has the trained networks saved.
const KeepModels = "models"

// Trial is one training.
type Trial struct {
	ID     string       `json:"id"`    // unique in the plan, safe as a file name
	Group  string       `json:"group"` // its group: all seeds of one configuration
	Unit   int          `json:"unit"`  // trials of one unit train side by side
	Config train.Config `json:"config"`
}

// Units returns the trials of each unit, as indices into Trials, in the order of the
// units' numbers: in a plan that grows, units keep their place and new ones follow, so
// that shards that know the smaller plan still train all of it.
func (p *Plan) Units() [][]int {
	units := groupBy(p.Trials, everyTrial(p.Trials), func(t Trial) int { return t.Unit })
	slices.SortFunc(units, func(a, b []int) int { return cmp.Compare(p.Trials[a[0]].Unit, p.Trials[b[0]].Unit) })
	return units
}

// everyTrial returns the indices of all trials.
func everyTrial(trials []Trial) []int {
	all := make([]int, len(trials))
	for i := range all {
		all[i] = i
	}
	return all
}

// trialsOf returns the trials of a unit.
func trialsOf(plan *Plan, unit []int) []Trial {
	trials := make([]Trial, len(unit))
	for j, i := range unit {
		trials[j] = plan.Trials[i]
	}
	return trials
}

// groupBy groups some of the trials by key, as indices, in the order in which the keys
// first appear.
func groupBy[K comparable](trials []Trial, some []int, key func(Trial) K) [][]int {
	var groups [][]int
	place := map[K]int{}
	for _, i := range some {
		k := key(trials[i])
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

// MaxFuse is the default maximum of nets that train side by side: more gain little, and
// cost memory.
const MaxFuse = 8

// Fuse groups trials that can share mini-batches into units of at most size trials, of
// similar sizes, so that workers have equal work. The units are part of the plan,
// because the bits of a result may depend on them.
func (p *Plan) Fuse(size, workers int) {
	if size < 1 || workers < 1 {
		panic("experiment: size of a unit or number of workers below 1")
	}
	for number, unit := range fuse(p.Trials, everyTrial(p.Trials), size, workers) {
		for _, i := range unit {
			p.Trials[i].Unit = number
		}
	}
}

// fuse does that with some of the trials, and returns the units.
func fuse(trials []Trial, some []int, size, workers int) (units [][]int) {
	for _, alike := range groupBy(trials, some, func(t Trial) string { return t.Config.BatchKey() }) {
		n := len(alike)
		size, workers := min(size, n), min(workers, n) // no sum overflows
		parts := (n + size - 1) / size
		parts = min(n, (parts+workers-1)/workers*workers)
		first := len(units)
		units = append(units, make([][]int, parts)...)
		for j, i := range alike {
			at := first + j*parts/n
			units[at] = append(units[at], i)
		}
	}
	return units
}
