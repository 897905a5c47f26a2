// Package document reads YAML and TOML into one tree whose values know their line, and
// stores trees in Go values, so that what is wrong with a file that a person has written
// can be told with its line and the nearest right word.
package document

import (
	"errors"
	"fmt"
)

// Kind says what a value is.
type Kind string

// The kinds of values. A Text is what is no other; YAML has dates as texts.
const (
	Text   Kind = "text"
	Number Kind = "number"
	Bool   Kind = "true or false"
	Null   Kind = "nothing"
	Date   Kind = "date"
	List   Kind = "list"
	Table  Kind = "table"
)

// Value is a value of a document.
type Value struct {
	Kind  Kind
	Line  int     // from 1; 0 of a value that stands in no file
	Text  string  // of a Text, Number or Bool, as it is written: 1.10 may be the name of a file
	Items []Value // of a List
	Keys  []Key   // of a Table, in their order
}

// Key is a name in a table and what it stands for.
type Key struct {
	Name  string
	Line  int
	Value Value
}

// Error is what is wrong in a line.
type Error struct {
	Line int
	Text string
}

// Error returns the line's number, if there is one, and what is wrong.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Text
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Text)
}

// Errorf returns an *Error about v.
func (v Value) Errorf(format string, args ...any) error {
	return &Error{v.Line, fmt.Sprintf(format, args...)}
}

// IsScalar reports whether v is a Text, a Number or a Bool.
func (v Value) IsScalar() bool { return v.Kind == Text || v.Kind == Number || v.Kind == Bool }

// At returns the value of a key, and whether it is there.
func (v Value) At(name string) (Value, bool) {
	for _, k := range v.Keys {
		if k.Name == name {
			return k.Value, true
		}
	}
	return Value{}, false
}

// mostDepth is how deep lists and tables may lie in each other.
const mostDepth = 16

var errDeep = errors.New("lists and tables are nested too deeply")
