// Package message has what messages, tables and text files have in common: counts,
// lists of names, and foreign text that a terminal or a spreadsheet would obey.
package message

import (
	"fmt"
	"strings"
)

// Count puts a number before what it counts, a regular noun: 1 trial, 2 trials.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// MostListed is how many names List writes.
const MostListed = 10

// List joins names with commas: at most MostListed, then how many more there are.
func List(names []string) string {
	if len(names) <= MostListed+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:MostListed], ", "), len(names)-MostListed)
}
