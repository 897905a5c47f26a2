package main

import (
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"

	"bnlab/cifar"
	"bnlab/train"
	"bnlab/train/message"
)

func dataCommand() *cli.Command {
	return &cli.Command{
		Name:  "data",
		Usage: "download, check and describe CIFAR-10",
		Description: `Examples:
  bnlab data fetch
  bnlab data info
  bnlab data verify --data cifar-10-batches-bin`,
		Subcommands: []*cli.Command{
			fetchCommand(),
			{
				Name:  "verify",
				Usage: "compare the six files with the originals by size and SHA-256",
				Description: `Exit code 3 when a file is not the original.

Examples:
  bnlab data verify --data cifar-10-batches-bin
  bnlab data verify --json`,
				Flags:  []cli.Flag{dataFlags()[0], jsonFlag()},
				Action: verifyData,
			},
			{
				Name:  "info",
				Usage: "describe the data set and its split",
				Description: `Examples:
  bnlab data info
  bnlab data info --dataset synthetic
  bnlab data info --val 1000 --json`,
				Flags: append(dataFlags(),
					intFlag("val", train.Default().Val, "last training images set aside for validation"),
					jsonFlag()),
				Action: describeData,
			},
		},
	}
}

func verifyData(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	dir, err := cifar.Find(ctx.String("data"))
	if err != nil {
		return err
	}
	if dir == "" {
		return usagef("no CIFAR-10 found; download it by `bnlab data fetch`, or give its folder by --data or $CIFAR10_DIR")
	}
	checks, err := cifar.Verify(dir)
	if err != nil {
		return err
	}
	var altered []string
	for _, c := range checks {
		if !c.OK {
			altered = append(altered, c.Name)
		}
	}
	if err := printChecks(ctx, dir, checks, altered == nil); err != nil {
		return err
	}
	if altered != nil {
		return fmt.Errorf("%w: %s: not the original: %s", errCheck, dir, message.List(altered))
	}
	return nil
}

func printChecks(ctx *cli.Context, dir string, checks []cifar.FileCheck, ok bool) error {
	w := ctx.App.Writer
	if ctx.Bool("json") {
		return printJSON(w, struct {
			Dir   string            `json:"dir"`
			Files []cifar.FileCheck `json:"files"`
			OK    bool              `json:"ok"`
		}{dir, checks, ok})
	}
	for _, c := range checks {
		if c.OK {
			fmt.Fprintf(w, "ok    %s\n", c.Name)
		} else {
			fmt.Fprintf(w, "%s   %s: %s\n", paint(w, bad, "BAD"), c.Name, visible(c.Problem))
		}
	}
	return nil
}

// dataInfo is what data info --json prints.
type dataInfo struct {
	Name    string    `json:"name"`
	Digest  string    `json:"digest"`
	Classes []string  `json:"classes"`
	Sets    []setInfo `json:"sets"`
}

type setInfo struct {
	Name     string  `json:"name"`
	Images   int     `json:"images"`
	PerClass []int   `json:"per_class"`
	Mean     float64 `json:"mean"` // of all pixel values, 0 to 255
	Std      float64 `json:"std"`  // of all pixel values, 0 to 255
}

func describeData(ctx *cli.Context) error {
	if err := noArguments(ctx); err != nil {
		return err
	}
	c := train.Default()
	c.Val = ctx.Int("val")
	data, err := openData(ctx, c)
	if err != nil {
		return err
	}
	r := dataInfo{Name: data.dataset().Name, Digest: data.Digest, Classes: data.Classes}
	for _, set := range []struct {
		name string
		cifar.Set
	}{{"training", data.Train}, {"validation", data.Val}, {"test", data.Test}} {
		mean, std := set.Brightness()
		r.Sets = append(r.Sets, setInfo{set.name, set.Len(), set.PerClass(), mean, std})
	}
	if ctx.Bool("json") {
		return printJSON(ctx.App.Writer, r)
	}
	w := ctx.App.Writer
	fmt.Fprintf(w, "%s, SHA-256 %s\n", data.title(), data.Digest)
	header, images, pixels := []any{""}, []any{"images"}, []any{"pixel mean ± std"}
	for _, s := range r.Sets {
		header, images = append(header, s.Name), append(images, s.Images)
		pixels = append(pixels, fmt.Sprintf("%.1f ± %.1f", s.Mean, s.Std))
	}
	t := newTable(w, 2, header...)
	t.AppendRows([]table.Row{images, pixels})
	for k, class := range r.Classes {
		row := []any{class}
		for _, s := range r.Sets {
			row = append(row, s.PerClass[k])
		}
		t.AppendRow(row)
	}
	t.Render()
	return nil
}
