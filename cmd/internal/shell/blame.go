package shell

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"bnlab/model"
	"bnlab/train/experiment"
)

// blame returns err with its fields named as the user set them: by a flag, a variable,
// or a line of the configuration file. Fields in other files that were read keep their
// names.
func blame(options []*Option, err error) error {
	var field interface {
		error
		Text(name func(field string) string) string
	}
	if !errors.As(err, &field) || errors.Is(err, experiment.ErrPlan) || errors.Is(err, model.ErrFile) {
		return err
	}
	first := true
	text := field.Text(func(name string) string {
		name = strings.ReplaceAll(name, "_", "-")
		o := find(options, name)
		switch {
		case o == nil:
			return name
		case first:
			first = false
			return o.title()
		}
		return "--" + name
	})
	return blamed{strings.Replace(err.Error(), field.Error(), text, 1), err}
}

// blamed is an error with another text.
type blamed struct {
	text string
	error
}

func (b blamed) Error() string { return b.text }
func (b blamed) Unwrap() error { return b.error }

// Bad returns an error about the value of an option, which names it as the user wrote
// it.
func (c *Call) Bad(option, format string, args ...any) error {
	o := find(c.command.Options, option)
	if o == nil {
		panic("bnlab: no option " + option)
	}
	return Usagef("%s", strings.TrimSpace(o.title()+o.valueText()+": "+fmt.Sprintf(format, args...)))
}

// valueText returns the value as shown after the name in a message: quoted, except
// numbers and file names.
func (o *Option) valueText() string {
	text := o.String()
	switch path := o.Placeholder == "DIR" || o.Placeholder == "FILE"; {
	case o.IsBoolFlag() || text == "":
		return ""
	case o.field.Kind() == reflect.String && !path:
		return fmt.Sprintf(" %.60q", text)
	}
	return " " + text
}
