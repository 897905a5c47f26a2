package study

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"bnlab/train"
	"bnlab/train/contrast"
	"bnlab/train/experiment"
)

// Agreement says whether the results of a group agree with earlier ones of the same
// configuration, perhaps from another machine.
type Agreement struct {
	Group   string      `json:"group"`
	Metric  string      `json:"metric"`
	N       int         `json:"n"`         // trials here
	Earlier int         `json:"n_earlier"` // trials there
	Diff    *float64    `json:"diff"`      // mean here less the mean there; null without both
	CI      *[2]float64 `json:"ci"`        // 95 % confidence interval by Welch's t; null for less than two trials on either side
	Pairs   int         `json:"pairs"`     // trials on both sides, of the same seed, engine and kernel, which therefore have equal bits
	Unequal []string    `json:"unequal"`   // those of them that have not
	Equal   bool        `json:"equal"`     // all trials here are such, and have equal bits
	Verdict Agrees      `json:"verdict"`
}

// Agrees says whether two sets of results agree.
type Agrees string

// Results agree if they are equal to the bit, or the confidence interval holds 0.
const (
	Agree      Agrees = "agrees"
	Differ     Agrees = "differs"
	CannotTell Agrees = "cannot tell"
)

// Earlier are the results of a study in another run folder.
type Earlier struct {
	Dir    string
	groups map[string][]experiment.Outcome // by configuration but for the seed
}

// Earlier returns the results of the study's experiments in a run folder, nil if there
// are none. It passes damaged records, which do not count, to warn.
func (s *Study) Earlier(dir string, warn func(error)) (*Earlier, error) {
	r := &Earlier{Dir: dir, groups: map[string][]experiment.Outcome{}}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		for _, stage := range e.Stages() {
			folder, err := experiment.Open(filepath.Join(dir, s.folder(e, stage)))
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

// groupName names a group of a stage.
func groupName(stage, group string) string { return strings.TrimSpace(stage + " " + group) }

// agreement compares the trials of a group.
func agreement(group string, here, there []experiment.Outcome) Agreement {
	a := Agreement{Group: group, Metric: "test-acc"}
	if here[0].Trial.Config.NoTest {
		a.Metric = "val-acc"
	}
	x, y := numbers(here, a.Metric), numbers(there, a.Metric)
	a.N, a.Earlier = len(x), len(y)
	a.pair(here, there)
	if a.N > 1 && a.Earlier > 1 {
		diff, low, high := contrast.Welch(x, y)
		a.Diff, a.CI = &diff, &[2]float64{low, high}
	} else if a.N > 0 && a.Earlier > 0 {
		diff := experiment.SpreadOf(x).Mean - experiment.SpreadOf(y).Mean
		a.Diff = &diff
	}
	a.Equal = a.Pairs == len(here) && len(a.Unequal) == 0
	switch {
	case a.Equal:
		a.Verdict = Agree
	case a.CI == nil:
		a.Verdict = CannotTell
	case a.CI[0] <= 0 && a.CI[1] >= 0:
		a.Verdict = Agree
	default:
		a.Verdict = Differ
	}
	return a
}

// numbers returns the metric of the trials that have it.
func numbers(outcomes []experiment.Outcome, metric string) (values []float64) {
	for _, o := range outcomes {
		if v, ok := (result{o.Trial, o}).number(metrics[metric]); ok {
			values = append(values, v)
		}
	}
	return values
}

// pair compares the numbers of trials whose bits must be equal.
func (a *Agreement) pair(here, there []experiment.Outcome) {
	bySeed := map[uint64]experiment.Outcome{}
	for _, o := range there {
		bySeed[o.Trial.Config.Seed] = o
	}
	for _, o := range here {
		other, ok := bySeed[o.Trial.Config.Seed]
		if !ok || o.BitsFollow != "" || other.BitsFollow != "" || engine(o) != engine(other) {
			continue
		}
		a.Pairs++
		for _, r := range []*train.Result{&o.Result, &other.Result} {
			r.TrainSeconds, r.EvalSeconds = 0, 0
		}
		if !reflect.DeepEqual(o.Result, other.Result) {
			a.Unequal = append(a.Unequal, o.Trial.ID)
		}
	}
}

// engine identifies what the bits of a trial follow from beside its configuration.
func engine(o experiment.Outcome) [3]string {
	return [3]string{o.Backend.Name, o.Backend.Version, o.Backend.Core}
}
