package shell

import (
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/cmd/internal/screen"
	"bnlab/train/atomicfile"
)

// IsSet reports whether an option was given, in any way.
func (c *Call) IsSet(option string) bool {
	o := find(c.command.Options, option)
	return o != nil && o.IsSet()
}

// StandsFor makes an option that was given count as another one that was given there: its value
// is another way to write that one's.
func (c *Call) StandsFor(option, other string) {
	o := find(c.command.Options, option)
	find(c.command.Options, other).from, o.from = o.from, source{}
}

// OnCommandLine reports whether an option is on the command line, which takes
// precedence over a variable or a configuration file.
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

// Note writes a line to stderr, in which file names and the content of records are
// plain text.
func (c *Call) Note(format string, args ...any) { screen.Note(c.Err, format, args...) }

// Warn writes a WARNING to stderr for each text.
func (c *Call) Warn(texts ...string) {
	for _, text := range texts {
		c.Note("WARNING: %s", text)
	}
}

// Refuse prints an error that does not end the command.
func (c *Call) Refuse(err error) { printError(c.Err, c.asJSON, err) }

// checkArguments returns an error if the command takes no arguments but has some.
func (c *Call) checkArguments() error {
	if c.command.Arguments == "" && len(c.Args) > 0 {
		return Usagef("unexpected argument %q: %s takes flags only", c.Args[0], c.name)
	}
	return nil
}

// Print prints the result of a command, as a table or as one JSON object.
func (c *Call) Print(asJSON bool, r interface{ Table(w io.Writer) }) error {
	if asJSON {
		return screen.JSON(c.Out, r)
	}
	r.Table(c.Out)
	return nil
}

// Write writes a text as the result of a command, unless making it has failed.
func (c *Call) Write(text []byte, err error) error {
	if err == nil {
		_, err = c.Out.Write(text)
	}
	return err
}

// Outputs are the destinations of the files named by options, by option.
type Outputs map[string]atomicfile.Output

// Outputs decides where the outputs named by the options go, so that errors show before
// the work starts. None may be an input of the command, one of reads or its
// configuration, and no two may be the same. If one is standard output, results go to
// stderr from then on.
func (c *Call) Outputs(reads []string, options ...string) (Outputs, error) {
	reads = append(reads, c.Config())
	if err := c.CheckStdout(slices.Values(reads)); err != nil {
		return nil, err
	}
	stdout, _ := atomicfile.Locate(atomicfile.Stdout, c.Out)
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

// CheckStdout returns an error if standard output would be appended to one of the files
// that are read. Where it is no file, it does not look at them.
func (c *Call) CheckStdout(reads iter.Seq[string]) error {
	stdout, _ := atomicfile.Locate(atomicfile.Stdout, c.Out)
	if file, _ := atomicfile.Overwritten(reads, stdout); file != "" {
		return Usagef("standard output goes to %s, which is an input; redirect it elsewhere", file)
	}
	return nil
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

// Write writes what content returns to the destination of an option, if any.
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

// NotStdout returns an error if the option, which names a folder, is standard output.
func (c *Call) NotStdout(option, path string) error {
	if path == atomicfile.Stdout {
		return Usagef("%s -: standard output, expected a folder; for a folder of that name give ./-", find(c.command.Options, option).title())
	}
	return nil
}

// CanBeFolder returns an error if the option cannot name a folder: a file is in the
// way, or it is standard output.
func (c *Call) CanBeFolder(option, path string) error {
	if err := c.NotStdout(option, path); err != nil {
		return err
	}
	title := find(c.command.Options, option).title()
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
