package main

import (
	"context"
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/message"
)

func dataCommand() *shell.Command {
	return shell.NewGroup(shell.Command{
		Name:  "data",
		Usage: "download, check and describe CIFAR-10",
		Description: `Examples:
  bnlab data fetch
  bnlab data info
  bnlab data verify --data cifar-10-batches-bin`,
	}, fetchCommand(), verifyCommand(), describeCommand())
}

type verifyOptions struct {
	dataset.Options
	shell.Format
}

func verifyCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "verify",
		Usage: "compare the six files with the originals by size and SHA-256",
		Description: `Exit code 3 if a file is not the original.

Examples:
  bnlab data verify --data cifar-10-batches-bin
  bnlab data verify --json`,
	}, verifyOptions{}, "dataset", verify)
}

func verify(_ context.Context, call *shell.Call, o verifyOptions) error {
	dir, err := cifar.Find(o.Data)
	if err != nil {
		return err
	}
	if dir == "" {
		return shell.Usagef("no CIFAR-10 found; download it with `bnlab data fetch`, or give its folder with --data or $CIFAR10_DIR")
	}
	checks, err := cifar.Verify(dir)
	if err != nil {
		return err
	}
	r := verified{dir, checks, true}
	var altered []string
	for _, c := range checks {
		if !c.OK {
			altered = append(altered, c.Name)
			r.OK = false
		}
	}
	if err := call.Print(o.JSON, r); err != nil {
		return err
	}
	if altered != nil {
		return fmt.Errorf("%w: %s: not the original: %s", shell.ErrCheck, dir, message.List(altered))
	}
	return nil
}

// verified is what data verify prints.
type verified struct {
	Dir   string            `json:"dir"`
	Files []cifar.FileCheck `json:"files"`
	OK    bool              `json:"ok"`
}

func (v verified) Table(w io.Writer) {
	for _, c := range v.Files {
		if c.OK {
			fmt.Fprintf(w, "ok    %s\n", c.Name)
		} else {
			fmt.Fprintf(w, "%s   %s: %s\n", screen.Colourise(w, screen.Bad, "BAD"), c.Name, message.Text(c.Problem))
		}
	}
}

type describeOptions struct {
	dataset.Options
	Val int `flag:"val" group:"Data" help:"size of the validation set, taken from the end of the training images"`
	shell.Format
}

func describeCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "info",
		Usage: "describe the data set and its split",
		Description: `Examples:
  bnlab data info
  bnlab data info --dataset synthetic
  bnlab data info --val 1000 --json`,
	}, describeOptions{Options: dataset.Default(), Val: train.Default().Val}, "", describe)
}

// dataInfo is what data info prints.
type dataInfo struct {
	title   string
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

func describe(_ context.Context, call *shell.Call, o describeOptions) error {
	c := train.Default()
	c.Val = o.Val
	data, err := o.Open(c, call.Note)
	if err != nil {
		return err
	}
	r := dataInfo{title: data.Title(), Name: data.Dataset().Name, Digest: data.Digest, Classes: data.Classes}
	for _, set := range []struct {
		name string
		cifar.Set
	}{{"training", data.Train}, {"validation", data.Val}, {"test", data.Test}} {
		mean, std := set.Brightness()
		r.Sets = append(r.Sets, setInfo{set.name, set.Len(), set.PerClass(), mean, std})
	}
	return call.Print(o.JSON, r)
}

func (r dataInfo) Table(w io.Writer) {
	fmt.Fprintf(w, "%s, SHA-256 %s\n", r.title, r.Digest)
	header, images, pixels := []any{""}, []any{"images"}, []any{"pixel mean ± std"}
	for _, s := range r.Sets {
		header, images = append(header, s.Name), append(images, s.Images)
		pixels = append(pixels, fmt.Sprintf("%.1f ± %.1f", s.Mean, s.Std))
	}
	t := screen.Table(w, 2, header...)
	t.AppendRows([]table.Row{images, pixels})
	for k, class := range r.Classes {
		row := []any{class}
		for _, s := range r.Sets {
			row = append(row, s.PerClass[k])
		}
		t.AppendRow(row)
	}
	t.Render()
}
