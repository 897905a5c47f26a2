package shell

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The scripts that make a shell ask the program what may come next.
//
//go:embed scripts
var scripts embed.FS

// Shells are the shells that there is a script for.
var Shells = []string{"bash", "zsh", "fish"}

// CompletionScript returns the script of one of Shells.
func CompletionScript(shell string) ([]byte, error) {
	return scripts.ReadFile("scripts/bnlab." + shell)
}

// completeWord is the word with which the scripts call the program. The words of the
// command line follow, up to the one at the cursor.
const completeWord = "__complete"

// candidate is a word that may come next. One that begins with a colon is for the
// shell itself to answer: :dirs, or :files with an ending.
type candidate struct{ text, about string }

// printCandidates writes a line for each word that may stand in place of the last
// of words: the word, a tab, and what it is.
func printCandidates(w io.Writer, commands []*Command, words []string) {
	if len(words) == 0 {
		return
	}
	last := words[len(words)-1]
	// Bash makes a word of its own of the = in --precision=f32.
	isEquals := func(word string) bool { return word == "=" }
	if isEquals(last) {
		last = ""
	}
	before := slices.DeleteFunc(slices.Clone(words[:len(words)-1]), isEquals)
	for _, c := range candidates(commands, before, last) {
		switch {
		case c.text[0] == ':':
			fmt.Fprintln(w, c.text)
		case strings.HasPrefix(c.text, last):
			fmt.Fprintf(w, "%s\t%s\n", c.text, c.about)
		}
	}
}

// candidates returns what may follow the words before; last is what there is of
// it so far.
func candidates(commands []*Command, before []string, last string) []candidate {
	var cmd *Command
	for len(before) > 0 {
		next := named(commands, before[0])
		if next == nil && before[0] == "help" && len(commands) > 0 {
			before = before[1:]
			continue
		}
		if next == nil {
			break
		}
		cmd, commands, before = next, next.Commands, before[1:]
	}
	if cmd != nil && len(commands) == 0 {
		return cmd.candidates(before, last)
	}
	if len(before) > 0 {
		return nil // no such command
	}
	all := []candidate{{"help", "show the help of a command"}, {"--help", "show help"}}
	if cmd == nil {
		all = append(all, candidate{"--version", "print the version"})
	}
	for _, c := range commands {
		all = append(all, candidate{c.Name, c.Usage})
	}
	return slices.DeleteFunc(all, func(c candidate) bool { return last == "" && c.text[0] == '-' })
}

// candidates returns what may come next on the line of a command, after some words of
// its own.
func (c *Command) candidates(before []string, last string) []candidate {
	given, arguments := map[string]bool{}, 0
	for i := 0; i < len(before); i++ {
		word := before[i]
		if len(word) < 2 || word[0] != '-' {
			arguments++
			continue
		}
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		given[name] = true
		if c.takesValue(word) {
			if i == len(before)-1 {
				return valuesOf(find(c.Options, name), "")
			}
			i++
		}
	}
	if flag, _, ok := strings.Cut(last, "="); ok && strings.HasPrefix(flag, "--") {
		return valuesOf(find(c.Options, flag[2:]), flag+"=")
	}
	if values := c.argument(arguments); values != nil && !strings.HasPrefix(last, "-") {
		return values
	}
	all := []candidate{{"--help", "show help"}}
	for _, o := range c.Options {
		if !given[o.Name] {
			all = append(all, candidate{"--" + o.Name, o.Help})
		}
	}
	return all
}

// valuesOf returns the values of an option, with prefix before each.
func valuesOf(o *Option, prefix string) []candidate {
	if o == nil {
		return nil
	}
	if kind := standsFor(o.Placeholder); kind != nil {
		return kind
	}
	var all []candidate
	for _, value := range o.Values {
		all = append(all, candidate{text: prefix + value})
	}
	return all
}

// argument returns what the n-th argument of the command may be; nil where it takes
// none.
func (c *Command) argument(n int) []candidate {
	for i, name := range strings.Fields(c.Arguments) {
		name, repeated := strings.CutSuffix(name, "...")
		if i == n || repeated {
			return standsFor(name)
		}
	}
	return nil
}

// standsFor returns what may stand for a placeholder.
func standsFor(placeholder string) []candidate {
	switch placeholder {
	case "DIR":
		return []candidate{{text: ":dirs"}}
	case "FILE", "PICTURE":
		return []candidate{{text: ":files"}}
	case "MODEL":
		return []candidate{{text: ":files.safetensors"}}
	case "SHELL":
		var all []candidate
		for _, shell := range Shells {
			all = append(all, candidate{text: shell})
		}
		return all
	}
	return nil
}
