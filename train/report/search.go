package report

import (
	"cmp"
	"path"
	"slices"

	"bnlab/train/experiment"
)

// search holds the runs of one search for λ by stage.
type search map[string]*Run

// searches groups the stages of each search: runs in the same folder.
func searches(runs []*Run) (all []search) {
	at := map[string]search{}
	for _, r := range runs {
		if r.Stage == "" {
			continue
		}
		key := path.Dir(r.Name)
		if at[key] == nil {
			at[key] = search{}
			all = append(all, at[key])
		}
		at[key][r.Stage] = r
	}
	return all
}

// trials returns the runs in which λ was searched, the coarse one first.
func (s search) trials() []*Run {
	return slices.DeleteFunc([]*Run{s["coarse"], s["fine"]}, func(r *Run) bool { return r == nil })
}

// groups returns the groups of the searched λ that have results.
func (s search) groups() (all []experiment.Group) {
	for _, r := range s.trials() {
		all = append(all, r.Summary.Groups...)
	}
	return slices.DeleteFunc(all, func(g experiment.Group) bool { return g.N == 0 })
}

// best returns the group with the highest validation accuracy, by which λ is chosen,
// the first if several are equal.
func (s search) best() (best experiment.Group, ok bool) {
	groups := s.groups()
	if len(groups) == 0 {
		return best, false
	}
	return slices.MaxFunc(groups, func(a, b experiment.Group) int { return cmp.Compare(a.ValAcc.Mean, b.ValAcc.Mean) }), true
}
