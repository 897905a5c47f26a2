package results

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
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
		if g.N+g.Diverged+g.Failed == 0 {
			continue // paused
		}
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
	s.pausedTable(w)
	dataset.WarnOther(w, "These numbers are", "of", s.Dataset)
}

// pausedTable writes a row for each group that the budget has stopped, apart from those
// that are trained.
func (s Summary) pausedTable(w io.Writer) {
	var rows [][]string
	for _, g := range s.Groups {
		if p := g.Paused; p != nil {
			name := strings.TrimSpace(g.Stage + " " + g.Name)
			rows = append(rows, []string{name, fmt.Sprint(p.N), fmt.Sprintf("after %s", message.Count(p.Epochs, "epoch")), p.ValAcc.Percent()})
		}
	}
	if len(rows) > 0 {
		fmt.Fprintln(w, "\npaused by the budget; accuracies there are not those of trained networks")
		screen.Narrow(w, screen.Width(w), []string{"group", "n", "paused", "val accuracy there"}, rows)
	}
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
