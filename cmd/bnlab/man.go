package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"bnlab/train"
)

func manCommand() *cli.Command {
	return &cli.Command{
		Name:      "man",
		Usage:     "the manual page",
		UsageText: "bnlab man",
		Description: `Prints it as man takes it.

Examples:
  bnlab man | man -l -
  bnlab man > bnlab.1`,
		Action: func(ctx *cli.Context) error {
			if err := noArguments(ctx); err != nil {
				return err
			}
			_, err := ctx.App.Writer.Write(manual(ctx.App))
			return err
		},
	}
}

// manual returns the manual page, in the macros of man(7).
func manual(app *cli.App) []byte {
	var page bytes.Buffer
	p := &roff{w: &page}
	fmt.Fprintf(&page, ".TH BNLAB 1 \"\" \"bnlab %s\"\n", plain(programVersion()))
	p.section("NAME")
	p.text(app.Name + " - " + app.Usage)
	p.section("SYNOPSIS")
	for i, line := range []string{"COMMAND [flags] [arguments]", "COMMAND --help", "--version"} {
		if i > 0 {
			p.macro("br")
		}
		p.macro("B", "bnlab")
		p.text(line)
	}
	p.section("DESCRIPTION")
	p.description(manDescription)
	p.section("COMMANDS")
	for _, c := range app.VisibleCommands() {
		p.command("bnlab", c)
	}
	for _, s := range sharedFlags() {
		p.section(s.name)
		for _, f := range s.flags {
			p.flag(f)
		}
	}
	for _, s := range manSections {
		p.section(s.name)
		p.description(s.text)
		for _, t := range s.terms {
			p.term(t[0], t[1])
		}
	}
	return page.Bytes()
}

// sharedFlags returns the flags that the page describes once, because many
// commands have them.
func sharedFlags() []flagGroup {
	general := []cli.Flag{jsonFlag(), jsonErrorsFlag(), boolFlag("quiet", "no progress on stderr"), configFlag(), printConfigFlag()}
	return []flagGroup{
		{"HYPER-PARAMETERS", hyperFlags(train.Default())},
		{"SWEEPS", flags(without(sweepFlags(), "json", "quiet"), outFlags(""))},
		{"DATA", dataFlags()},
		{"GENERAL FLAGS", general},
	}
}

// roff writes the macros of man(7).
type roff struct {
	w     io.Writer
	begun bool // whether the section has text already
}

func (p *roff) macro(name string, args ...string) {
	fmt.Fprintln(p.w, "."+strings.Join(append([]string{name}, args...), " "))
}

func (p *roff) section(name string) {
	p.macro("SH", name)
	p.begun = false
}

// paragraph begins one.
func (p *roff) paragraph() {
	if p.begun {
		p.macro("PP")
	}
}

// text writes a line that roff fills.
func (p *roff) text(text string) {
	fmt.Fprintln(p.w, plain(text))
	p.begun = true
}

// term writes a word and what it means.
func (p *roff) term(name, text string) {
	p.macro("TP")
	p.macro("B", plain(name))
	p.text(text)
}

func (p *roff) flag(f cli.Flag) { p.term(flagTitle(f), flagUsage(f)) }

// description writes paragraphs, and lines that stay as they are.
func (p *roff) description(text string) {
	for _, b := range blocks(text) {
		p.paragraph()
		if !b.literal {
			p.text(strings.Join(b.lines, " "))
			continue
		}
		p.macro("in", "+4n")
		p.macro("nf")
		for _, line := range b.lines {
			p.text(line)
		}
		p.macro("fi")
		p.macro("in")
	}
}

// command writes what a command does and the flags that it does not share, then
// the same of the commands below it.
func (p *roff) command(parent string, c *cli.Command) {
	name := parent + " " + c.Name
	if len(c.Subcommands) > 0 {
		for _, below := range c.VisibleCommands() {
			p.command(name, below)
		}
		return
	}
	usage := c.UsageText
	if usage == "" {
		usage = name + " [flags]"
	}
	p.macro("SS", plain(usage))
	p.begun = false
	p.text(strings.ToUpper(c.Usage[:1]) + c.Usage[1:] + ".")
	p.description(c.Description)
	var below []string
	for _, f := range c.VisibleFlags() {
		switch own := f.Names()[0]; {
		case isShared(f):
			below = append(below, "--"+own)
		case own != "help":
			p.flag(f)
		}
	}
	if len(below) > 0 {
		p.paragraph()
		p.text("Also, described below: " + strings.Join(below, ", ") + ".")
	}
}

// isShared tells whether a flag is described with the shared ones, as it is.
func isShared(f cli.Flag) bool {
	for _, g := range sharedFlags() {
		for _, s := range g.flags {
			if s.Names()[0] == f.Names()[0] && flagUsage(s) == flagUsage(f) {
				return true
			}
		}
	}
	return false
}

// plain keeps roff from taking text for its own: a backslash, a hyphen that shall
// be one, a line that begins with a dot or a quote.
func plain(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
