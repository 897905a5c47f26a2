package main

import (
	"context"
	"fmt"

	"bnlab/blas"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func statusCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "status",
		Usage:     "tell what is done and what is missing",
		Arguments: "DIR",
		Description: `Examples:
  bnlab sweep status runs/wide
  bnlab sweep status --json runs/wide`,
	}, jsonOption{}, "", func(_ context.Context, call *shell.Call, o jsonOption) error {
		folder, err := openFolder(call)
		if err != nil {
			return err
		}
		return printStatus(call, folder, o.JSON)
	})
}

// status is what sweep status --json prints.
type status struct {
	Dir        string                `json:"dir"`
	Experiment string                `json:"experiment"`
	Dataset    experiment.Dataset    `json:"dataset"`
	Backend    *blas.Backend         `json:"backend"`    // of the first record; nil without one
	Properties experiment.Properties `json:"properties"` // of the records
	Warnings   []string              `json:"warnings"`   // properties that differ
	Trials     int                   `json:"trials"`
	Units      int                   `json:"units"`
	Done       int                   `json:"done"` // with a result, be it that they diverged
	Diverged   []string              `json:"diverged"`
	Failed     []string              `json:"failed"`
	Missing    []string              `json:"missing"`

	causes []train.Cause // of the divergences
}

func printStatus(call *shell.Call, folder *experiment.Folder, asJSON bool) error {
	outcomes, err := folder.Outcomes(damagedTo(call))
	if err != nil {
		return err
	}
	s := experiment.Summarize(folder.Plan, outcomes)
	st := status{
		Dir: folder.Dir, Experiment: s.Experiment, Dataset: s.Dataset, Backend: s.Backend, Properties: s.Properties, Warnings: s.Warnings,
		Trials: len(folder.Plan.Trials), Units: len(folder.Plan.Units()), Done: s.Trials - len(s.Failed),
		Diverged: s.Diverged, Failed: s.Failed, Missing: s.Missing, causes: s.Causes,
	}
	call.Warn(st.Warnings...)
	w := call.Out
	if asJSON {
		return screen.JSON(w, st)
	}
	fmt.Fprintf(w, "%s: %s on %s, %s in %s: %d done, %d missing\n",
		message.Text(st.Dir), st.Experiment, st.Dataset.Name, message.Count(st.Trials, "trial"), message.Count(st.Units, "unit"), st.Done, len(st.Missing))
	for _, list := range []struct {
		what string
		ids  []string
	}{{"diverged", st.Diverged}, {"failed", st.Failed}} {
		if len(list.ids) > 0 {
			fmt.Fprintf(w, "%s: %s\n", list.what, message.List(list.ids))
		}
	}
	if len(st.causes) > 0 {
		fmt.Fprintln(w, "after a divergence:", screen.Advice(st.Experiment, st.causes...))
	}
	return nil
}
