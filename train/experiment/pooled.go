package experiment

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bnlab/train/message"
)

// Pooled is the trials of several run folders as one plan. Its groups are those of equal
// configuration, the seed apart, whatever their names, and a trial that stands in several
// folders is there once.
type Pooled struct {
	Plan *Plan

	single  *Folder    // nil for several
	from    [][]source // of each trial
	unequal []string   // how trials differ between folders
}

// source is a trial as it stands in a folder.
type source struct {
	folder *Folder
	at     int // in the plan of the folder
}

// PoolFolders returns the trials of folders, one or more, pooled. Groups are in the order
// in which they first appear, and trials of a group in the order of their seeds, as in a
// folder made at once. Groups of one name whose configurations differ are told apart by
// what differs. A folder of another experiment or other data is an error, which wraps
// ErrPlan.
func PoolFolders(folders ...*Folder) (*Pooled, error) {
	first := folders[0]
	if len(folders) == 1 {
		p := &Pooled{Plan: first.Plan, single: first}
		for i := range first.Plan.Trials {
			p.from = append(p.from, []source{{first, i}})
		}
		return p, nil
	}
	var groups pooledGroups
	unit := 0
	for _, f := range folders {
		if a, b := first.Plan, f.Plan; a.Experiment != b.Experiment || a.Dataset != b.Dataset {
			return nil, planErrorf("%s and %s cannot be pooled: %s; name folders of one experiment and data set", first.Dir, f.Dir, a.difference(b))
		}
		next := unit
		for i, t := range f.Plan.Trials {
			t.Unit += unit
			next = max(next, t.Unit+1)
			groups.add(t, source{f, i})
		}
		unit = next
	}
	groups.tellApart()
	plan := *first.Plan
	plan.Trials, plan.Budget = nil, nil // each folder has decided for itself
	p := &Pooled{Plan: &plan}
	for _, g := range groups.all {
		slices.SortStableFunc(g.trials, func(a, b pooledTrial) int { return cmp.Compare(a.Config.Seed, b.Config.Seed) })
		for _, t := range g.trials {
			p.Plan.Trials, p.from = append(p.Plan.Trials, t.Trial), append(p.from, t.from)
		}
	}
	return p, nil
}

// Read returns the record of trial i and whether there is one: that of the first folder
// in which it has a result. Damaged records are passed to warn and not used.
func (p *Pooled) Read(i int, warn func(error)) (kept Record, found bool, err error) {
	for _, from := range p.from[i] {
		trial := from.folder.Plan.Trials[from.at]
		r, there, err := from.folder.Read(trial)
		switch {
		case errors.As(err, new(*DamagedError)):
			warn(err)
		case err != nil:
			return r, false, err
		case !there:
		case !found || kept.Error != "" && r.Error == "":
			kept, found = r, true
		case kept.Error == "" && r.Error == "":
			if d := metricsDifference(kept.Outcome, r.Outcome); d != "" {
				p.unequal = append(p.unequal, fmt.Sprintf("%s (%s)", trial.ID, strings.Replace(d, ", here ", " and ", 1)))
			}
		}
	}
	if found {
		kept.Trial = p.Plan.Trials[i]
	}
	return kept, found, nil
}

// Outcomes returns the outcomes of all trials as those of a folder are returned.
func (p *Pooled) Outcomes(warn func(error)) ([]Outcome, error) {
	if p.single != nil {
		return p.single.Outcomes(warn)
	}
	outcomes := make([]Outcome, len(p.from))
	for i := range outcomes {
		r, found, err := p.Read(i, warn)
		if err != nil {
			return nil, err
		}
		if found {
			outcomes[i] = r.withoutCurve()
		}
	}
	return outcomes, p.addPaused(outcomes)
}

// addPaused fills in where the budget of a folder has stopped trials that have no record.
func (p *Pooled) addPaused(outcomes []Outcome) (err error) {
	of := map[*Folder][]Outcome{}
	for i, o := range outcomes {
		for _, from := range p.from[i] {
			f := from.folder
			if o.Done() || f.Plan.Budget == nil {
				continue
			}
			if of[f] == nil {
				if of[f], err = f.Outcomes(func(error) {}); err != nil { // damaged ones have been told
					return err
				}
			}
			outcomes[i].Paused = cmp.Or(outcomes[i].Paused, of[f][from.at].Paused)
		}
	}
	return nil
}

// Unequal returns a line on the trials read so far whose numbers differ between folders,
// if there are any.
func (p *Pooled) Unequal() []string {
	n := len(p.unequal)
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s of several folders with different numbers: %s; the first folder's count.", message.Count(n, "trial"), message.List(p.unequal))}
}

// Agrees reports whether the groups of both can be pooled as they are: the plans are of
// one experiment and data set, have a group in common, and no group of the same name has
// another configuration.
func (p *Plan) Agrees(other *Plan) bool {
	if p.Experiment != other.Experiment || p.Dataset != other.Dataset {
		return false
	}
	names, keys, common := p.groups(), map[string]bool{}, false
	for _, c := range names {
		keys[GroupKey(c)] = true
	}
	for name, c := range other.groups() {
		if first, ok := names[name]; ok && !sameGroup(first, c) {
			return false
		}
		common = common || keys[GroupKey(c)]
	}
	return common
}
