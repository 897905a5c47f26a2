package study

import (
	"errors"
	"strings"

	"bnlab/train/document"
	"bnlab/train/message"
)

// ErrStudy is wrapped by every error about a study's file.
var ErrStudy = errors.New("study")

type studyError struct {
	where string // file
	err   error
}

// Error names the file and the line, where they are known.
func (e *studyError) Error() string {
	text := e.err.Error()
	if e.where == "" || !errors.As(e.err, new(*document.Error)) {
		return strings.TrimPrefix(e.where+": "+text, ": ")
	}
	return e.where + strings.Replace(": "+text, ": line ", ", line ", 1)
}

func (e *studyError) Unwrap() []error { return []error{e.err, ErrStudy} }

// located returns the error of a study with its file, where a line of that is wrong. What
// no line has set is told by its field.
func located(path string, err error) error {
	line := (*document.Error)(nil)
	switch {
	case err == nil || errors.As(err, new(*message.FieldError)):
		return err
	case errors.As(err, &line) && line.Line == 0:
		path = ""
	}
	return &studyError{path, err}
}
