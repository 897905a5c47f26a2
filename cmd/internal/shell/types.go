// Package shell connects the command line to the commands of the program: flags and the
// sources of their values, help, completion, the manual page, errors and exit codes,
// signals. Commands are values, and their flags are fields of structs; only this
// package knows the library that parses the command line.
package shell

import (
	"context"
	"maps"
	"strings"
)

// Program is a program with many commands.
type Program struct {
	Name, Usage string
	Version     string
	VersionText func() string // what --version prints
	FirstSteps  string        // examples for first-time users
	Manual      Manual
	Commands    []*Command
}

// Section is a section of the manual page that is not made from the commands.
type Section struct {
	Title, Text string
	Terms       [][2]string
	Options     []*Option // shared by many commands, and described only here
}

// Manual is what the manual page says besides the help of the commands.
type Manual struct {
	Description string
	Sections    []Section
}

// Command is a command of the program, or a group of commands.
type Command struct {
	Name        string
	Usage       string // what it does, in a line
	Arguments   string // placeholders of its arguments, as MODEL PICTURE...; empty for none
	Description string // further paragraphs and examples; indented lines stay as they are

	Commands []*Command // of a group
	Options  []*Option
	check    func(*Call) error                  // of the options; nil for none
	run      func(context.Context, *Call) error // nil for a group
}

// named returns the command of a name, nil where there is none.
func named(commands []*Command, name string) *Command {
	for _, c := range commands {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// takesValue reports whether the word after arg is its value. An unknown flag, and one
// with its value behind =, take none.
func (c *Command) takesValue(arg string) bool {
	o := find(c.Options, strings.TrimLeft(arg, "-"))
	return o != nil && !o.IsBoolFlag()
}

// commandNames returns what commands are called, and help.
func commandNames(commands []*Command) []string {
	all := []string{"help"}
	for _, c := range commands {
		all = append(all, c.Name)
	}
	return all
}

// optionNames returns what options are called.
func optionNames(options []*Option) []string {
	var all []string
	for _, o := range options {
		all = append(all, o.Name)
	}
	return all
}

// allOptions returns the names of the options of all commands.
func allOptions(commands []*Command) map[string]bool {
	all := map[string]bool{}
	for _, c := range commands {
		for _, o := range c.Options {
			all[o.Name] = true
		}
		maps.Copy(all, allOptions(c.Commands))
	}
	return all
}
