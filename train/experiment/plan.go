// Package experiment runs many trainings together: a plan says which, a runner
// trains them on several cores, and a summary groups them by everything but the
// seed.
package experiment

import (
	"fmt"
	"slices"

	"bnlab/train"
	"bnlab/train/message"
)

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

// Check returns an error that names the first invalid trial. It wraps ErrPlan, or
// train.ErrConfig if the fault is in the configuration.
func (p *Plan) Check() error {
	if p.Format != Format {
		return planErrorf("plan of format %d, this program reads %d; use the bnlab that made it", p.Format, Format)
	}
	for _, field := range [][2]string{{"experiment", p.Experiment}, {"program", p.Program}, {"data set", p.Dataset.Name}, {"digest", p.Dataset.Digest}} {
		if !fitName(field[1]) {
			return planErrorf("%s %.60q; use at most %d letters and signs, no control characters", field[0], field[1], maxName)
		}
	}
	if n := len(p.Trials); n == 0 {
		return planErrorf("plan without trials")
	} else if n > maxTrials {
		return planErrorf("plan of %d trials; give at most %d", n, maxTrials)
	}
	seen, first := map[string]bool{}, map[int]int{}
	for i, t := range p.Trials {
		if err := t.check(i); err != nil {
			return err
		}
		if seen[t.ID] {
			return planErrorf("trial %d: another one is named %s; give each value once", i+1, t.ID)
		}
		seen[t.ID] = true
		if c := p.Trials[0].Config; c.Val != t.Config.Val || c.TrainSize != t.Config.TrainSize || c.TestSize != t.Config.TestSize {
			return planErrorf("trials %s and %s: val, train_size and test_size must be the same in a plan", p.Trials[0].ID, t.ID)
		}
		j, ok := first[t.Unit]
		if !ok {
			first[t.Unit] = i
		} else if !train.Alike(p.Trials[j].Config, t.Config) {
			return planErrorf("trials %s and %s: cannot train side by side", p.Trials[j].ID, t.ID)
		}
	}
	return nil
}

// check checks what of trial i can be told without the others.
func (t Trial) check(i int) error {
	if !safeName(t.ID) {
		return planErrorf("trial %d: id %.60q is no file name; use letters, digits, dots, dashes and underscores", i+1, t.ID)
	}
	if !fitName(t.Group) {
		return planErrorf("trial %s: group %.60q; use at most %d letters and signs, no control characters", t.ID, t.Group, maxName)
	}
	if err := t.Config.Validate(); err != nil {
		return fmt.Errorf("trial %s: %w", t.ID, err)
	}
	return nil
}

// maxTrials is the most trials of a plan.
const maxTrials = 100_000

// maxName is the length of the longest name in a plan, in bytes.
const maxName = 200

// fitName tells whether a name can stand in a line, a table or a terminal: a plan or
// a record may come from anywhere.
func fitName(name string) bool { return len(name) <= maxName && message.Printable(name) }

// safeName tells whether id is made of letters, digits, dots, dashes, pluses and
// underscores, and does not start with a dot.
func safeName(id string) bool {
	if id == "" || id[0] == '.' || len(id) > maxName {
		return false
	}
	return !slices.ContainsFunc([]byte(id), func(c byte) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c == '.' || c == '-' || c == '+' || c == '_')
	})
}

// Units returns the trials of each unit, as indices into Trials, in the order in
// which the units first appear.
func (p *Plan) Units() [][]int {
	var units [][]int
	place := map[int]int{}
	for i, t := range p.Trials {
		at, ok := place[t.Unit]
		if !ok {
			at = len(units)
			place[t.Unit] = at
			units = append(units, nil)
		}
		units[at] = append(units[at], i)
	}
	return units
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
	for _, alike := range p.alike() {
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

// alike groups the trials that can train side by side.
func (p *Plan) alike() [][]int {
	var groups [][]int
	place := map[string]int{}
	for i, t := range p.Trials {
		key := t.Config.BatchKey()
		at, ok := place[key]
		if !ok {
			at = len(groups)
			place[key] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	return groups
}
