package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"bnlab/train/report"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "tables, figures and a page of finished trials",
		UsageText: "bnlab report [flags] DIR...",
		Description: `Each DIR is the --out of compare, search, sigma, reproduce or sweep, or a folder that
holds some. The report is made from the records there alone, nothing is trained:
index.html, a page that needs no network, tables.md, summary.json, and figures/ in
SVG and PNG. Trials without a result are named, they stop nothing.

Examples:
  bnlab report runs/reproduce
  bnlab report --out report runs/wide runs/reproduce
  bnlab report --json runs/reproduce > summary.json`,
		Flags: []cli.Flag{
			textFlag("out", "", "write the report into `DIR` (default: report in the folder given, where it is one)"),
			jsonFlag(),
		},
		Action: reportAction,
	}
}

func reportAction(ctx *cli.Context) error {
	dirs, out := ctx.Args().Slice(), ctx.String("out")
	if len(dirs) == 0 {
		return usagef("no folder: name those of runs, as `bnlab report runs/reproduce`")
	}
	if out == "" && len(dirs) > 1 {
		return usagef("--out: name the folder for the report of %d folders", len(dirs))
	}
	if out == "" {
		out = filepath.Join(dirs[0], "report")
	}
	if err := canBeFolder("out", out); err != nil {
		return err
	}
	if err := report.CheckPlace(out, dirs, ctx.String("config")); err != nil {
		return err
	}
	study, err := writeReport(ctx, dirs, out)
	if err != nil {
		return err
	}
	if ctx.Bool("json") {
		summary, err := study.JSON()
		if err != nil {
			return err
		}
		_, err = ctx.App.Writer.Write(summary)
		return err
	}
	return printClaims(ctx, study)
}

// writeReport reads the records below dirs, writes their report into out, and
// says on stderr where it is and what to know before trusting it.
func writeReport(ctx *cli.Context, dirs []string, out string) (*report.Study, error) {
	study, err := report.Read(dirs)
	if err != nil {
		return nil, err
	}
	if err := study.Write(out); err != nil {
		return nil, err
	}
	for _, n := range study.Notes {
		note(ctx, "NOTE: %s", n)
	}
	warn(ctx, study.Warnings)
	note(ctx, "report: %s", filepath.Join(out, "index.html"))
	return study, nil
}

// warn says on stderr what to know before trusting results.
func warn(ctx *cli.Context, warnings []string) {
	for _, w := range warnings {
		note(ctx, "WARNING: %s", w)
	}
}

// printClaims writes the published figures beside ours, without the rule by which
// they agree.
func printClaims(ctx *cli.Context, study *report.Study) error {
	if len(study.Claims) == 0 {
		return nil
	}
	claims := study.ClaimTable()
	claims.Note = ""
	t := newTable(ctx.App.Writer, 3, cells(claims.Header)...)
	for _, row := range claims.Rows {
		t.AppendRow(cells(row))
	}
	t.Render()
	for _, line := range claims.Below() {
		fmt.Fprintln(ctx.App.Writer, visible(line))
	}
	return nil
}

func cells(texts []string) []any {
	row := make([]any, len(texts))
	for i, text := range texts {
		row[i] = text
	}
	return row
}
