package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
	"bnlab/train/disk"
	"bnlab/train/report"
)

// checkFigures returns an error where --figure or --mistakes cannot be drawn, so
// that this shows before the work.
func checkFigures(ctx *cli.Context) error {
	for _, f := range []struct {
		flag string
		kind []string
	}{{"figure", []string{".svg", ".png"}}, {"mistakes", []string{".png"}}} {
		path := ctx.String(f.flag)
		if path == "" {
			continue
		}
		if !slices.Contains(f.kind, strings.ToLower(filepath.Ext(path))) {
			return usagef("--%s %s: extension %q; give a %s file", f.flag, path, filepath.Ext(path), strings.Join(f.kind, " or "))
		}
		if err := canWrite(f.flag, path); err != nil {
			return err
		}
	}
	return nil
}

// drawFigures draws what --figure and --mistakes ask for of a report on images of
// set, which belong to the data set of that title.
func drawFigures(ctx *cli.Context, r evalReport, title string, set cifar.Set) error {
	about := fmt.Sprintf("%s, %d %s images of %s", visible(filepath.Base(r.Model)), r.Images, r.Set, title)
	if path := ctx.String("figure"); path != "" {
		c := report.Confusion{
			Title: "Confusion matrix", Subtitle: fmt.Sprintf("%s: %s right", about, percent(r.Accuracy)),
			Classes: r.Classes, Counts: r.Confusion,
		}
		draw := c.PNG
		if strings.EqualFold(filepath.Ext(path), ".svg") {
			draw = c.SVG
		}
		if err := writeFigure("figure", path, draw); err != nil {
			return err
		}
	}
	if path := ctx.String("mistakes"); path != "" {
		return writeFigure("mistakes", path, galleryOf(r, about, set).PNG)
	}
	return nil
}

// galleryOf shows the worst mistakes.
func galleryOf(r evalReport, about string, set cifar.Set) report.Gallery {
	g := report.Gallery{Title: "The most confident mistakes", Subtitle: about + ": predicted class and its probability, true class below"}
	for _, m := range r.Mistakes {
		g.Tiles = append(g.Tiles, report.Tile{
			Picture: set.Picture(m.Image),
			First:   fmt.Sprintf("%s %.0f %%", m.Predicted, 100*m.Probability),
			Second:  "is " + m.Class,
		})
	}
	return g
}

func writeFigure(flag, path string, draw func() ([]byte, error)) error {
	figure, err := draw()
	if err == nil {
		err = disk.Write(path, figure)
	}
	if err != nil {
		return fmt.Errorf("--%s %w", flag, err)
	}
	return nil
}
