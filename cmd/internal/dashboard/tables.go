package dashboard

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"bnlab/train"
	"bnlab/train/experiment"
)

// trainingTable has a row for each unit in training.
func trainingTable(units []experiment.UnitInTraining) table {
	t := table{Caption: "In training", Header: []string{"trial", "done", "validation", "training loss", "left", "step", "steps/s", "process"}}
	for _, u := range units {
		u.Steps = u.Reached()
		name := u.Trial
		if u.Trials > 1 {
			name += fmt.Sprintf(" and %d more", u.Trials-1)
		}
		rate, left := "–", "–"
		if u.StepsPerSecond > 0 {
			rate, left = strconv.FormatFloat(u.StepsPerSecond, 'f', 0, 64), duration(u.Claim.Left())
		}
		if u.Stalled {
			left = "stalled"
		}
		valAcc := between(u.Curves, func(p train.Point) float64 { return 100 * p.ValAcc }, "%.1f", " %")
		loss := between(u.Curves, func(p train.Point) float64 { return p.TrainLoss }, "%.3f", "")
		t.Rows = append(t.Rows, row{
			Cells: []string{name, fmt.Sprintf("%.0f %%", 100*u.Share()), valAcc, loss, left, fmt.Sprintf("%d of %d", u.Steps, u.Of), rate, u.Holder()},
			Share: u.Share(), Alert: u.Stalled,
		})
	}
	return t.cut()
}

// between says between which values the last points of curves are.
func between(curves []experiment.TrialCurve, of func(train.Point) float64, format, unit string) string {
	var values []float64
	for _, c := range curves {
		if n := len(c.Points); n > 0 {
			values = append(values, of(c.Points[n-1]))
		}
	}
	if values == nil {
		return "–"
	}
	low, high := fmt.Sprintf(format, slices.Min(values)), fmt.Sprintf(format, slices.Max(values))
	if low == high {
		return low + unit
	}
	return low + " to " + high + unit
}

// groupTable has a row for each group with a result, the best first if there are many.
func groupTable(s experiment.Summary) table {
	t := table{Caption: "Results so far, mean ± std", Header: []string{"group", "trials", "test accuracy", "validation accuracy", "training loss", "validation loss"}}
	groups := slices.DeleteFunc(slices.Clone(s.Groups), func(g experiment.Group) bool { return g.N+g.Diverged+g.Failed == 0 })
	if len(groups) > mostRows {
		t.Caption += ", the best first"
		slices.SortStableFunc(groups, func(a, b experiment.Group) int { return cmp.Compare(b.ValAcc.Mean, a.ValAcc.Mean) })
	}
	for _, g := range groups {
		n := fmt.Sprint(g.N)
		if g.Diverged > 0 {
			n += fmt.Sprintf(" +%d diverged", g.Diverged)
		}
		if g.Failed > 0 {
			n += fmt.Sprintf(" +%d failed", g.Failed)
		}
		t.Rows = append(t.Rows, row{
			Cells: []string{g.Name, n, g.TestAcc.Percent(), g.ValAcc.Percent(), g.TrainLoss.Number(), g.ValLoss.Number()}, Share: -1, Alert: g.Failed > 0,
		})
	}
	return t.cut()
}
