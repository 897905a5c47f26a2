package main

import (
	"context"
	"errors"
	"slices"

	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

type searchOptions struct {
	Stage string `flag:"stage" values:"coarse,fine,final,all" help:"stage to run; it needs the earlier stages in --out"`
	question.Search
	sweep.Options
}

func searchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "search",
		Usage: "search for the best λ: coarse grid, fine search, final networks",
		Description: `Experiment 4 of the study: 3-layer networks with batch normalisation. The coarse
stage tries λ = 10^-5, 10^-4.5, … 10^-1.5. The fine stage draws values, uniform in
log λ, between the coarse λ with the best and the one with the worst validation
accuracy (--range neighbours: between the neighbours of the best one). The final
stage trains --seeds networks with the λ of the best validation accuracy. Only these
use the test set.

Examples:
  bnlab search --seeds 3 --out runs/search
  bnlab search --stage coarse
  bnlab search --range neighbours --points 50 --search-seeds 2`,
	}, searchOptions{"all", question.DefaultSearch(), sweep.Default(question.Base("search"))}, "hidden bn norm lambda", search)
}

func search(ctx context.Context, call *shell.Call, o searchOptions) error {
	s, err := question.Ask("search", o.Config, o.Seeds, o.Changes("search", o.Seed, o.Seeds))
	if err != nil {
		return err
	}
	last := o.Stage
	if last == "all" {
		last = study.Finals
	} else if last != study.Coarse {
		if o.Out == "" {
			return call.Bad("stage", "name the folder of the earlier stages with --out")
		}
		if err := stageCanBegin(s, o.Out, last); err != nil {
			return err
		}
	}
	lab, err := o.Lab(call, true)
	if err != nil {
		return err
	}
	return o.Finish(call, func() (experiment.Summary, error) { return runfolder.Summary(ctx, lab, s, last) })
}

// stageCanBegin returns an error if a stage before the last one is not complete.
func stageCanBegin(s *study.Study, dir, last string) error {
	parts := answer.Parts(s, dir)
	at := slices.IndexFunc(parts, func(p answer.Part) bool { return p.Stage == last })
	_, err := parts[at].Before()
	if early := (*answer.EarlyError)(nil); errors.As(err, &early) {
		return message.Fieldf("{stage} %s: it needs the %s stage, but %s; run {stage} %[2]s, or {stage} all", last, early.Needs, early.Missing)
	}
	return err
}
