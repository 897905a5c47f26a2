package results

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"

	"bnlab/blas"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Training is what train prints.
type Training struct {
	Config  train.Config       `json:"config"`
	Dataset experiment.Dataset `json:"dataset"`
	Backend blas.Backend       `json:"backend"`
	train.Result
}

// Table writes its last evaluation.
func (r Training) Table(w io.Writer) {
	fmt.Fprintf(w, "%s, %s %s (%s)%s, hidden %s\n", r.Dataset.Title(), r.Backend.Name, r.Backend.Version, r.Backend.Core, r.Config.Precision.Mark(), screen.Ints(r.Config.Hidden))
	if r.Diverged {
		fmt.Fprintf(w, "%s at step %d: a loss is no longer finite; %s\n",
			screen.Colourise(w, screen.Bad, "DIVERGED"), r.Steps, screen.Advice("", r.Config.WhyDiverged(r.Steps)))
		return
	}
	f := r.Final
	t := screen.Table(w, 2, "set", "loss", "cost", "accuracy")
	row := func(set string, loss, cost, acc float64) {
		t.AppendRow([]any{set, fmt.Sprintf("%.4f", loss), fmt.Sprintf("%.4f", cost), screen.Percent(acc)})
	}
	row("training", f.TrainLoss, f.TrainCost, f.TrainAcc)
	row("validation", f.ValLoss, f.ValCost, f.ValAcc)
	row("test", f.TestLoss, f.TestCost, f.TestAcc)
	for _, kind := range train.Kinds {
		if m := f.Of(kind); m != nil {
			other := func(set string, loss, acc float64) {
				t.AppendRow([]any{fmt.Sprintf("%s, %s statistics", set, kind), fmt.Sprintf("%.4f", loss), "", screen.Percent(acc)})
			}
			other("training", m.TrainLoss, m.TrainAcc)
			other("validation", m.ValLoss, m.ValAcc)
			other("test", m.TestLoss, m.TestAcc)
		}
	}
	t.Render()
	if n := len(r.Landscape); n > 0 {
		low, high := math.Inf(1), 0.0
		for _, p := range r.Landscape {
			low, high = min(low, float64(p.Smoothness)), max(high, float64(p.Smoothness))
		}
		fmt.Fprintf(w, "landscape: %s, effective smoothness from %.3g to %.3g\n", message.Count(n, "probe"), low, high)
	}
	if r.TrainSeconds > 0 { // else this run has trained nothing
		us := 1e6 * r.TrainSeconds / float64(r.Steps)
		fmt.Fprintf(w, "%d steps in %.1f s (%.0f µs each), evaluation %.1f s\n", r.Steps, r.TrainSeconds, us, r.EvalSeconds)
	}
	dataset.WarnOther(w, "These numbers are", "of", r.Dataset)
}

// PrintNetCheck writes one row per tensor of the network of c, checked on images of the
// data set of that title.
func PrintNetCheck(w io.Writer, title string, c train.Config, check experiment.NetCheck) {
	name := fmt.Sprintf("%d-layer network", check.Depth)
	if check.BN {
		name += " with batch normalisation"
	}
	for _, method := range check.Methods {
		name += ", " + document.Hyphened(method)
	}
	fmt.Fprintf(w, "%s: %s of %s, hidden %s\n", name, message.Count(c.Batch, "image"), title, screen.Ints(c.Hidden))
	t := screen.Table(w, 1, "layer", "tensor", "checked", "of", "kinks", "relative error", "max |difference|", "")
	tiny := false
	for _, c := range check.Tensors {
		verdict := screen.Colourise(w, screen.Good, "ok")
		if c.OK && c.RelErr > model.MaxRelErr {
			tiny, verdict = true, "* "+verdict
		}
		if !c.OK {
			verdict = screen.Colourise(w, screen.Bad, "FAIL")
		}
		t.AppendRow([]any{c.Layer, c.Name, c.Checked, c.Of, c.Kinks,
			fmt.Sprintf("%.1e", c.RelErr), fmt.Sprintf("%.1e", c.MaxAbsDiff), verdict})
	}
	t.Render()
	if c.Frozen != model.NoneFrozen {
		fmt.Fprintf(w, "left out: %s, frozen, of which no gradient is computed\n", c.Frozen)
	}
	if tiny {
		fmt.Fprintf(w, "* by the absolute limit of %.1e: the gradient is nearly zero, as for a bias before batch normalisation\n", model.MaxAbsDiff)
	}
	fmt.Fprintln(w)
}

// PrintMethodChecks writes a row for each network: what is on beside the default, and the
// largest error of its tensors, of those near 0 by the absolute limit.
func PrintMethodChecks(w io.Writer, g experiment.Gradients) {
	t := screen.Table(w, 1, "network", "tensors", "checked", "kinks", "relative error", "max |difference|", "")
	for _, n := range g.Nets {
		checked, kinks, relative, absolute := 0, 0, 0.0, 0.0
		for _, c := range n.Tensors {
			checked, kinks = checked+c.Checked, kinks+c.Kinks
			if !c.OK || c.RelErr <= model.MaxRelErr {
				relative = max(relative, c.RelErr)
			}
			absolute = max(absolute, c.MaxAbsDiff)
		}
		verdict := screen.Colourise(w, screen.Good, "ok")
		if !n.OK {
			verdict = screen.Colourise(w, screen.Bad, "FAIL")
		}
		t.AppendRow([]any{networkName(n), len(n.Tensors), checked, kinks, fmt.Sprintf("%.1e", relative), fmt.Sprintf("%.1e", absolute), verdict})
	}
	t.Render()
}

// networkName says what is on in a network.
func networkName(n experiment.NetCheck) string {
	var on []string
	if n.BN {
		on = append(on, "bn")
	}
	for _, method := range n.Methods {
		on = append(on, document.Hyphened(method))
	}
	return cmp.Or(strings.Join(on, ", "), "plain")
}
