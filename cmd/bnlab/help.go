package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"bnlab/train"
)

func init() { cli.HelpPrinter = printHelp }

// printHelp writes the help of the program or of a command.
func printHelp(w io.Writer, _ string, of any) {
	h := helpText{w, helpWidth(w)}
	switch of := of.(type) {
	case *cli.App:
		h.app(of)
	case *cli.Command:
		h.command(of)
	}
}

// helpWidth returns how wide a help text may be: as the terminal is, within
// reason, and 80 columns elsewhere.
func helpWidth(w io.Writer) int {
	if f := terminal(w); f != nil {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return min(max(width, 50), 110)
		}
	}
	return 80
}

// helpText is a help text in the making.
type helpText struct {
	w     io.Writer
	width int
}

// firstSteps are examples for who starts the program for the first time.
const firstSteps = `  bnlab train --bn --save m.safetensors     a network, saved
  bnlab eval m.safetensors                  its accuracy and confusion matrix
  bnlab compare --depth 3,9 --seeds 3       what batch normalisation does`

func (h helpText) app(app *cli.App) {
	h.title(app.Name, app.Usage)
	fmt.Fprintf(h.w, "Usage: %s COMMAND [flags]\n", app.Name)
	h.commands(app.VisibleCommands())
	h.heading("To begin with")
	fmt.Fprintln(h.w, firstSteps)
	h.heading("More")
	for _, line := range [][2]string{
		{"bnlab COMMAND --help", "flags and examples of a command"},
		{"bnlab man | man -l -", "the manual: files, environment, exit status"},
		{"bnlab --version", "version, commit, Go and BLAS"},
	} {
		h.entry(line[0], line[1], 24)
	}
}

func (h helpText) command(c *cli.Command) {
	h.title(c.HelpName, c.Usage)
	usage := c.UsageText
	switch {
	case usage == "" && len(c.Subcommands) > 0:
		usage = c.HelpName + " COMMAND [flags]"
	case usage == "":
		usage = c.HelpName + " [flags]"
	}
	fmt.Fprintf(h.w, "Usage: %s\n", usage)
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
	h.commands(c.VisibleCommands())
	for _, g := range flagGroups(c.VisibleFlags()) {
		h.heading(g.name)
		for _, f := range g.flags {
			h.entry(flagTitle(f), flagUsage(f), 22)
		}
	}
	if f := c.Flags[0].(cli.DocGenerationFlag); len(f.GetEnvVars()) > 0 {
		fmt.Fprintf(h.w, "\nEvery flag can be set by the environment, as --%s by %s.\n", c.Flags[0].Names()[0], f.GetEnvVars()[0])
	}
}

func (h helpText) title(name, usage string) {
	fmt.Fprintf(h.w, "%s\n\n", strings.Join(wrapped(name+": "+usage, h.width), "\n"))
}

func (h helpText) heading(name string) {
	fmt.Fprintf(h.w, "\n%s\n", paint(h.w, strong, name+":"))
}

func (h helpText) commands(commands []*cli.Command) {
	if len(commands) == 0 {
		return
	}
	h.heading("Commands")
	for _, c := range commands {
		h.entry(c.Name, c.Usage, 14)
	}
}

// entry writes a name and, from a column on, what it means.
func (h helpText) entry(name, text string, column int) {
	lines := wrapped(text, h.width-column)
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
func wrapped(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		line := &lines[len(lines)-1]
		switch {
		case *line == "":
			*line = word
		case utf8.RuneCountInString(*line)+1+utf8.RuneCountInString(word) <= width:
			*line += " " + word
		default:
			lines = append(lines, word)
		}
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

// flagGroup is flags under a heading.
type flagGroup struct {
	name  string
	flags []cli.Flag
}

// flagGroups parts the flags of a command: those of its own, those that many
// commands share.
func flagGroups(all []cli.Flag) []flagGroup {
	const hyper, data, seeds, general = 1, 2, 3, 4 // after those of its own
	groups := []flagGroup{{"Flags", nil}, {"Hyper-parameters", nil}, {"Data", nil}, {"Seeds, precision, evaluation", nil}, {"General", nil}}
	home := map[string]int{"config": general, "print-config": general, "help": general, "json": general, jsonErrors: general, "quiet": general}
	for _, f := range hyperFlags(train.Default()) {
		home[f.Names()[0]] = hyper
	}
	for _, f := range dataFlags() {
		home[f.Names()[0]] = data
	}
	for _, name := range []string{"val", "train-size", "test-size"} {
		home[name] = data
	}
	for _, name := range []string{"seed", "order-seed", "precision", "evals", "eval-train"} {
		home[name] = seeds
	}
	for _, f := range all {
		g := &groups[home[f.Names()[0]]]
		g.flags = append(g.flags, f)
	}
	var filled []flagGroup
	for _, g := range groups {
		if len(g.flags) > 0 {
			filled = append(filled, g)
		}
	}
	return filled
}

// flagTitle returns a flag with the placeholder of its value, as --data DIR.
func flagTitle(f cli.Flag) string {
	d, name := f.(cli.DocGenerationFlag), "--"+f.Names()[0]
	if !d.TakesValue() {
		return name
	}
	if _, marked, ok := strings.Cut(d.GetUsage(), "`"); ok {
		placeholder, _, _ := strings.Cut(marked, "`")
		return name + " " + placeholder
	}
	if values := flagValues[f.Names()[0]]; values != nil {
		return name + " WORD"
	}
	if _, ok := f.(*cli.StringFlag); ok {
		return name + " TEXT"
	}
	return name + " N"
}

// flagUsage returns what a flag means, and its default.
func flagUsage(f cli.Flag) string {
	d, text := f.(cli.DocGenerationFlag), usageOf(f)
	if value := strings.Trim(d.GetDefaultText(), `"`); d.TakesValue() && value != "" {
		text += " (default: " + value + ")"
	}
	return text
}
