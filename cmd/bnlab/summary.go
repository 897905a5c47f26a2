package main

import (
	"fmt"
	"io"

	"bnlab/train/experiment"
)

// printSummary writes a table of the groups of an experiment, the study's figure
// beside each.
func printSummary(w io.Writer, title string, s experiment.Summary) {
	fmt.Fprintf(w, "%s, %s %s (%s)\n", title, s.Backend.Name, s.Backend.Version, s.Backend.Core)
	t := newTable(w, 2, "group", "n", "test accuracy", "published", "val accuracy", "train loss", "val loss", "s/trial")
	for _, g := range s.Groups {
		published := "–"
		if g.Published != nil && g.Published.TestAcc != nil {
			published = percent(*g.Published.TestAcc)
		}
		t.AppendRow([]any{
			g.Name, countText(g), percentSpread(g.TestAcc), published, percentSpread(g.ValAcc),
			numberSpread(g.TrainLoss), numberSpread(g.ValLoss), fmt.Sprintf("%.1f", g.Seconds),
		})
	}
	t.Render()
	warnSynthetic(w, s.Dataset.Name)
}

// countText says how many trials there are, and what became of those without a
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
