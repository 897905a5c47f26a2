// Package question turns what a command line asks into a study: a file, the name of a
// study that comes with the program, or the flags of a command that is one.
package question

import (
	"bnlab/cmd/internal/shell"
	"bnlab/train"
	"bnlab/train/study"
)

// Flags are those of a command that is a study which comes with the program: other values
// of what its file says.
type Flags interface {
	// Changes returns what they change of the study's experiment of that name.
	Changes(call *shell.Call, experiment string) ([]study.Change, error)
}

// builtIn returns the study of a command.
func builtIn(name string) *study.Study {
	s := study.BuiltIn(name)
	if s == nil {
		panic("bnlab: no study " + name)
	}
	return s
}

// Base returns the configuration that the study of a command says.
func Base(name string) train.Config {
	base, err := builtIn(name).Config()
	if err != nil {
		panic("bnlab: " + err.Error())
	}
	return base
}

// builtInValue stores what the study of a command says at a path, of its experiment of the
// same name, in what into points to.
func builtInValue(name, path string, into any) {
	if err := builtIn(name).At(name, path).Decode(into); err != nil {
		panic("bnlab: " + err.Error())
	}
}

// Of returns the study of a command with its flags, a configuration, and that many seeds
// from the one of the configuration on.
func Of(call *shell.Call, name string, flags Flags, base train.Config, seeds int) (*study.Study, error) {
	changes, err := flags.Changes(call, name)
	if err != nil {
		return nil, err
	}
	return Ask(name, base, seeds, changes)
}

// Ask returns the study of a command with a configuration, seeds from that of
// the configuration on, and what changes else.
func Ask(name string, base train.Config, seeds int, changes []study.Change) (*study.Study, error) {
	return builtIn(name).With(append([]study.Change{
		{Path: "base", Value: study.BaseOf(base)},
		{Path: "seeds", Value: study.SeedsFrom(base.Seed, seeds).Value()},
	}, changes...)...)
}
