package answer

import (
	"context"
	"errors"
	"fmt"

	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Work is what a folder holds to be trained: a study, a stage of one, or a single plan.
type Work struct {
	Dir   string
	Study *study.Study // nil for a stage, and for a single plan
	Parts []Part       // in the order in which they are trained
}

// WorkOf returns the work of the plan in a run folder.
func WorkOf(f *experiment.Folder) *Work {
	return &Work{Dir: f.Dir, Parts: []Part{{Dir: f.Dir, folder: f}}}
}

// WorkIn returns the work in a folder: that of the study whose question it holds, or that
// of a plan.
func WorkIn(dir string) (*Work, error) {
	s, err := StudyIn(dir)
	if err != nil {
		return nil, err
	}
	if s != nil {
		return &Work{dir, s, Parts(s, dir)}, nil
	}
	f, err := experiment.Open(dir)
	if err != nil {
		return nil, err
	}
	return WorkOf(f), nil
}

// PlanStages puts the study into the lab's run folder, with the plans of a stage of its searches,
// or, if stage is empty, of all stages that can be planned.
func PlanStages(lab *experiment.Lab, s *study.Study, stage string) (*Work, error) {
	first, err := Begin(lab, s)
	if err != nil {
		return nil, err
	}
	w := &Work{lab.Dir, s, Parts(s, lab.Dir)}
	for i := range w.Parts {
		p := &w.Parts[i]
		if p.Stage == p.Stages()[0] { // which Begin has planned
			p.folder, first = first[0], first[1:]
			continue
		}
		if stage != "" && p.Stage != stage {
			continue
		}
		p.folder, err = p.Create(lab)
		if early := (*EarlyError)(nil); errors.As(err, &early) && stage == "" {
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// StageIn returns the work of a stage whose plan is not there yet, but whose study is in
// one of the two folders above; nil if dir is no such folder. Its error is an EarlyError
// if the stages before are not complete.
func StageIn(dir string) (*Work, error) {
	if HasPlan(dir) {
		return nil, nil
	}
	p, found, err := PartAt(dir)
	if err != nil || !found {
		return nil, err
	}
	p.Dir = dir
	_, err = p.Before()
	return &Work{Dir: dir, Parts: []Part{p}}, err
}

// First returns the run folder of the first stage of the first part, whose plan says of
// which data all parts are.
func (w *Work) First() (*experiment.Folder, error) {
	if first := w.Parts[0].First(); first.Stage != w.Parts[0].Stage {
		return experiment.Open(first.Dir)
	}
	return w.Parts[0].Folder()
}

// Select returns which units of a plan are to be trained.
type Select func(*experiment.Plan) (func(unit []experiment.Trial) bool, error)

// Finish trains what is missing of the parts, one after the other, in the units that are
// selected. A plan that follows from results is made as soon as these are there, with
// units for so many processes; in a study the lab warns of one that has to wait, with an
// EarlyError. The first error is about trials that have failed: other processes may train
// what is missing, but a failure must not count as missing.
func (w *Work) Finish(ctx context.Context, lab *experiment.Lab, processes int, units Select) (failed, err error) {
	if err := w.canResume(lab); err != nil {
		return nil, err
	}
	lab.Dir = w.Dir
	var all []error
	for i := range w.Parts {
		p := &w.Parts[i]
		err := p.plan(lab, processes)
		if early := (*EarlyError)(nil); w.Study != nil && errors.As(err, &early) {
			lab.Warn(fmt.Errorf("%s: %w", p.Name, early))
			continue
		}
		if err != nil {
			return nil, err
		}
		failed, err := p.finish(ctx, lab, units)
		if err != nil {
			return nil, err
		}
		all = append(all, failed)
	}
	return errors.Join(all...), nil
}

// plan makes the part's plan if it is not there.
func (p *Part) plan(lab *experiment.Lab, processes int) error {
	if p.folder != nil || HasPlan(p.Dir) {
		return nil
	}
	planner := *lab
	planner.Dir, planner.Workers = p.root, lab.Workers*processes
	_, err := p.Create(&planner)
	return err
}

// finish trains the units that are selected.
func (p *Part) finish(ctx context.Context, lab *experiment.Lab, units Select) (failed, err error) {
	folder, err := p.Folder()
	if err != nil {
		return nil, err
	}
	only, err := units(folder.Plan)
	if err != nil {
		return nil, err
	}
	outcomes, err := lab.Finish(ctx, folder, only)
	if err != nil {
		return nil, err
	}
	summary := experiment.Summarize(folder.Plan, outcomes)
	summary.Missing = nil
	return summary.Err(), nil
}
