package results

import (
	"fmt"
	"io"

	"bnlab/cmd/internal/screen"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// PrintNetCheck writes a row for each tensor of the network of c, checked on images of
// the data set of that title.
func PrintNetCheck(w io.Writer, title string, c train.Config, check experiment.NetCheck) {
	name := fmt.Sprintf("%d-layer network", check.Depth)
	if check.BN {
		name += " with batch normalisation"
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
	if tiny {
		fmt.Fprintf(w, "* by the absolute limit of %.1e: the gradient is nearly zero, as for a bias before batch normalisation\n", model.MaxAbsDiff)
	}
	fmt.Fprintln(w)
}
