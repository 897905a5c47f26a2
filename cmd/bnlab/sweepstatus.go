package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"bnlab/train/experiment"
)

// status is what sweep status --json prints.
type status struct {
	Dir        string             `json:"dir"`
	Experiment string             `json:"experiment"`
	Dataset    experiment.Dataset `json:"dataset"`
	Trials     int                `json:"trials"`
	Units      int                `json:"units"`
	Done       int                `json:"done"`
	Diverged   []string           `json:"diverged"`
	Failed     []string           `json:"failed"`
	Missing    []string           `json:"missing"`
}

func statusOf(ctx *cli.Context, f *experiment.Folder) (status, error) {
	st := status{Dir: f.Dir, Experiment: f.Plan.Experiment, Dataset: f.Plan.Dataset, Trials: len(f.Plan.Trials), Units: len(f.Plan.Units()),
		Diverged: []string{}, Failed: []string{}, Missing: []string{}}
	outcomes, _, err := f.Outcomes(damagedTo(ctx))
	if err != nil {
		return st, err
	}
	for i, o := range outcomes {
		id := f.Plan.Trials[i].ID
		switch {
		case !o.Ran():
			st.Missing = append(st.Missing, id)
		case o.Error != "":
			st.Failed = append(st.Failed, id)
		case o.Result.Diverged:
			st.Diverged = append(st.Diverged, id)
			st.Done++
		default:
			st.Done++
		}
	}
	return st, nil
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
	w := ctx.App.Writer
	if ctx.Bool("json") {
		return printJSON(w, st)
	}
	fmt.Fprintf(w, "%s: %s on %s, %s in %s: %d done, %d missing\n",
		visible(st.Dir), st.Experiment, st.Dataset.Name, counted(st.Trials, "trial"), counted(st.Units, "unit"), st.Done, len(st.Missing))
	for _, list := range []struct {
		what string
		ids  []string
	}{{"diverged", st.Diverged}, {"failed", st.Failed}} {
		if len(list.ids) > 0 {
			fmt.Fprintf(w, "%s: %s\n", list.what, strings.Join(list.ids, ", "))
		}
	}
	return nil
}

// damagedTo returns what tells of records that count as missing.
func damagedTo(ctx *cli.Context) func(error) {
	return func(err error) {
		fmt.Fprintf(ctx.App.ErrWriter, "WARNING: %s; counts as missing, `bnlab sweep run` trains it again\n", oneLine(err))
	}
}
