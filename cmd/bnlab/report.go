package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train/message"
	"bnlab/train/report"
)

type reportOptions struct {
	Out string `flag:"out" arg:"DIR" help:"write the report to DIR (default: report in the folder given, if there is only one)"`
	shell.Format
}

func reportCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "report",
		Usage:     "make tables, figures and a page from finished trials",
		Arguments: "DIR...",
		Description: `Each DIR is the --out of compare, search, sigma, reproduce or sweep, or a folder that
holds some. The report is made from the records alone; nothing is trained. It consists
of index.html, a page that needs no network, tables.md, summary.json, and figures/ in
SVG and PNG. Trials without a result are named but do not stop it.

Examples:
  bnlab report runs/reproduce
  bnlab report --out report runs/wide runs/reproduce
  bnlab report --json runs/reproduce > summary.json`,
	}, reportOptions{}, "", func(_ context.Context, call *shell.Call, o reportOptions) error {
		dirs, out := call.Args, o.Out
		if len(dirs) == 0 {
			return shell.Usagef("no folder: give run folders, as in `bnlab report runs/reproduce`")
		}
		if out == "" && len(dirs) > 1 {
			return call.Bad("out", "name the folder for the report of %d folders", len(dirs))
		}
		if out == "" {
			out = filepath.Join(dirs[0], "report")
		}
		if err := call.CanBeFolder("out", out); err != nil {
			return err
		}
		if err := errors.Join(report.CheckPlace(out, dirs, call.Config()), keepsFolders(call)); err != nil {
			return err
		}
		study, err := writeReport(call, dirs, out)
		if err != nil {
			return err
		}
		if o.JSON {
			summary, err := study.JSON()
			if err != nil {
				return err
			}
			_, err = call.Out.Write(summary)
			return err
		}
		return printClaims(call, study)
	})
}

// writeReport reads the records below dirs, writes their report to out, and says on
// stderr where it is and what to know before trusting it.
func writeReport(call *shell.Call, dirs []string, out string) (*report.Study, error) {
	study, err := report.Read(dirs)
	if err != nil {
		return nil, err
	}
	if err := study.Write(out); err != nil {
		return nil, err
	}
	for _, n := range study.Notes {
		call.Note("NOTE: %s", n)
	}
	call.Warn(study.Warnings...)
	call.Note("report: %s", filepath.Join(out, "index.html"))
	return study, nil
}

// printClaims writes the published figures beside ours, without the rule for their
// agreement.
func printClaims(call *shell.Call, study *report.Study) error {
	if len(study.Claims) == 0 {
		return nil
	}
	claims := study.ClaimTable()
	claims.Note = ""
	t := screen.Table(call.Out, 3, screen.Cells(claims.Header)...)
	for _, row := range claims.Rows {
		t.AppendRow(screen.Cells(row))
	}
	t.Render()
	for _, line := range claims.Below() {
		fmt.Fprintln(call.Out, message.Text(line))
	}
	return nil
}
