package report

import (
	"fmt"
	"strings"

	"bnlab/model"
	"bnlab/train/experiment"
)

// publishedGradients are the largest relative errors given by the study, over all
// layers of its 2- and 3-layer networks with batch normalisation.
var publishedGradients = []struct {
	tensor    string
	published string
	remark    string
}{
	{"W", "2.2e-9", ""},
	{biasUnder, "2.2e-5", "Its true gradient is 0, so this is rounding divided by rounding, and the difference decides."},
	{"b", "4.9e-10", ""},
	{"gamma", "1.8e-9", ""},
	{"beta", "2.1e-9", ""},
}

// biasUnder is the bias of a layer with batch normalisation, which cancels it.
const biasUnder = "b under BN"

// tensorName names what a check is of.
func tensorName(n experiment.NetCheck, c model.TensorCheck) string {
	if c.Name == model.Bias && n.BN && c.Layer < n.Depth {
		return biasUnder
	}
	return string(c.Name)
}

// gradientTable is experiment 1: the largest errors of each kind of tensor over the
// layers of all networks, with the published ones.
func gradientTable(r *experiment.GradientRecord) Table {
	t := Table{
		Title:  "Gradient check",
		Align:  "lrrrrrr",
		Header: []string{"tensor", "checked", "of", "relative error", "published", "max |difference|", "holds"},
	}
	for _, row := range publishedGradients {
		sum, ok := model.TensorCheck{}, true
		for _, n := range r.Nets {
			for _, c := range n.Tensors {
				if tensorName(n, c) == row.tensor {
					sum.Checked, sum.Of, ok = sum.Checked+c.Checked, sum.Of+c.Of, ok && c.OK
					sum.RelErr, sum.MaxAbsDiff = max(sum.RelErr, c.RelErr), max(sum.MaxAbsDiff, c.MaxAbsDiff)
				}
			}
		}
		if sum.Of == 0 {
			continue
		}
		published := "–"
		if r.Dataset.IsOriginal() {
			published = row.published + t.mark(row.remark)
		}
		t.Rows = append(t.Rows, []string{row.tensor, fmt.Sprint(sum.Checked), fmt.Sprint(sum.Of), scientific(sum.RelErr),
			published, scientific(sum.MaxAbsDiff), map[bool]string{true: "yes", false: "no"}[ok]})
	}
	var nets []string
	for _, n := range r.Nets {
		nets = append(nets, networkName(n.Depth, n.BN))
	}
	t.Note = fmt.Sprintf("Largest over all layers: %s. Analytic gradients against central differences in float64; each tensor must be "+
		"within 1e-6 relative or 1.5e-8 absolute.", strings.Join(nets, ", "))
	if !r.Dataset.IsOriginal() {
		t.Note += " " + r.Dataset.Title() + "."
	}
	return t
}

// scientific writes an error as the study does.
func scientific(v float64) string { return strings.Replace(fmt.Sprintf("%.1e", v), "e-0", "e-", 1) }
