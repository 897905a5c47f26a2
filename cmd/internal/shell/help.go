package shell

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"bnlab/cmd/internal/screen"
)

// helpText is a help text in the making.
type helpText struct {
	w     io.Writer
	width int
}

// newHelp returns one as wide as the terminal, within reason, and 80 columns elsewhere.
func newHelp(w io.Writer) helpText {
	if width := screen.Width(w); width > 0 {
		return helpText{w, min(max(width, 50), 110)}
	}
	return helpText{w, 80}
}

// program writes the help of the program.
func (h helpText) program(p *Program) {
	h.title(p.Name, p.Usage)
	fmt.Fprintf(h.w, "Usage: %s COMMAND [flags]\n", p.Name)
	h.commands(p.Commands)
	h.heading("Getting started")
	fmt.Fprintln(h.w, p.FirstSteps)
	h.heading("More")
	for _, line := range [][2]string{
		{"bnlab COMMAND --help", "flags and examples of a command"},
		{"bnlab man | man -l -", "the manual: files, environment, exit status"},
		{"bnlab --version", "version, commit, Go and BLAS"},
	} {
		h.entry(line[0], line[1], 24)
	}
}

// command writes the help of the command of that full name.
func (h helpText) command(name string, c *Command) {
	h.title(name, c.Usage)
	fmt.Fprintf(h.w, "Usage: %s\n", c.synopsis(name))
	for i, b := range blocks(c.Description) {
		if b.apart || i == 0 {
			fmt.Fprintln(h.w)
		}
		if b.literal {
			fmt.Fprintf(h.w, "  %s\n", strings.Join(b.lines, "\n  "))
			continue
		}
		for _, line := range wrapped(strings.Join(b.lines, " "), h.width) {
			fmt.Fprintln(h.w, line)
		}
	}
	h.commands(c.Commands)
	for _, group := range groups {
		h.options(group, c.Options)
	}
	if len(c.Commands) == 0 {
		o := c.Options[0]
		fmt.Fprintf(h.w, "\nEnvironment variables set flags too: %s sets --%s.\n", o.Variable(), o.Name)
	}
}

// synopsis returns how the command of that full name is called.
func (c *Command) synopsis(name string) string {
	switch {
	case len(c.Commands) > 0:
		return name + " COMMAND [flags]"
	case len(c.Options) == 2: // --json-errors and --help
		return strings.TrimSpace(name + " " + c.Arguments)
	}
	return strings.TrimSpace(name + " [flags] " + c.Arguments)
}

// general is the group of the flags that are about the program, not about networks.
const general = "General"

// groups are the headings of flags, in their order; first those of the command's own.
var groups = []string{"", "Hyper-parameters", "Methods", "Data", "Seeds, precision, evaluation", general}

// options writes those of a group.
func (h helpText) options(group string, all []*Option) {
	own := slices.DeleteFunc(slices.Clone(all), func(o *Option) bool { return o.Group != group })
	if len(own) == 0 {
		return
	}
	if group == "" {
		group = "Flags"
	}
	h.heading(group)
	for _, o := range own {
		h.entry(o.synopsis(), o.meaning(), 22)
	}
}

// synopsis returns an option with the placeholder of its value, as --data DIR.
func (o *Option) synopsis() string { return strings.TrimSpace("--" + o.Name + " " + o.Placeholder) }

// meaning returns what an option means, and its default.
func (o *Option) meaning() string {
	if o.Placeholder != "" && o.defaultValue != "" {
		return o.Help + " (default: " + o.defaultValue + ")"
	}
	return o.Help
}

func (h helpText) title(name, usage string) {
	fmt.Fprintf(h.w, "%s\n\n", strings.Join(wrapped(name+": "+usage, h.width), "\n"))
}

func (h helpText) heading(name string) {
	fmt.Fprintf(h.w, "\n%s\n", screen.Colourise(h.w, screen.Strong, name+":"))
}

func (h helpText) commands(commands []*Command) {
	if len(commands) == 0 {
		return
	}
	h.heading("Commands")
	for _, c := range commands {
		h.entry(c.Name, c.Usage, 14)
	}
}

// entry writes a name and, from a column on, what it means.
func (h helpText) entry(name, meaning string, column int) {
	lines := wrapped(meaning, h.width-column)
	if utf8.RuneCountInString(name) > column-4 {
		fmt.Fprintf(h.w, "  %s\n", name)
	} else {
		fmt.Fprintf(h.w, "  %-*s  %s\n", column-4, name, lines[0])
		lines = lines[1:]
	}
	for _, line := range lines {
		fmt.Fprintf(h.w, "%*s%s\n", column, "", line)
	}
}

// wrapped breaks a text into lines of at most so many letters.
func wrapped(words string, width int) []string {
	lines := strings.Split(text.WrapSoft(words, width), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

// block is a paragraph of a description, or lines that stay as they are: those
// that are indented.
type block struct {
	lines   []string
	literal bool
	apart   bool // after an empty line
}

// blocks parts a description.
func blocks(text string) []block {
	var all []block
	fresh := true
	for _, line := range strings.Split(text, "\n") {
		indented, literal := strings.CutPrefix(line, "  ")
		switch {
		case line == "":
			fresh = true
			continue
		case fresh || all[len(all)-1].literal != literal:
			all = append(all, block{literal: literal, apart: fresh})
		}
		fresh = false
		last := &all[len(all)-1]
		last.lines = append(last.lines, indented)
	}
	return all
}
