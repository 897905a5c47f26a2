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
		flag, value, given := strings.Cut(arg, "=")
		if flag == "-"+name || flag == "--"+name {
			on, _ := strconv.ParseBool(value)
			asked = on || !given
		}
	}
	return asked
}

// descend follows the words that name commands, one below the other, as far as they go.
// In place of a command help may stand, of the one whose name follows. It returns the
// last command, nil for none, the names that led to it, and the words behind them.
func descend(commands []*Command, words []string) (cmd *Command, names []string, help bool, rest []string) {
	for len(words) > 0 {
		if next := named(commands, words[0]); next != nil {
			cmd, commands, names = next, next.Commands, append(names, words[0])
		} else if words[0] == "help" && len(commands) > 0 {
			help = true
		} else {
			break
		}
		words = words[1:]
	}
	return cmd, names, help, words
}

// meant returns the command below a group that is meant where rest names none: --help in
// its place, and nothing, are of the group.
func (c *Command) meant(rest []string) *Command {
	if c == nil || c.Default == "" || len(rest) == 0 || rest[0] == "--help" || rest[0] == "-h" {
		return nil
	}
	return named(c.Commands, c.Default)
}

// flagsFirst returns args with the flags of a command moved before its other
// arguments, because the flag parser stops at the first of those: `eval m --json`
// becomes `eval --json m`. What follows "--" is not a flag: `predict m -- -x.png` becomes
// `predict -- m -x.png`. The word help in place of a command becomes --help: `help
// train` becomes `train --help`, as does `train --help` with more on its line.
func flagsFirst(commands []*Command, args []string) []string {
	cmd, names, help, rest := descend(commands, args[1:])
	if meant := cmd.meant(rest); meant != nil && !help {
		cmd, names = meant, append(names, meant.Name)
	}
	head := append(args[:1:1], names...)
	if help {
		rest = append(slices.Clip(rest), "--help")
	}
	if cmd == nil || len(cmd.Commands) > 0 {
		return append(head, rest...)
	}
	var flags, others []string
	for i := 0; i < len(rest); i++ {
		switch arg := rest[i]; {
		case arg == "--help" || arg == "-h":
			return append(head, arg) // of the command, whatever stands beside it
		case arg == "--":
			flags, others = append(flags, arg), append(others, rest[i+1:]...)
			return slices.Concat(head, flags, others)
		case len(arg) < 2 || arg[0] != '-':
			others = append(others, arg)
		case i+1 < len(rest) && cmd.takesValue(arg):
			i++
			flags = append(flags, arg, rest[i])
		default:
			flags = append(flags, arg)
		}
	}
	return slices.Concat(head, flags, others)
}
