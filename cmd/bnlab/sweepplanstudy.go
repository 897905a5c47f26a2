package main

import (
	"context"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
)

type studyPlanOptions struct {
	Stage   string         `flag:"stage" values:"coarse,fine,final,all" help:"of searches plan this stage, or all that can be planned"`
	Set     shell.Repeated `flag:"set" arg:"FIELD=VALUE" help:"set FIELD for all trials, over what the file says"`
	Seeds   int            `flag:"seeds" min:"0" max:"100000" help:"seeds of each group, from 1 on; 0 for those of the file; of a search those of its final networks"`
	Workers int            `flag:"workers" min:"0" max:"4096" help:"workers on all hosts together; 0 for as many as the cores here allow"`
	Out     string         `flag:"out" arg:"DIR" help:"create the run folder DIR and write the plans to it"`
	sweep.Trials
	dataset.Options
}

// studyPlanCommand plans a study from a file.
func studyPlanCommand() *shell.Command {
	return shell.New(shell.Command{
		Name: "study", Usage: "any study, from a file or by name", Arguments: "FILE|NAME",
		Description: `Puts the study into DIR, with a plan for each experiment, in a folder of its name if
there are several. A search has a plan for each stage: those that follow from results
are made when these are there, by sweep run, or by the same command again. sweep run,
status, collect and submit take DIR as a whole.

Examples:
  bnlab sweep plan study search --out runs/search
  bnlab sweep plan study.yaml --seeds 5 --out runs/five
  bnlab sweep plan study search --stage fine --out runs/search`,
	}, studyPlanOptions{Stage: "all", Trials: sweep.DefaultTrials(), Options: dataset.Default()}, "quiet tensorboard backend", planStudy)
}

func planStudy(ctx context.Context, call *shell.Call, o studyPlanOptions) error {
	s, err := question.Read(call)
	if err == nil {
		err = s.Override(o.Set, o.Seeds)
	}
	if err != nil {
		return err
	}
	if o.Out == "" {
		return call.Bad("out", "name the folder for the plans")
	}
	base, err := s.Config()
	if err != nil {
		return err
	}
	o.Trials.Workers, o.Trials.Out = o.Workers, o.Out
	lab, err := o.Lab(call, base, o.Options, false)
	if err != nil {
		return err
	}
	stage := o.Stage
	if stage == "all" {
		stage = ""
	}
	work, err := answer.PlanStages(lab, s, stage)
	if err != nil {
		return err
	}
	return runfolder.PrintStatus(ctx, call, work, false, o.JSON)
}
