package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"bnlab/train/message"
)

// argsKey is where run leaves the words of the command line.
const argsKey = "args"

// again returns the command line for a shell, with the flags of more that are
// not in it, and before it the environment that it depends on: how to go on after
// an interruption, in another shell too.
func again(ctx *cli.Context, more ...string) string {
	args, _ := ctx.App.Metadata[argsKey].([]string)
	words := slices.Clone(args)
	for _, flag := range more {
		if !slices.Contains(words, flag) {
			words = append(words, flag)
		}
	}
	for i, word := range words {
		words[i] = shellWord(word)
	}
	return strings.Join(slices.Concat(settings(ctx), words), " ")
}

// settings returns the variables of the environment that set flags of the command,
// or tell where its data are, as NAME=value for a shell.
func settings(ctx *cli.Context) []string {
	var words []string
	for _, f := range ctx.Command.Flags {
		names := f.(cli.DocGenerationFlag).GetEnvVars()
		if f.Names()[0] == "data" {
			names = append(names, "CIFAR10_DIR")
		}
		for _, name := range names {
			if value := os.Getenv(name); value != "" {
				words = append(words, name+"="+shellWord(value))
			}
		}
	}
	return words
}

// shellWord returns s as one word of a shell, quoted only where it must be.
func shellWord(s string) string {
	special := func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_@%+=:,./-", c)
	}
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	if !message.Printable(s) { // raw, a terminal would obey it
		return "$'" + escaped(s) + "'"
	}
	return quote(s)
}

// escaped returns s for between $' and ' of bash, zsh and ksh. What is not shown as it is
// stands there byte by byte: by the number of the letter a shell finds it in some
// locales only.
func escaped(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		_, n := utf8.DecodeRuneInString(s)
		switch letter := s[:n]; {
		case letter == "'" || letter == `\`:
			b.WriteString(`\` + letter)
		case message.Printable(letter):
			b.WriteString(letter)
		default:
			for _, c := range []byte(letter) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		}
		s = s[n:]
	}
	return b.String()
}
