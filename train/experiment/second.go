package experiment

import (
	"fmt"
	"strings"

	"bnlab/train"
	"bnlab/train/checkpoint"
)

// SecondError reports that another process finished a trial first, so that its record
// stays, and whether this one has the same result.
type SecondError struct {
	Trial       string
	Equal       bool     // every number but the times is equal
	Differences []string // between the two, such as `kernel Haswell, here SkylakeX`
}

// Error returns the whole as one line.
func (e *SecondError) Error() string {
	text := e.Trial + ": another process finished first, and its record is kept; the result here is "
	if e.Equal {
		text += "equal"
	} else {
		text += "different"
	}
	if len(e.Differences) > 0 {
		text += ": " + strings.Join(e.Differences, ", ")
	}
	return text
}

// compareOutcomes compares the outcome of this process with that on disk. It returns
// nil if that is its own.
func compareOutcomes(there, here Outcome) *SecondError {
	if checkpoint.Difference(there, here) == "" {
		return nil
	}
	e := &SecondError{Trial: here.Trial.ID}
	for _, p := range properties {
		if a, b := p.of(there, 0), p.of(here, 0); a != b && !p.harmless {
			e.Differences = append(e.Differences, fmt.Sprintf("%s %s, here %s", p.name, a, b))
		}
	}
	metrics := metricsDifference(there, here)
	if e.Equal = metrics == ""; !e.Equal {
		e.Differences = append(e.Differences, metrics)
	}
	return e
}

// metricsDifference names the first number in which two outcomes differ, final metrics
// first, ignoring times.
func metricsDifference(there, here Outcome) string {
	if there.Error != here.Error {
		reason, _, _ := strings.Cut(here.Error, "\n")
		return "here it failed: " + reason
	}
	for _, r := range []*train.Result{&there.Result, &here.Result} {
		r.TrainSeconds, r.EvalSeconds = 0, 0
	}
	if d := checkpoint.Difference(there.Result, here.Result); d != "" {
		return d
	}
	at := 0
	for at < min(len(there.Curve), len(here.Curve)) && there.Curve[at] == here.Curve[at] {
		at++
	}
	if at == max(len(there.Curve), len(here.Curve)) {
		return ""
	}
	return fmt.Sprintf("the curve, from evaluation %d on", at+1)
}
