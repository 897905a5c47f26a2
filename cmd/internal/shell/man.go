package shell

import (
	"bytes"
	"fmt"
	"strings"
)

// ManualPage returns the manual page of the program, in the macros of man(7).
func (c *Call) ManualPage() []byte {
	p, program := &roff{}, c.program
	fmt.Fprintf(p, ".TH %s 1 \"\" \"%s %s\"\n", strings.ToUpper(program.Name), program.Name, plain(program.Version))
	fmt.Fprintf(p, ".SH NAME\n%s\n.SH SYNOPSIS\n", plain(program.Name+" - "+program.Usage))
	for i, line := range []string{"COMMAND [flags] [arguments]", "COMMAND --help", "--version"} {
		if i > 0 {
			fmt.Fprintln(p, ".br")
		}
		fmt.Fprintf(p, ".B %s\n%s\n", program.Name, plain(line))
	}
	fmt.Fprintln(p, ".SH DESCRIPTION")
	p.description(program.Description)
	fmt.Fprintln(p, ".SH COMMANDS")
	for _, s := range program.Sections {
		p.shared = append(p.shared, s.Options...)
	}
	for _, c := range program.Commands {
		p.command(program.Name, c)
	}
	for _, s := range program.Sections {
		fmt.Fprintln(p, ".SH", s.Title)
		for _, o := range s.Options {
			p.term(o.synopsis(), o.meaning())
		}
		p.description(s.Text)
		for _, t := range s.Terms {
			p.term(t[0], t[1])
		}
	}
	return p.Bytes()
}

// roff is a manual page in the making.
type roff struct {
	bytes.Buffer
	shared []*Option // that are described in sections of their own
}

// term writes a word and what it means.
func (p *roff) term(name, text string) { fmt.Fprintf(p, ".TP\n.B %s\n%s\n", plain(name), plain(text)) }

// description writes paragraphs, and lines that stay as they are.
func (p *roff) description(text string) {
	for _, b := range blocks(text) {
		if !b.literal {
			fmt.Fprintf(p, ".PP\n%s\n", plain(strings.Join(b.lines, " ")))
			continue
		}
		fmt.Fprintln(p, ".PP\n.in +4n\n.nf")
		for _, line := range b.lines {
			fmt.Fprintln(p, plain(line))
		}
		fmt.Fprintln(p, ".fi\n.in")
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
	fmt.Fprintf(p, ".SS %s\n%s.\n", plain(c.synopsis(name)), plain(strings.ToUpper(c.Usage[:1])+c.Usage[1:]))
	p.description(c.Description)
	var below []string
	for _, o := range c.Options {
		if s := find(p.shared, o.Name); s != nil && s.meaning() == o.meaning() {
			below = append(below, "--"+o.Name)
		} else if o.Name != "help" {
			p.term(o.synopsis(), o.meaning())
		}
	}
	if len(below) > 0 {
		fmt.Fprintf(p, ".PP\n%s\n", plain("Also, described below: "+strings.Join(below, ", ")+"."))
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
