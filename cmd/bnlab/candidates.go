package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// completeWord is the word with which the scripts of `bnlab completion` call the
// program. The words of the command line follow, up to the one at the cursor.
const completeWord = "__complete"

// candidate is a word that may come next. One that begins with a colon is for the
// shell itself to answer: :dirs, or :files with an ending.
type candidate struct{ text, about string }

// printCandidates writes a line for each word that may stand in place of the last
// of words: the word, a tab, and what it is.
func printCandidates(w io.Writer, commands []*cli.Command, words []string) {
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
func candidates(commands []*cli.Command, before []string, last string) []candidate {
	var cmd *cli.Command
	for len(before) > 0 {
		at := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(before[0]) })
		if at < 0 && before[0] == "help" && len(commands) > 0 {
			before = before[1:]
			continue
		}
		if at < 0 {
			break
		}
		cmd, commands, before = commands[at], commands[at].Subcommands, before[1:]
	}
	if cmd != nil && len(commands) == 0 {
		return cmdCandidates(cmd, before, last)
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

// cmdCandidates returns what may come next on the line of a command without
// subcommands, after some words of its own.
func cmdCandidates(cmd *cli.Command, before []string, last string) []candidate {
	given, arguments := map[string]bool{}, 0
	for i := 0; i < len(before); i++ {
		word := before[i]
		if len(word) < 2 || word[0] != '-' {
			arguments++
			continue
		}
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		given[name] = true
		if takesValue(cmd, word) {
			if i == len(before)-1 {
				return valueCandidates(cmd, name, "")
			}
			i++
		}
	}
	if flag, _, ok := strings.Cut(last, "="); ok && strings.HasPrefix(flag, "--") {
		return valueCandidates(cmd, flag[2:], flag+"=")
	}
	if values := argumentCandidates(cmd, arguments); values != nil && !strings.HasPrefix(last, "-") {
		return values
	}
	all := []candidate{{"--help", "show help"}}
	for _, f := range cmd.Flags {
		if name := f.Names()[0]; !given[name] && name != "help" {
			all = append(all, candidate{"--" + name, usageOf(f)})
		}
	}
	return all
}

// usageOf returns the text of a flag, without the marks at its placeholder.
func usageOf(f cli.Flag) string {
	return strings.ReplaceAll(f.(cli.DocGenerationFlag).GetUsage(), "`", "")
}

// valueCandidates returns the values of a flag, with prefix before each.
func valueCandidates(cmd *cli.Command, name, prefix string) []candidate {
	at := slices.IndexFunc(cmd.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if at < 0 {
		return nil
	}
	_, placeholder, _ := strings.Cut(cmd.Flags[at].(cli.DocGenerationFlag).GetUsage(), "`")
	placeholder, _, _ = strings.Cut(placeholder, "`")
	if kind := kindOf(placeholder); kind != nil {
		return kind
	}
	var all []candidate
	for _, value := range flagValues[name] {
		all = append(all, candidate{text: prefix + value})
	}
	return all
}

// argumentCandidates returns what the n-th argument of a command may be, by its
// placeholder in the usage; nil where it takes none.
func argumentCandidates(cmd *cli.Command, n int) []candidate {
	_, usage, _ := strings.Cut(cmd.UsageText, cmd.Name)
	names := slices.DeleteFunc(strings.Fields(usage), func(word string) bool { return word == "[flags]" })
	for i, name := range names {
		name, repeated := strings.CutSuffix(name, "...")
		if i == n || repeated {
			return kindOf(name)
		}
	}
	return nil
}

// kindOf returns what may stand for a placeholder.
func kindOf(placeholder string) []candidate {
	switch placeholder {
	case "DIR":
		return []candidate{{text: ":dirs"}}
	case "FILE", "PICTURE":
		return []candidate{{text: ":files"}}
	case "MODEL":
		return []candidate{{text: ":files.safetensors"}}
	case "SHELL":
		var all []candidate
		for _, shell := range shells {
			all = append(all, candidate{text: shell})
		}
		return all
	}
	return nil
}
