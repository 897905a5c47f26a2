package shell

import (
	"regexp"
	"strconv"
	"strings"
)

// Numbers are decimal wherever they are written, on the command line, in a variable or
// in a file: a leading zero changes nothing, and other bases are refused. Go's own
// flags take 010 for 8.

// ParseInt reads a whole number.
func ParseInt(text string) (int, error) { return strconv.Atoi(text) }

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

// parseList reads values with commas or spaces between them, and returns the first word
// that is none; an empty one where a value is missing between commas. The list is
// never nil: in JSON no numbers are [], not null.
func parseList[T any](text string, parse func(string) (T, error)) (list []T, wrong string, ok bool) {
	list = []T{}
	if strings.TrimSpace(text) == "" {
		return list, "", true
	}
	for _, part := range strings.Split(text, ",") {
		words := strings.Fields(part)
		if len(words) == 0 {
			words = []string{""}
		}
		for _, word := range words {
			v, err := parse(word)
			if err != nil {
				return nil, word, false
			}
			list = append(list, v)
		}
	}
	return list, "", true
}
