package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

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

func statusOf(ctx *cli.Context, f *experiment.Folder) (status, error) {
	outcomes, err := f.Outcomes(damagedTo(ctx))
	if err != nil {
		return status{}, err
	}
	s := experiment.Summarize(f.Plan, outcomes)
	return status{
		Dir: f.Dir, Experiment: s.Experiment, Dataset: s.Dataset, Backend: s.Backend, Properties: s.Properties, Warnings: s.Warnings,
		Trials: len(f.Plan.Trials), Units: len(f.Plan.Units()), Done: s.Trials - len(s.Failed),
		Diverged: s.Diverged, Failed: s.Failed, Missing: s.Missing, causes: s.Causes,
	}, nil
}

func sweepStatus(ctx *cli.Context) error {
	folder, err := folderOf(ctx)
	if err != nil {
		return err
	}
	return printStatus(ctx, folder)
}

func printStatus(ctx *cli.Context, folder *experiment.Folder) error {
	st, err := statusOf(ctx, folder)
	if err != nil {
		return err
	}
	warn(ctx, st.Warnings)
	w := ctx.App.Writer
	if ctx.Bool("json") {
		return printJSON(w, st)
	}
	fmt.Fprintf(w, "%s: %s on %s, %s in %s: %d done, %d missing\n",
		visible(st.Dir), st.Experiment, st.Dataset.Name, message.Count(st.Trials, "trial"), message.Count(st.Units, "unit"), st.Done, len(st.Missing))
	for _, list := range []struct {
		what string
		ids  []string
	}{{"diverged", st.Diverged}, {"failed", st.Failed}} {
		if len(list.ids) > 0 {
			fmt.Fprintf(w, "%s: %s\n", list.what, message.List(list.ids))
		}
	}
	if len(st.causes) > 0 {
		fmt.Fprintln(w, "after a divergence:", adviceFor(st.Experiment, st.causes...))
	}
	return nil
}

// damagedTo returns what tells of records that count as missing, of many the first.
func damagedTo(ctx *cli.Context) func(error) {
	told := 0
	return func(err error) {
		switch told++; {
		case told == message.MostListed+1:
			fmt.Fprintln(ctx.App.ErrWriter, "WARNING: more records are damaged, and count as missing")
			return
		case told > message.MostListed:
			return
		}
		fmt.Fprintf(ctx.App.ErrWriter, "WARNING: %s; counts as missing, `bnlab sweep run` trains it again\n", oneLine(err))
	}
}
