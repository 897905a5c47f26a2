package answer

import (
	"reflect"
	"strings"

	"bnlab/train"
	"bnlab/train/contrast"
	"bnlab/train/experiment"
	"bnlab/train/verdict"
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

// groupName names a group of a stage.
func groupName(stage, group string) string { return strings.TrimSpace(stage + " " + group) }

// agreement compares the trials of a group.
func agreement(group string, here, there []experiment.Outcome) Agreement {
	a := Agreement{Group: group, Metric: "test-acc"}
	if here[0].Trial.Config.NoTest {
		a.Metric = "val-acc"
	}
	x, y := verdict.Numbers(here, a.Metric), verdict.Numbers(there, a.Metric)
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
