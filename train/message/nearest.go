package message

import (
	"fmt"

	"github.com/xrash/smetrics"
)

// DidYouMean suggests the word of known most similar to a mistyped one, prefixed with
// mark; it is empty if none is similar.
func DidYouMean(mark, word string, known []string) string {
	best, most := "", 1+len([]rune(word))/4 // letters put in, left out or changed
	for _, k := range known {
		if d := smetrics.WagnerFischer(word, k, 1, 1, 1); d <= most {
			best, most = k, d-1
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", mark+best)
}
