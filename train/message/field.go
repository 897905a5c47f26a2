package message

import (
	"fmt"
	"regexp"
)

// FieldError says what is wrong with the value of a field, of a configuration or
// another request, and what to give instead. Its message names fields as in JSON; a
// program that reads them from elsewhere substitutes its own names with Text.
type FieldError struct {
	format string
	args   []any
}

// Fieldf returns a [*FieldError]. In the format, fields are in braces, the wrong one
// first, as in "{eta_max} %g: give a learning rate of {eta_min} or above".
func Fieldf(format string, args ...any) error { return &FieldError{format, args} }

// Error returns the message, fields under their own names.
func (e *FieldError) Error() string { return e.Text(func(field string) string { return field }) }

// Text returns the message with fields named by name, which is called for each in
// order.
func (e *FieldError) Text(name func(field string) string) string {
	format := inBraces.ReplaceAllStringFunc(e.format, func(field string) string { return name(field[1 : len(field)-1]) })
	return fmt.Sprintf(format, e.args...)
}

var inBraces = regexp.MustCompile(`\{[a-z_]+[0-9]*\}`)
