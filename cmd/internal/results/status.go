package results

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"bnlab/blas"
	"bnlab/cmd/internal/screen"
	"bnlab/train"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Status is what sweep status prints.
type Status struct {
	Dir        string                `json:"dir"`
	Experiment string                `json:"experiment"`
	Dataset    experiment.Dataset    `json:"dataset"`
	Backend    *blas.Backend         `json:"backend"`    // of the first record; nil without one
	Properties experiment.Properties `json:"properties"` // of the records
	Warnings   []string              `json:"warnings"`   // properties that differ
	Trials     int                   `json:"trials"`
	Units      int                   `json:"units"`
	Done       int                   `json:"done"` // with a result, including diverged ones
	Diverged   []string              `json:"diverged"`
	Failed     []string              `json:"failed"`
	Paused     []string              `json:"paused"`  // stopped by a budget
	Missing    []string              `json:"missing"` // neither done nor paused
	Claims     []experiment.Claim    `json:"claims"`  // units in training, of which a trial is missing

	causes []train.Cause // of the divergences
}

// NewStatus returns the status of a plan.
func NewStatus(of answer.Status) Status {
	f, s := of.Folder, of.Summary
	return Status{
		Dir: f.Dir, Experiment: s.Experiment, Dataset: s.Dataset, Backend: s.Backend, Properties: s.Properties, Warnings: s.Warnings,
		Trials: len(f.Plan.Trials), Units: len(f.Plan.Units()), Done: s.Trials - len(s.Failed),
		Diverged: s.Diverged, Failed: s.Failed, Paused: s.Paused, Missing: s.Missing, Claims: of.Claims, causes: s.Causes,
	}
}

// Table writes one line, what is in training, and any problems.
func (r Status) Table(w io.Writer) {
	paused := ""
	if n := len(r.Paused); n > 0 {
		paused = fmt.Sprintf("%d paused, ", n)
	}
	fmt.Fprintf(w, "%s: %s on %s, %s in %s: %d done, %s%d missing\n",
		message.Text(r.Dir), r.Experiment, r.Dataset.Name, message.Count(r.Trials, "trial"), message.Count(r.Units, "unit"), r.Done, paused, len(r.Missing))
	if len(r.Claims) > 0 {
		r.training(w)
	}
	for _, list := range []struct {
		what string
		ids  []string
	}{{"diverged", r.Diverged}, {"failed", r.Failed}} {
		if len(list.ids) > 0 {
			fmt.Fprintf(w, "%s: %s\n", list.what, message.List(list.ids))
		}
	}
	if len(r.causes) > 0 {
		fmt.Fprintln(w, "after a divergence:", screen.Advice(r.Experiment, r.causes...))
	}
}

// training writes a row for each unit in training.
func (r Status) training(w io.Writer) {
	header := []string{"in training", "host", "process", "since", "step", "of", "done", "steps/s", "left"}
	misses := []string{"of", "since", "steps/s", "process", "step", "left", "host"}
	var rows [][]string
	for _, c := range r.Claims {
		name := c.Trial
		if c.Trials > 1 {
			name += fmt.Sprintf(" and %d more", c.Trials-1)
		}
		rows = append(rows, []string{
			name, cmp.Or(c.Host, "?"), orUnknown(c.Process > 0, c.Process), orUnknown(!c.Since.IsZero(), c.Since.Local().Format("Jan _2 15:04:05")),
			fmt.Sprint(c.Steps), fmt.Sprint(c.Of), fmt.Sprintf("%.0f %%", 100*c.Share()),
			orUnknown(c.StepsPerSecond > 0, fmt.Sprintf("%.0f", c.StepsPerSecond)), left(c),
		})
	}
	screen.Narrow(w, screen.Width(w), header, rows, misses...)
}

// left says when a unit in training will be done.
func left(c experiment.Claim) string {
	if c.Stalled {
		return "stalled"
	}
	return orUnknown(c.StepsPerSecond > 0, c.Left().Round(time.Second))
}

// orUnknown writes a value, or a question mark if it is not known.
func orUnknown(known bool, v any) string {
	if !known {
		return "?"
	}
	return fmt.Sprint(v)
}

// StudyStatus is what sweep status prints of a study.
type StudyStatus struct {
	Dir     string   `json:"dir"`
	Study   string   `json:"study"`   // its title
	Plans   []Status `json:"plans"`   // that exist
	Waiting []string `json:"waiting"` // folders of stages whose plan follows from results that are not there
}

// Table writes a line for each plan.
func (s StudyStatus) Table(w io.Writer) {
	for _, p := range s.Plans {
		p.Table(w)
	}
	for _, dir := range s.Waiting {
		fmt.Fprintf(w, "%s: not planned yet: it follows from the stage before\n", message.Text(dir))
	}
}
