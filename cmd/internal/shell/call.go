package shell

import (
	"io"

	"bnlab/cmd/internal/screen"
)

// Call is a command at work: its words, and where it reads and writes.
type Call struct {
	Args []string // the words that are no flags
	In   io.Reader
	Out  io.Writer // for results
	Err  io.Writer // for everything else

	command *Command
	name    string   // of the command, in full
	line    []string // the whole command line, as it was typed
	program *Program
	asJSON  bool // print errors as JSON
}

// IsSet reports whether an option was given, in whatever way.
func (c *Call) IsSet(option string) bool {
	o := find(c.command.Options, option)
	return o != nil && o.IsSet()
}

// OnCommandLine reports whether an option stands on the command line, which a variable or
// a configuration file gives way to.
func (c *Call) OnCommandLine(option string) bool {
	return find(c.command.Options, option).from.rank == byCommandLine
}

// Config returns the name of the configuration file; empty for none.
func (c *Call) Config() string {
	if o := find(c.command.Options, "config"); o != nil {
		return o.field.String()
	}
	return ""
}

// Note writes a line to stderr, in which names of files and what records say are no
// more than text.
func (c *Call) Note(format string, args ...any) { screen.Note(c.Err, format, args...) }

// Warn writes a WARNING to stderr for each text.
func (c *Call) Warn(texts ...string) {
	for _, text := range texts {
		c.Note("WARNING: %s", text)
	}
}

// Refuse tells of an error that does not end the command.
func (c *Call) Refuse(err error) { printError(c.Err, c.asJSON, err) }

// checkArguments returns an error where the command takes no arguments and has some.
func (c *Call) checkArguments() error {
	if c.command.Arguments == "" && len(c.Args) > 0 {
		return Usagef("unexpected argument %q: %s takes flags only", c.Args[0], c.name)
	}
	return nil
}

// Print prints what a command found, as a table or as one JSON object.
func (c *Call) Print(asJSON bool, r interface{ Table(w io.Writer) }) error {
	if asJSON {
		return screen.JSON(c.Out, r)
	}
	r.Table(c.Out)
	return nil
}
