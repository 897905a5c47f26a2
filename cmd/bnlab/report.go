package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/train/answer"
	"bnlab/train/report"
)

type reportOptions struct {
	Out string `flag:"out" arg:"DIR" help:"write the report to DIR (default: report in the folder given, if there is only one)"`
	Zip string `flag:"zip" ext:".zip" arg:"FILE" help:"also pack the report into the ZIP archive FILE; - for standard output"`
	shell.Format
}

func reportCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "report",
		Usage:     "make tables, figures and a page from finished trials",
		Arguments: "DIR...",
		Description: `Each DIR is the --out of compare, search, sigma, reproduce or sweep, or a folder that
holds some. The report is made from the records alone; nothing is trained. It consists
of index.html, a page that needs no network, tables.md, summary.json, records.csv, the
questions as study.yaml, and figures/ in SVG, PNG and CSV. Trials without a result are named but do not stop it.

Examples:
  bnlab report runs/reproduce
  bnlab report --out report runs/wide runs/reproduce
  bnlab report --json runs/reproduce > summary.json
  bnlab report --zip report.zip runs/reproduce`,
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
		if err := errors.Join(report.CheckPlace(out, dirs, call.Config()), runfolder.CheckStdout(call)); err != nil {
			return err
		}
		archive, err := zipOutput(call, o)
		if err != nil {
			return err
		}
		study, err := report.Make(dirs, out, results.ReportAgain)
		if err != nil {
			return err
		}
		if err := archive.Write("zip", study.Zip); err != nil {
			return err
		}
		results.TellReport(call.Err, study, out)
		if !o.JSON {
			results.PrintClaims(call.Out, study)
			return nil
		}
		return call.Write(study.JSON())
	})
}

// zipOutput returns the destination of the archive, if one is wanted, which must be no file
// of a run folder.
func zipOutput(call *shell.Call, o reportOptions) (shell.Outputs, error) {
	if o.Zip == "" {
		return nil, nil
	}
	var reads []string
	for _, dir := range call.Args {
		reads = slices.AppendSeq(reads, answer.Files(dir))
	}
	return call.Outputs(reads, "zip")
}
