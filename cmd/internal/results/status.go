package results

import (
	"fmt"
	"io"

	"bnlab/blas"
	"bnlab/cmd/internal/screen"
	"bnlab/train"
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
	Done       int                   `json:"done"` // with a result, be it that they diverged
	Diverged   []string              `json:"diverged"`
	Failed     []string              `json:"failed"`
	Missing    []string              `json:"missing"`

	causes []train.Cause // of the divergences
}

// NewStatus returns the status of a run folder with that summary.
func NewStatus(f *experiment.Folder, s experiment.Summary) Status {
	return Status{
		Dir: f.Dir, Experiment: s.Experiment, Dataset: s.Dataset, Backend: s.Backend, Properties: s.Properties, Warnings: s.Warnings,
		Trials: len(f.Plan.Trials), Units: len(f.Plan.Units()), Done: s.Trials - len(s.Failed),
		Diverged: s.Diverged, Failed: s.Failed, Missing: s.Missing, causes: s.Causes,
	}
}

// Table writes a line, and what has gone wrong.
func (r Status) Table(w io.Writer) {
	fmt.Fprintf(w, "%s: %s on %s, %s in %s: %d done, %d missing\n",
		message.Text(r.Dir), r.Experiment, r.Dataset.Name, message.Count(r.Trials, "trial"), message.Count(r.Units, "unit"), r.Done, len(r.Missing))
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
