package main

import (
	"context"
	"path/filepath"
	"slices"

	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/report"
	"bnlab/train/study"
)

type reproduceOptions struct {
	question.Depths
	question.Search
	question.Spreads
	SigmaNS int `flag:"sigma-ns" min:"1" max:"500000000" help:"steps of half a cycle in the σ sweep"`
	sweep.Options
}

func defaultReproduce() reproduceOptions {
	o := reproduceOptions{question.DefaultDepths(), question.DefaultSearch(), question.DefaultSpreads(), question.Base("sigma").NS, sweep.Default(question.Base("reproduce"))}
	o.Out = "runs/reproduce"
	return o
}

func reproduceCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "reproduce",
		Usage: "repeat the whole study and write its report",
		Description: `Experiments 1 to 5 of the study: the gradient check, then compare, search and
sigma, each in its own folder below --out, then the report with the study's
figures beside ours. What the folder already holds is not done again.

Examples:
  bnlab reproduce --seeds 3
  bnlab reproduce --seeds 5 --out runs/five --json > five.json
  bnlab reproduce --seeds 2 --ns 45 --sigma-ns 18 --points 5 --out runs/quick    a quick look`,
	}, defaultReproduce(), "hidden bn norm init sigma", reproduce)
}

func reproduce(ctx context.Context, call *shell.Call, o reproduceOptions) error {
	if o.Out == "" {
		return call.Bad("out", "name the folder for the study")
	}
	s, err := o.study(call)
	if err != nil {
		return err
	}
	if err := call.CanBeFolder("out", o.Out); err != nil {
		return err
	}
	place := filepath.Join(o.Out, "report")
	if err := report.CheckPlace(place, []string{o.Out}, append(o.Files(), call.Config())...); err != nil {
		return err
	}
	lab, err := o.Lab(call, true)
	if err != nil {
		return err
	}
	summary, err := sweep.Timed(call, func() (experiment.Summary, error) {
		if err := answer.Check(lab, s); err != nil { // of the last experiment, before the first is trained
			return experiment.Summary{}, err
		}
		if err := lab.CheckGradients(ctx, o.Seed, sweep.GradientSample); err != nil {
			return experiment.Summary{}, err
		}
		return runfolder.Summary(ctx, lab, s, "")
	})
	if err != nil {
		return err
	}
	summary.Experiment = "reproduce"
	found, err := report.Make([]string{o.Out}, place, results.ReportAgain)
	if err != nil {
		return err
	}
	results.TellReport(call.Err, found, place)
	if err := sweep.Print(call, o.JSON, summary); err != nil || o.JSON {
		return err
	}
	results.PrintClaims(call.Out, found)
	return nil
}

// study returns the study with the flags of the command.
func (o reproduceOptions) study(call *shell.Call) (*study.Study, error) {
	compare, err := o.Depths.Changes(call, "compare")
	if err != nil {
		return nil, err
	}
	sigma, err := o.Spreads.Changes(call, "sigma")
	if err != nil {
		return nil, err
	}
	changes := slices.Concat(compare, sigma, o.Search.Changes("search", o.Seed, o.Seeds))
	return question.Ask("reproduce", o.Config, o.Seeds, append(changes, study.Change{Experiment: "sigma", Path: "base.ns", Value: o.SigmaNS}))
}
