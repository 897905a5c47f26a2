package answer

import (
	"fmt"
	"path/filepath"

	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Earlier are the results of a study in another run folder.
type Earlier struct {
	Dir    string
	groups map[string][]experiment.Outcome // by configuration but for the seed
}

// EarlierIn returns the results of the study's experiments in a run folder, nil if there
// are none. It passes damaged records, which do not count, to warn.
func EarlierIn(s *study.Study, dir string, warn func(error)) (*Earlier, error) {
	r := &Earlier{Dir: dir, groups: map[string][]experiment.Outcome{}}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		for _, stage := range e.Stages() {
			folder, err := experiment.Open(filepath.Join(dir, s.Folder(e, stage)))
			if err != nil {
				continue // it holds no such run
			}
			outcomes, err := folder.Outcomes(warn)
			if err != nil {
				return nil, err
			}
			for _, o := range outcomes {
				if o.Done() && o.Error == "" {
					key := e.Name + " " + experiment.GroupKey(o.Trial.Config)
					r.groups[key] = append(r.groups[key], o)
				}
			}
		}
	}
	if len(r.groups) == 0 {
		return nil, nil
	}
	return r, nil
}

// Compare sets Agreement of the results, for each group that there are earlier results
// of. Its error says why there is nothing to compare: other images, or other
// configurations.
func (r *Earlier) Compare(results []Result) error {
	found := false
	for i := range results {
		here := map[string][]experiment.Outcome{}
		for _, t := range results[i].Trained {
			for _, o := range t.Outcomes {
				if name := groupName(t.Stage, o.Trial.Group); o.Done() && o.Error == "" {
					here[name] = append(here[name], o)
				}
			}
		}
		for _, g := range results[i].Groups {
			name := groupName(g.Stage, g.Name)
			there := r.groups[results[i].Experiment+" "+experiment.GroupKey(g.Config)]
			if len(there) == 0 || len(here[name]) == 0 {
				continue
			}
			if a, b := here[name][0].Dataset, there[0].Dataset; a != b {
				return fmt.Errorf("%s has results on other images (%s %.12s, here %s %.12s): not compared", r.Dir, b.Name, b.Digest, a.Name, a.Digest)
			}
			results[i].Agreement = append(results[i].Agreement, agreement(name, here[name], there))
			found = true
		}
	}
	if !found {
		return fmt.Errorf("no group here has the configuration of one in %s: not compared", r.Dir)
	}
	return nil
}
