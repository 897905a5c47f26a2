package shell

import (
	"os"
	"slices"
	"strconv"
	"strings"
)

// badLine puts what package flag says about the line into the form of the other
// messages: which flag, what is wrong, and what to do.
func (c *Call) badLine(err error) error {
	for _, o := range c.command.Options {
		if o.problem != nil {
			return c.seeHelp(o.problem)
		}
	}
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		return c.noFlag(strings.TrimLeft(name, "-"))
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return Usagef("--%s: give a value", strings.TrimLeft(name, "-"))
	}
	return c.seeHelp(Usagef("%v", err))
}

func (c *Call) seeHelp(err error) error { return Usagef("%v; see `%s --help`", err, c.name) }

// noFlag is about a flag that the command does not have.
func (c *Call) noFlag(name string) error {
	typed := "--" + name
	if slices.Contains(c.line, typed[1:]) {
		typed = typed[1:]
	}
	if c.name == c.program.Name && allOptions(c.program.Commands)[name] {
		return Usagef("%s: the command comes first, as in `%s train --%s`; see `%[2]s --help`", typed, c.name, name)
	}
	return Usagef("%s: no such flag%s; see `%s --help`", typed, flagHint(name, optionNames(c.command.Options)), c.name)
}

// wantsJSONErrors reports whether the command line or the environment asks for errors
// in JSON. It looks for itself: a fault may show before the flags are read.
func wantsJSONErrors(args []string) bool {
	const name = "json-errors"
	asked, _ := strconv.ParseBool(os.Getenv((&Option{Name: name}).Variable())) // false is not a fault of this flag
	for _, arg := range args[min(1, len(args)):] {
		if arg == "--" {
			break
		}
		flag, value, given := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		if flag != name || arg[0] != '-' {
			continue
		}
		asked = !given
		if given {
			asked, _ = strconv.ParseBool(value)
		}
	}
	return asked
}
