package study

import (
	"strings"

	"bnlab/train/document"
)

// Change puts another value in the place of one that a study's file says.
type Change struct {
	Experiment string // name; empty for what all experiments share
	Path       string // keys with dots between, as search.fine.draw
	Value      any    // as document.Of takes it; nil takes the key out
}

func (c Change) path() []string { return strings.Split(c.Path, ".") }

func (c Change) value() document.Value {
	if c.Value == nil {
		return document.Value{}
	}
	return document.Of(c.Value)
}
