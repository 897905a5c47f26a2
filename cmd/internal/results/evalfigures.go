package results

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/cifar"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/message"
	"bnlab/train/report/figure"
)

// CheckFigures returns an error where the place of --figure, --mistakes or --logits does
// not say what to write, so that this shows before the work. What has no extension, and
// is not a file, takes the first kind.
func CheckFigures(out shell.Outputs) error {
	for _, f := range []struct {
		flag string
		kind []string
	}{{"figure", []string{".svg", ".png"}}, {"mistakes", []string{".png"}}, {"logits", []string{".npy"}}} {
		o := out[f.flag]
		kind := strings.ToLower(filepath.Ext(o.Path))
		if o.Path == "" || o.Stream() && kind == "" {
			continue
		}
		if !slices.Contains(f.kind, kind) {
			return shell.Usagef("--%s %s: extension %q; give a %s file", f.flag, o.Path, filepath.Ext(o.Path), strings.Join(f.kind, " or "))
		}
	}
	return nil
}

// Draw draws what the options figure and mistakes ask for, of images of set.
func (r *Eval) Draw(out shell.Outputs, set cifar.Set) error {
	about := fmt.Sprintf("%s, %d %s images of %s", message.Text(filepath.Base(r.Model)), r.Images, r.Set, r.Dataset.Title())
	if path := out["figure"].Path; path != "" {
		c := figure.Confusion{
			Title: "Confusion matrix", Subtitle: fmt.Sprintf("%s: %s right", about, screen.Percent(r.Accuracy)),
			Classes: r.Classes, Counts: r.Confusion,
		}
		draw := c.SVG
		if strings.EqualFold(filepath.Ext(path), ".png") {
			draw = c.PNG
		}
		if err := drawTo(out, "figure", draw); err != nil {
			return err
		}
	}
	if out["mistakes"].Path != "" {
		return drawTo(out, "mistakes", galleryOf(r, about, set).PNG)
	}
	return nil
}

// galleryOf shows the worst mistakes.
func galleryOf(r *Eval, about string, set cifar.Set) figure.Gallery {
	g := figure.Gallery{Title: "The most confident mistakes", Subtitle: about + ": predicted class and its probability, true class below"}
	for _, m := range r.Mistakes {
		g.Tiles = append(g.Tiles, figure.Tile{
			Picture: set.Picture(m.Image),
			First:   fmt.Sprintf("%s %.0f %%", m.Predicted, 100*m.Probability),
			Second:  "is " + m.Class,
		})
	}
	return g
}

// drawTo writes what the flag asks for to its place.
func drawTo(out shell.Outputs, flag string, draw func() ([]byte, error)) error {
	figure, err := draw()
	if err != nil {
		return fmt.Errorf("--%s %s: %w", flag, out[flag].Path, err)
	}
	return out.Write(flag, figure)
}
