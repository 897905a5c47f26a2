package results

import (
	"fmt"
	"io"
	"math"
	"slices"

	"bnlab/blas"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Summary is a summary as it is printed.
type Summary struct{ experiment.Summary }

// Table writes one row per group of the experiment, with the study's figure.
func (s Summary) Table(w io.Writer) {
	title := s.Dataset.Title()
	fmt.Fprintf(w, "%s, %s\n", title, s.Properties.Backend())
	header := []string{"group", "n", "test accuracy", "published", "val accuracy", "train loss", "val loss", "s/trial"}
	misses := []string{"published", "s/trial", "train loss", "val loss", "val accuracy"}
	var rows [][]string
	for _, g := range s.Groups {
		published := "–"
		if g.Published != nil && g.Published.TestAcc != nil {
			published = screen.Percent(*g.Published.TestAcc)
			misses = slices.DeleteFunc(misses, func(name string) bool { return name == "published" })
		}
		name := g.Name
		if g.Stage != "" {
			name = g.Stage + " " + name
		}
		rows = append(rows, []string{
			name, countText(g), g.TestAcc.Percent(), published, g.ValAcc.Percent(),
			g.TrainLoss.Number(), g.ValLoss.Number(), fmt.Sprintf("%.1f", g.Seconds),
		})
	}
	screen.Narrow(w, screen.Width(w), header, rows, misses...)
	if b := s.Best; b != nil {
		fmt.Fprintf(w, "best λ %g (10^%.3f) by validation accuracy, %s", b.Lambda, math.Log10(b.Lambda), screen.Percent(b.ValAcc))
		if b.TestAcc != nil {
			fmt.Fprintf(w, "; test accuracy %s", screen.Percent(*b.TestAcc))
		}
		fmt.Fprintln(w)
	}
	if len(s.Diverged) > 0 {
		fmt.Fprintln(w, screen.Colourise(w, screen.Bad, "DIVERGED:"), message.List(s.Diverged))
		fmt.Fprintln(w, "After a divergence:", screen.Advice(s.Experiment, s.Causes...))
	}
	if len(s.Failed) > 0 {
		fmt.Fprintln(w, screen.Colourise(w, screen.Bad, "FAILED:"), message.List(s.Failed))
	}
	dataset.WarnOther(w, "These numbers are", "of", s.Dataset)
}

// countText says how many trials there are, and what happened to those without a
// result.
func countText(g experiment.Group) string {
	n := fmt.Sprint(g.N)
	if g.Diverged > 0 {
		n += fmt.Sprintf(" +%d diverged", g.Diverged)
	}
	if g.Failed > 0 {
		n += fmt.Sprintf(" +%d failed", g.Failed)
	}
	return n
}

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

// Table writes one line, and any problems.
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
