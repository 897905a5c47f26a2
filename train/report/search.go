package report

import (
	"path"
	"slices"

	"bnlab/train/experiment"
)

// search is the stages of one search for λ.
type search struct {
	coarse, fine, final *Run
	trials              []*Run // coarse and fine, where they are
}

// searches puts together the stages of each search: runs beside one another.
func searches(runs []*Run) []*search {
	var all []*search
	at := map[string]*search{}
	for _, r := range runs {
		if r.Stage == "" {
			continue
		}
		key := path.Dir(r.Name)
		s, ok := at[key]
		if !ok {
			s = &search{}
			at[key] = s
			all = append(all, s)
		}
		switch r.Stage {
		case "coarse":
			s.coarse = r
		case "fine":
			s.fine = r
		case "final":
			s.final = r
		}
	}
	for _, s := range all {
		s.trials = slices.DeleteFunc([]*Run{s.coarse, s.fine}, func(r *Run) bool { return r == nil })
	}
	return all
}

// groups returns the λ that were searched, coarse ones first.
func (s *search) groups() []experiment.Group {
	var all []experiment.Group
	for _, r := range s.trials {
		all = append(all, r.Summary.Groups...)
	}
	return all
}

// best returns the group with the highest validation accuracy, by which λ is
// chosen.
func (s *search) best() (experiment.Group, bool) {
	groups := s.groups()
	best, err := experiment.BestLambda(groups)
	if err != nil {
		return experiment.Group{}, false
	}
	at := slices.IndexFunc(groups, func(g experiment.Group) bool {
		return g.N > 0 && g.Config.Lambda == best.Lambda && g.ValAcc.Mean == best.ValAcc
	})
	return groups[at], true
}

// runOf returns the stage that a group is of.
func (s *search) runOf(g experiment.Group) *Run {
	if g.Stage == "coarse" {
		return s.coarse
	}
	return s.fine
}
