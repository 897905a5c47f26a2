package shell

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// ManualPage returns the manual page of the program, in the macros of man(7).
func (c *Call) ManualPage() []byte {
	var page bytes.Buffer
	p, program := &roff{w: &page}, c.program
	fmt.Fprintf(&page, ".TH %s 1 \"\" \"%s %s\"\n", strings.ToUpper(program.Name), program.Name, plain(program.Version))
	p.macro("SH", "NAME")
	p.text(program.Name + " - " + program.Usage)
	p.macro("SH", "SYNOPSIS")
	for i, line := range []string{"COMMAND [flags] [arguments]", "COMMAND --help", "--version"} {
		if i > 0 {
			p.macro("br")
		}
		p.macro("B", program.Name)
		p.text(line)
	}
	p.macro("SH", "DESCRIPTION")
	p.description(program.Manual.Description)
	p.macro("SH", "COMMANDS")
	for _, s := range program.Manual.Sections {
		p.shared = append(p.shared, s.Options...)
	}
	for _, c := range program.Commands {
		p.command(program.Name, c)
	}
	for _, s := range program.Manual.Sections {
		p.macro("SH", s.Title)
		for _, o := range s.Options {
			p.option(o)
		}
		p.description(s.Text)
		for _, t := range s.Terms {
			p.term(t[0], t[1])
		}
	}
	return page.Bytes()
}

// roff writes the macros of man(7).
type roff struct {
	w      io.Writer
	shared []*Option // that are described in sections of their own
}

func (p *roff) macro(name string, args ...string) {
	fmt.Fprintln(p.w, "."+strings.Join(append([]string{name}, args...), " "))
}

// text writes a line that roff fills.
func (p *roff) text(text string) { fmt.Fprintln(p.w, plain(text)) }

// term writes a word and what it means.
func (p *roff) term(name, text string) {
	p.macro("TP")
	p.macro("B", plain(name))
	p.text(text)
}

func (p *roff) option(o *Option) { p.term(o.synopsis(), o.meaning()) }

// description writes paragraphs, and lines that stay as they are.
func (p *roff) description(text string) {
	for _, b := range blocks(text) {
		p.macro("PP")
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

// command writes what a command does and the options that it does not share, then
// the same of the commands below it.
func (p *roff) command(parent string, c *Command) {
	name := parent + " " + c.Name
	for _, below := range c.Commands {
		p.command(name, below)
	}
	if len(c.Commands) > 0 {
		return
	}
	p.macro("SS", plain(c.synopsis(name)))
	p.text(strings.ToUpper(c.Usage[:1]) + c.Usage[1:] + ".")
	p.description(c.Description)
	var below []string
	for _, o := range c.Options {
		if s := find(p.shared, o.Name); s != nil && s.meaning() == o.meaning() {
			below = append(below, "--"+o.Name)
		} else if o.Name != "help" {
			p.option(o)
		}
	}
	if len(below) > 0 {
		p.macro("PP")
		p.text("Also, described below: " + strings.Join(below, ", ") + ".")
	}
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
