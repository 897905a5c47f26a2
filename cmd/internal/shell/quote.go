package shell

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bnlab/train/message"
)

// Again returns the command line for a shell, with the flags of more that it lacks,
// prefixed with the environment that it depends on: how to continue after an
// interruption, even in another shell.
func (c *Call) Again(more ...string) string {
	words := slices.Clone(c.line)
	for _, flag := range more {
		if !slices.Contains(words, flag) {
			words = append(words, flag)
		}
	}
	for i, word := range words {
		words[i] = Quote(word)
	}
	return strings.Join(slices.Concat(variables(c.command.Options), words), " ")
}

// variables returns the variables of the environment that set the options, or tell
// where the data are, as NAME=value for a shell.
func variables(options []*Option) []string {
	var words []string
	for _, o := range options {
		names := []string{o.Variable()}
		if o.Name == "data" {
			names = append(names, "CIFAR10_DIR")
		}
		for _, name := range names {
			if value := os.Getenv(name); value != "" {
				words = append(words, name+"="+Quote(value))
			}
		}
	}
	return words
}

// Quote returns s as one shell word, quoted only if necessary.
func Quote(s string) string {
	special := func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_@%+=:,./-", c)
	}
	if s != "" && !strings.ContainsFunc(s, special) {
		return s
	}
	if !message.Printable(s) { // raw, a terminal would obey it
		return "$'" + escaped(s) + "'"
	}
	return SingleQuote(s)
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

// SingleQuote returns s as one shell word, in single quotes.
func SingleQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
