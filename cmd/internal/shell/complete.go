package shell

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The scripts that make a shell ask the program for completions.
//
//go:embed scripts
var scripts embed.FS

// Shells are the supported shells.
var Shells = []string{"bash", "zsh", "fish"}

// CompletionScript returns the script of one of Shells.
func CompletionScript(shell string) ([]byte, error) {
	return scripts.ReadFile("scripts/bnlab." + shell)
}

// completeWord is the argument with which the scripts call the program, followed by the
// words of the command line up to the one at the cursor.
const completeWord = "__complete"

// A candidate is a possible next word, a tab, and its description. One that begins with
// a colon is for the shell to expand: :dirs, or :files with an extension.

// printCandidates writes one line per possible completion of the last of words.
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
		if c[0] == ':' || strings.HasPrefix(c, last) {
			fmt.Fprintln(w, c)
		}
	}
}

// candidates returns the possible words after before; last is the word typed so far.
func candidates(commands []*Command, before []string, last string) []string {
	cmd, _, _, rest := descend(commands, before)
	all := []string{"help\tshow the help of a command", "--help\tshow help"}
	switch {
	case cmd == nil:
		all = append(all, "--version\tprint the version")
	case len(cmd.Commands) == 0:
		return cmd.candidates(rest, last)
	default:
		commands = cmd.Commands
	}
	if meant := cmd.meant(rest); meant != nil {
		return meant.candidates(rest, last)
	}
	if len(rest) > 0 {
		return nil // no such command
	}
	for _, c := range commands {
		all = append(all, c.Name+"\t"+c.Usage)
	}
	return slices.DeleteFunc(all, func(c string) bool { return last == "" && c[0] == '-' })
}

// candidates returns what may come next on the line of a command, after some words of
// its own.
func (c *Command) candidates(before []string, last string) []string {
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
	all := []string{"--help\tshow help"}
	for _, o := range c.Options {
		if !given[o.Name] {
			all = append(all, "--"+o.Name+"\t"+o.Help)
		}
	}
	return all
}

// valuesOf returns the values of an option, with prefix before each.
func valuesOf(o *Option, prefix string) []string {
	if o == nil {
		return nil
	}
	if kind := standsFor(o.Placeholder); kind != nil {
		return kind
	}
	return bare(prefix, o.Values)
}

// argument returns what the n-th argument of the command may be; nil where it takes
// none.
func (c *Command) argument(n int) []string {
	for i, name := range strings.Fields(c.Arguments) {
		name, repeated := strings.CutSuffix(name, "...")
		if i == n || repeated {
			return standsFor(name)
		}
	}
	return nil
}

// standsFor returns what may stand for a placeholder.
func standsFor(placeholder string) []string {
	switch placeholder {
	case "DIR":
		return []string{":dirs"}
	case "FILE", "PICTURE":
		return []string{":files"}
	case "MODEL":
		return []string{":files.safetensors"}
	case "SHELL":
		return bare("", Shells)
	}
	return nil
}

// bare returns words of which there is nothing to say, with prefix before each.
func bare(prefix string, of []string) (all []string) {
	for _, word := range of {
		all = append(all, prefix+word+"\t")
	}
	return all
}
