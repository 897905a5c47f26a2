package report

import (
	"fmt"
	"strings"

	"bnlab/train/experiment"
	"bnlab/train/message"
)

// warnings returns one line for everything that weakens the figures: another data set,
// records that differ in what should be the same, a gradient check with a different
// origin, trials without a result.
func warnings(runs []*Run, gradients *experiment.GradientRecord) []string {
	ws := dataWarnings(runs)
	var all experiment.Properties
	for _, r := range runs {
		all = all.Join(r.Summary.Properties)
	}
	ws = append(ws, all.Differences()...)
	ws = append(ws, all.Bits()...)
	if gradients != nil {
		ws = append(ws, all.Unlike("The gradient check", gradients.Origin)...)
	}
	for _, r := range runs {
		if kinds := len(kindsOf(r.Summary.Groups)); kinds > maxCurveCharts && !r.searched() {
			ws = append(ws, fmt.Sprintf("%s: loss curves show only the first %d of %d kinds of networks; the tables have all.", r.Name, maxCurveCharts, kinds))
		}
		for _, line := range r.pool.Unequal() {
			ws = append(ws, r.Name+": "+line)
		}
		s := r.Summary
		ws = append(ws, named(r, "paused", s.Paused, " by the budget, not included")...)
		ws = append(ws, named(r, "missing", s.Missing, ": the run is unfinished")...)
		ws = append(ws, named(r, "failed", s.Failed, ", excluded from the means")...)
		ws = append(ws, named(r, "diverged", s.Diverged, ", excluded from the means; the cause is "+causesOf(s))...)
		for i, d := range r.Damaged {
			if i == message.MostListed {
				ws = append(ws, fmt.Sprintf("%s: another %s damaged and not used.", r.Name, message.Count(len(r.Damaged)-i, "record")))
				break
			}
			ws = append(ws, fmt.Sprintf("%s: the record of %s is damaged and not used: %s.", r.Name, d.Trial, d.Reason))
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
		ws = append(ws, fmt.Sprintf("The data of %s are not the published CIFAR-10 (%s): the figures say nothing about it.", message.List(names[title]), title))
	}
	return ws
}

// causesOf says why trials diverged.
func causesOf(s experiment.Summary) string {
	var words []string
	for _, c := range s.Causes {
		words = append(words, string(c))
	}
	return strings.Join(words, "; or ")
}

func named(r *Run, what string, trials []string, effect string) []string {
	if len(trials) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d of %s %s%s: %s.",
		r.Name, len(trials), message.Count(len(r.Plan.Trials), "trial"), what, effect, message.List(trials))}
}
