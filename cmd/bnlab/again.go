package main

import (
	"slices"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"
)

// argsKey is where run leaves the words of the command line.
const argsKey = "args"

// again returns the command line for a shell, with the flags of more that are
// not in it: how to go on after an interruption.
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
	return strings.Join(words, " ")
}

// shellWord returns s as one word of a shell, quoted only where it must be.
func shellWord(s string) string {
	special := func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_@%+=:,./-", c)
	}
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	return quote(s)
}
