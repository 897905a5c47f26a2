package report

import (
	"fmt"
	"strings"

	"bnlab/train/experiment"
)

// warnings returns one line for everything that weakens the figures: another
// data set, records that differ in what should be the same, trials without a
// result.
func warnings(runs []*Run) []string {
	ws := dataWarnings(runs)
	for _, property := range properties {
		if values := distinct(runs, property.of); len(values) > 1 {
			ws = append(ws, fmt.Sprintf("The records differ in %s: %s.", property.name, strings.Join(values, ", ")))
		}
	}
	for _, r := range runs {
		if kinds := len(lossKinds(r.Summary.Groups)); kinds > maxLossCharts && !isLambda(r) {
			ws = append(ws, fmt.Sprintf("%s: there are loss curves of the first %d of %d kinds of networks alone; the tables have all.", r.Name, maxLossCharts, kinds))
		}
		s := r.Summary
		ws = append(ws, named(r, "missing", s.Missing, ", they take no part")...)
		ws = append(ws, named(r, "failed", s.Failed, ", they take no part in the means")...)
		ws = append(ws, named(r, "diverged", s.Diverged, ", they take no part in the means")...)
		for _, d := range r.Damaged {
			ws = append(ws, fmt.Sprintf("%s: the record of %s is damaged and takes no part: %s.", r.Name, d.Trial, d.Reason))
		}
	}
	return ws
}

// dataWarnings names the runs of each data set that is not the study's.
func dataWarnings(runs []*Run) (ws []string) {
	titles, names := []string(nil), map[string][]string{}
	for _, r := range runs {
		if title := r.Plan.Dataset.Title(); r.otherData() {
			if names[title] == nil {
				titles = append(titles, title)
			}
			names[title] = append(names[title], r.Name)
		}
	}
	for _, title := range titles {
		ws = append(ws, fmt.Sprintf("The data of %s are not CIFAR-10 as published (%s): the figures say nothing about the published ones.", strings.Join(names[title], ", "), title))
	}
	return ws
}

// property is something of which a record tells.
type property struct {
	name string
	of   func(experiment.Record) string
}

// properties are what all records of a study should have in common.
var properties = []property{
	{"data set", func(r experiment.Record) string { return fmt.Sprintf("%s %.12s", r.Dataset.Name, r.Dataset.Digest) }},
	{"backend", func(r experiment.Record) string { return r.Backend.Name + " " + r.Backend.Version }},
	{"core", func(r experiment.Record) string { return r.Backend.Core }},
	{"BLAS threads", func(r experiment.Record) string { return fmt.Sprint(r.Backend.Threads) }},
	{"program version", func(r experiment.Record) string { return r.Program }},
	{"precision", func(r experiment.Record) string { return string(r.Trial.Config.Precision) }},
}

// distinct returns the values that a property has in the records, in the order
// in which they turn up.
func distinct[V comparable](runs []*Run, of func(experiment.Record) V) []V {
	var values []V
	seen := map[V]bool{}
	for _, r := range runs {
		for _, record := range r.Records {
			if v := of(record); !seen[v] {
				seen[v] = true
				values = append(values, v)
			}
		}
	}
	return values
}

func named(r *Run, what string, trials []string, effect string) []string {
	if len(trials) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d of %d trials %s%s: %s.",
		r.Name, len(trials), len(r.Plan.Trials), what, effect, strings.Join(trials, ", "))}
}
