package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// number is the value of a flag that takes a number. It is decimal wherever it is
// written: on the command line, in a variable or in a file. The library's own flags
// read numbers as Go's source text has them, where 010 is 8.
type number[T int | uint64 | float64] struct {
	value T
	parse func(string) (T, error)
}

// Set, String and Get make it a [flag.Getter].
func (n *number[T]) Set(text string) (err error) {
	n.value, err = n.parse(text)
	return err
}
func (n *number[T]) String() string { return fmt.Sprint(n.value) }
func (n *number[T]) Get() any       { return n.value }

// numberFlag returns a flag, of which ctx.Int, ctx.Uint64 or ctx.Float64 reads the
// value.
func numberFlag[T int | uint64 | float64](name string, value T, usage string, parse func(string) (T, error)) cli.Flag {
	return &cli.GenericFlag{Name: name, Value: &number[T]{value, parse}, Usage: usage, EnvVars: env(name)}
}

func parseInt(text string) (int, error) { return strconv.Atoi(text) }

func parseSeed(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }

func parseFloat(text string) (float64, error) {
	if otherBase.MatchString(text) {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(text, 64)
}

// otherBase matches numbers that Go's source text has beside the decimal ones, as
// 0x10 and 0x1p-2, 0o10, 0b10 and 1_000.
var otherBase = regexp.MustCompile(`(?i)^[+-]?0[xob]|[0-9]_[0-9]`)

// whyNot says what is wrong with the value of a flag that is not taken.
func whyNot(value string) string {
	if otherBase.MatchString(value) {
		return "give it in decimal digits, without 0x, 0o, 0b and _"
	}
	return "not a value of the right kind or size"
}

// splitInts reads whole numbers with commas or spaces between them.
func splitInts(flag, s string) ([]int, error) {
	ints := []int{} // never nil: in JSON no numbers are [], not null
	for _, word := range splitList(s) {
		v, err := parseInt(word)
		if err != nil {
			return nil, usagef("%s %q: %q is no whole number in decimal digits; give numbers with commas between, as 50,50", flag, s, word)
		}
		ints = append(ints, v)
	}
	return ints, nil
}

// splitFloats reads numbers with commas or spaces between them, at least one.
func splitFloats(flag, s string) ([]float64, error) {
	var values []float64
	for _, word := range splitList(s) {
		v, err := parseFloat(word)
		if err != nil {
			return nil, usagef("%s %q: %q is no number in decimal digits; give numbers with commas between, as 1e-3,1e-4", flag, s, word)
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return nil, usagef("%s: give at least one number", flag)
	}
	return values, nil
}

// splitList returns the words of a list with commas or spaces between them, an empty
// one where a value is missing between commas.
func splitList(s string) (words []string) {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	for _, part := range strings.Split(s, ",") {
		fields := strings.Fields(part)
		if len(fields) == 0 {
			fields = []string{""}
		}
		words = append(words, fields...)
	}
	return words
}

func joinInts(ints []int) string {
	words := make([]string, len(ints))
	for i, v := range ints {
		words[i] = strconv.Itoa(v)
	}
	return strings.Join(words, ",")
}
