package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"bnlab/cmd/internal/screen"
	"bnlab/train/atomicfile"
)

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
		return nil, Usagef("standard output goes to the same file as %s, which is read; send it elsewhere", file)
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
				return nil, Usagef("--%s %s and --%s %s: both go to the same place; give each its own", other, all[other].Path, name, o.Path)
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
	switch {
	case err != nil:
		return o, fmt.Errorf("%s %s: %w", title, path, err)
	case o.Stdout && json != nil && json.field.Bool():
		return o, Usagef("%s %s: standard output is taken by --json; give one of the two another place", title, path)
	case o.Stdout && screen.IsTerminal(c.Out):
		return o, Usagef("%s %s: standard output is the terminal; send it into a file or a pipe", title, path)
	case !o.Stdout && o.Same(stdout):
		return o, Usagef("%s %s: standard output goes to that file too; give -, or another name", title, path)
	}
	if file, _ := atomicfile.Overwritten(slices.Values(reads), o); file != "" {
		return o, Usagef("%s %s: the same file as %s, which is read; give another name", title, path, file)
	}
	return o, nil
}

// Write writes what goes to the place of an option.
func (all Outputs) Write(option string, parts ...[]byte) error {
	if err := all[option].Write(parts...); err != nil {
		return fmt.Errorf("--%s %w", option, err)
	}
	return nil
}

// CanBeFolder returns an error where the option names what no folder can be made of: a
// file stands in the way, or standard output is meant.
func (c *Call) CanBeFolder(option, path string) error {
	title := find(c.command.Options, option).title()
	if path == atomicfile.Stdout {
		return Usagef("%s -: standard output, where a folder must be; give a name, ./- for a folder called so", title)
	}
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err == nil && !info.IsDir() {
			return Usagef("%s %s: %s is a file, where a folder must be; give another name", title, path, p)
		}
		if err == nil || p == filepath.Dir(p) {
			return nil
		}
	}
}
