package main

import (
	"context"
	"fmt"
	"path/filepath"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/experiment"
)

// runFolder trains the network as the only trial of a run folder, which then holds its
// record, its curve, the network, and meanwhile its checkpoints. A trial that is done there
// is not trained again.
func (o trainOptions) runFolder(ctx context.Context, call *shell.Call, data *dataset.Images, t *modelfile.Training) error {
	lab := sweep.New(call, sweep.Trials{Workers: 1, Out: o.Out, TensorBoard: o.TensorBoard, Progress: o.Progress}, 1, data)
	trial := experiment.Trial{ID: fmt.Sprintf("seed%d", o.Seed), Group: "train", Config: o.Config}
	plan, err := lab.Plan("train", []experiment.Trial{trial})
	if err != nil {
		return err
	}
	plan.Keep = experiment.KeepModels
	plan, outcomes, err := lab.Outcomes(ctx, plan, "")
	if err != nil {
		return sweep.HowToGoOn(call, err)
	}
	outcome := outcomes[0]
	if outcome.Error != "" {
		return fmt.Errorf("%s: %s", filepath.Join(o.Out, "trials", trial.ID), outcome.Error)
	}
	folder := &experiment.Folder{Dir: o.Out, Plan: plan}
	if !outcome.Result.Diverged {
		if err := t.Copy(folder.ModelPath(plan.Trials[0])); err != nil {
			return err
		}
	}
	report := results.Training{Config: o.Config, Dataset: outcome.Dataset, Backend: outcome.Backend, Result: outcome.Result}
	if err := call.Print(o.JSON, report); err != nil {
		return err
	}
	if report.Diverged {
		return fmt.Errorf("diverged at step %d; %s", report.Steps, screen.Advice("", o.WhyDiverged(report.Steps)))
	}
	if !o.Quiet {
		call.Note("kept in %s; `bnlab report %s` draws its curve", o.Out, o.Out)
	}
	return nil
}
