package main

import (
	"context"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Commands that are a study which comes with the program: their flags are other values of
// what its file says.

// question is a part of such a study: flags of its own, and what they change of it.
type question interface {
	changes(call *shell.Call, experiment string) ([]study.Change, error)
}

// builtIn returns the study of a command.
func builtIn(name string) *study.Study {
	s := study.BuiltIn(name)
	if s == nil {
		panic("bnlab: no study " + name)
	}
	return s
}

// builtInValue stores what the study of a command says at a path, of its experiment of the
// same name, in what into points to.
func builtInValue(name, path string, into any) {
	if err := builtIn(name).At(name, path).Decode(into); err != nil {
		panic("bnlab: " + err.Error())
	}
}

// defaultStudy returns the options of the command that is the study of that name.
func defaultStudy(name string) studyOptions {
	base, err := builtIn(name).Config()
	if err != nil {
		panic("bnlab: " + err.Error())
	}
	return studyOptions{defaultSweep(), hyper{base}, dataset.Default()}
}

// ask returns the study of a command with its flags: a configuration, seeds from that of
// the configuration on, and what changes else.
func ask(name string, base train.Config, seeds int, changes []study.Change) (*study.Study, error) {
	return builtIn(name).With(append([]study.Change{
		{Path: "base", Value: study.BaseOf(base)},
		{Path: "seeds", Value: study.SeedsFrom(base.Seed, seeds).Value()},
	}, changes...)...)
}

// newStudy returns the command that is the study of its name, of one experiment.
func newStudy[Q question](c shell.Command, q Q, omit string) *shell.Command {
	type options struct {
		Question Q
		studyOptions
	}
	return shell.New(c, options{q, defaultStudy(c.Name)}, omit, func(ctx context.Context, call *shell.Call, o options) error {
		changes, err := o.Question.changes(call, c.Name)
		if err != nil {
			return err
		}
		s, err := ask(c.Name, o.Config, o.Seeds, changes)
		if err != nil {
			return err
		}
		lab, err := o.open(call, true)
		if err != nil {
			return err
		}
		return o.finish(call, func() (experiment.Summary, error) { return runAll(ctx, lab, s) })
	})
}

// runAll trains what is missing of a study, and returns the summary of all its
// experiments. If it fails, it is that of the experiment that did.
func runAll(ctx context.Context, lab *experiment.Lab, s *study.Study) (all experiment.Summary, err error) {
	results, err := answer.Train(ctx, lab, s)
	for i, r := range results {
		if i == 0 || err != nil {
			all = r.Summary
		} else {
			all = all.Join(r.Summary)
		}
	}
	return all, err
}
