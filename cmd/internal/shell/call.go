package shell

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/cmd/internal/screen"
	"bnlab/train/atomicfile"
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

// Outputs are where the files go that options name, by option.
type Outputs map[string]atomicfile.Output

// Outputs decides where the outputs go that the options name, so that what cannot be
// written shows before the work. None may be one of the files that the command reads,
// those of reads and its configuration, nor may two be one. Where one is standard
// output, the results go to stderr from now on.
func (c *Call) Outputs(reads []string, options ...string) (Outputs, error) {
	stdout, _ := atomicfile.Locate(atomicfile.Stdout, c.Out)
	reads = append(reads, c.Config())
	if file, _ := atomicfile.Overwritten(slices.Values(reads), stdout); file != "" {
		return nil, Usagef("standard output goes to %s, which is an input; redirect it elsewhere", file)
	}
	all := Outputs{}
	for i, name := range options {
		if find(c.command.Options, name).String() == "" {
			continue
		}
		o, err := c.output(name, stdout, reads)
		if err != nil {
			return nil, err
		}
		for _, other := range options[:i] {
			if o.Same(all[other]) {
				return nil, Usagef("--%s %s and --%s %s: both write to the same place; change one of them", other, all[other].Path, name, o.Path)
			}
		}
		all[name] = o
	}
	for _, o := range all {
		if o.Stdout {
			c.Out = c.Err
		}
	}
	return all, nil
}

// output does so for one option.
func (c *Call) output(name string, stdout atomicfile.Output, reads []string) (atomicfile.Output, error) {
	option := find(c.command.Options, name)
	title, path := option.title(), option.String()
	o, err := atomicfile.Locate(path, c.Out)
	json := find(c.command.Options, "json")
	read, _ := atomicfile.Overwritten(slices.Values(reads), o)
	ext := filepath.Ext(path)
	streamed := o.Stream() && ext == "" // of the first kind
	switch {
	case err != nil:
		return o, fmt.Errorf("%s %s: %w", title, path, err)
	case o.Stdout && json != nil && json.field.Bool():
		return o, Usagef("%s %s: --json uses standard output; redirect one of the two", title, path)
	case o.Stdout && screen.IsTerminal(c.Out):
		return o, Usagef("%s %s: standard output is the terminal; redirect it to a file or a pipe", title, path)
	case !o.Stdout && o.Same(stdout):
		return o, Usagef("%s %s: standard output goes to that file too; give -, or another name", title, path)
	case read != "":
		return o, Usagef("%s %s: the same file as %s, which is an input; give another name", title, path, read)
	case option.extensions != nil && !streamed && !slices.Contains(option.extensions, strings.ToLower(ext)):
		return o, Usagef("%s %s: extension %q; give a %s file", title, path, ext, orList(option.extensions))
	}
	return o, nil
}

// Write writes what content returns to the place of an option, where it has one.
func (all Outputs) Write(option string, content func() ([]byte, error)) error {
	o := all[option]
	if o.Path == "" {
		return nil
	}
	data, err := content()
	if err != nil {
		return fmt.Errorf("--%s %s: %w", option, o.Path, err)
	}
	if err := o.Write(data); err != nil {
		return fmt.Errorf("--%s %w", option, err)
	}
	return nil
}

// CanBeFolder returns an error where the option names what no folder can be made of: a
// file stands in the way, or standard output is meant.
func (c *Call) CanBeFolder(option, path string) error {
	title := find(c.command.Options, option).title()
	if path == atomicfile.Stdout {
		return Usagef("%s -: standard output, expected a folder; for a folder of that name give ./-", title)
	}
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err == nil && !info.IsDir() {
			return Usagef("%s %s: %s is a file, expected a folder; give another name", title, path, p)
		}
		if err == nil || p == filepath.Dir(p) {
			return nil
		}
	}
}
