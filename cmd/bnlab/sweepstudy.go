package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
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
	}, studyPlanOptions{Stage: "all", Trials: sweep.DefaultTrials(), Options: dataset.Default()}, "quiet tensorboard", planStudy)
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
	lab, err := (&sweep.Options{Trials: o.Trials, Hyper: sweep.Hyper{Config: base}, Options: o.Options}).Lab(call, false)
	if err != nil {
		return err
	}
	if err := answer.Begin(lab, s); err != nil {
		return err
	}
	for _, p := range answer.Parts(s, o.Out) {
		if o.Stage != "all" && p.Stage != o.Stage || p.Stage == p.Stages()[0] { // which Begin has planned
			continue
		}
		_, err := p.Create(lab)
		if early := (*answer.EarlyError)(nil); errors.As(err, &early) && o.Stage == "all" {
			continue
		}
		if err != nil {
			return err
		}
	}
	return printStudyStatus(ctx, call, o.Out, s, false, o.JSON)
}

// openStudy returns the study that lies in the folder named on the command line; nil for
// the run folder of a single plan, or another folder.
func openStudy(call *shell.Call) (*study.Study, error) {
	if err := keepsFolders(call); err != nil {
		return nil, err
	}
	if len(call.Args) != 1 {
		return nil, nil // told by those who open it
	}
	if answer.HasPlan(call.Args[0]) {
		return nil, nil
	}
	return answer.Open(call.Args[0])
}

// keepsFolders returns an error if standard output would be appended to a file of the run
// folders named on the command line.
func keepsFolders(call *shell.Call) error {
	for _, dir := range call.Args {
		if err := call.CheckStdout(answer.Files(dir)); err != nil {
			return err
		}
	}
	return nil
}

// studyStatus is what sweep status prints of a study.
type studyStatus struct {
	Dir     string           `json:"dir"`
	Study   string           `json:"study"`   // its title
	Plans   []results.Status `json:"plans"`   // that exist
	Waiting []string         `json:"waiting"` // folders of stages whose plan follows from results that are not there
}

// Table writes a line for each plan.
func (s studyStatus) Table(w io.Writer) {
	for _, p := range s.Plans {
		p.Table(w)
	}
	for _, dir := range s.Waiting {
		fmt.Fprintf(w, "%s: not planned yet: it follows from the stage before\n", message.Text(dir))
	}
}

// printStudyStatus prints the status of a study's plans.
func printStudyStatus(ctx context.Context, call *shell.Call, dir string, s *study.Study, watch, asJSON bool) error {
	status := studyStatus{Dir: dir, Study: s.Title}
	for _, p := range answer.Parts(s, dir) {
		if !answer.HasPlan(p.Dir) {
			status.Waiting = append(status.Waiting, p.Dir)
			continue
		}
		folder, err := experiment.Open(p.Dir)
		if err != nil {
			return err
		}
		one, err := statusOf(ctx, call, folder, watch)
		if err != nil {
			return err
		}
		call.Warn(one.Warnings...)
		status.Plans = append(status.Plans, one)
	}
	return call.Print(asJSON, status)
}

// runStudy trains what is missing of all plans of a study, and makes those that follow from
// results as soon as these are there.
func (o runOptions) runStudy(ctx context.Context, call *shell.Call, s *study.Study) error {
	if o.Trial != "" {
		return call.Bad("trial", "%s holds several plans; name the folder of one of them", call.Args[0])
	}
	parts := answer.Parts(s, call.Args[0])
	first, err := experiment.Open(parts[0].Dir)
	if err != nil {
		return err
	}
	if _, err := o.units(call, first.Plan); err != nil { // before the data are read
		return err
	}
	lab, err := o.open(call, first)
	if err != nil {
		return err
	}
	lab.Dir = call.Args[0]
	var all []error
	for _, p := range parts {
		folder, err := o.create(call, lab, p)
		if early := (*answer.EarlyError)(nil); errors.As(err, &early) {
			call.Note("NOTE: %s: %v; run this again when it is complete", p.Name, early)
			continue
		}
		if err != nil {
			return err
		}
		failed, err := o.train(ctx, call, lab, folder)
		if err != nil {
			return err
		}
		all = append(all, failed)
	}
	if err := printStudyStatus(ctx, call, lab.Dir, s, false, o.JSON); err != nil {
		return err
	}
	return errors.Join(all...)
}

// create returns the folder of a part with its plan. One that is made now has units for
// the workers of all shards.
func (o runOptions) create(call *shell.Call, lab *experiment.Lab, p answer.Part) (*experiment.Folder, error) {
	if answer.HasPlan(p.Dir) {
		return experiment.Open(p.Dir)
	}
	_, n, err := o.shard(call)
	if err != nil {
		return nil, err
	}
	planner := *lab
	planner.Workers *= n
	return p.Create(&planner)
}

// stage returns the lab and the run folder of a stage whose plan is not there yet, which is
// made; nil where another folder is named.
func (o runOptions) stage(call *shell.Call) (*experiment.Lab, *experiment.Folder, error) {
	if len(call.Args) != 1 || answer.HasPlan(call.Args[0]) {
		return nil, nil, nil
	}
	p, found, err := answer.PartAt(call.Args[0])
	if err != nil || !found {
		return nil, nil, err
	}
	if _, err := p.Before(); err != nil { // before the data are read
		return nil, nil, err
	}
	first, err := experiment.Open(p.First().Dir)
	if err != nil {
		return nil, nil, err
	}
	lab, err := o.open(call, first)
	if err != nil {
		return nil, nil, err
	}
	lab.Dir = p.Root()
	if _, err := o.create(call, lab, p); err != nil {
		return nil, nil, err
	}
	folder, err := openFolder(call)
	lab.Dir = call.Args[0]
	return lab, folder, err
}

// collectStudy prints what the records of a study's plans say.
func collectStudy(call *shell.Call, dir string, s *study.Study, o collectOptions) error {
	found, err := answer.Collect(s, dir, damagedTo(call))
	if err != nil {
		return err
	}
	if o.CSV {
		return answer.WriteRecords(call.Out, found)
	}
	var all []error
	for _, r := range found {
		call.Warn(r.Warnings...)
		all = append(all, r.Err())
	}
	if err := call.Print(o.JSON, results.NewStudy(s.Title, found)); err != nil {
		return err
	}
	return errors.Join(all...)
}
