package shell

import (
	"fmt"
	"regexp"
	"slices"
)

// DidYouMean asks for the one of known that a mistyped word is most like, with mark
// before it; it says nothing where none is.
func DidYouMean(mark, word string, known []string) string {
	best, least := "", 1+len([]rune(word))/4 // at most this many edits
	for _, k := range known {
		if d := editDistance(word, k); d <= least && (best == "" || d < editDistance(word, best)) {
			best = k
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", mark+best)
}

// editDistance returns how many letters have to be put in, left out, changed, or swapped
// with the next one, to make a word of another: the optimal string alignment
// distance, by its recurrence.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	d := make([][]int, len(from)+1) // d[i][j]: of the first i and the first j letters
	for i := range d {
		d[i] = make([]int, len(to)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case from[i-1] == to[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j], d[i][j-1], d[i-1][j-1])
			}
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				d[i][j] = min(d[i][j], 1+d[i-2][j-2])
			}
		}
	}
	return d[len(from)][len(to)]
}

// familiarFlags are names that other programs have, and what to use here where the
// command has it; of several the first that it has.
var familiarFlags = map[string][]string{
	"epochs":        {"use --ns and --cycles"},
	"epoch":         {"use --ns and --cycles"},
	"lr":            {"use --eta-min and --eta-max"},
	"learning-rate": {"use --eta-min and --eta-max"},
	"batch-size":    {"use --batch"},
	"weight-decay":  {"use --lambda"},
	"depth":         {"use --hidden, as 50,50 for 3 layers"},
	"layers":        {"use --depth", "use --hidden, as 50,50 for 3 layers"},
	"output":        {"use --out", "use --save"},
	"optimizer":     {"it is SGD with a cyclical learning rate of --eta-min to --eta-max"},
	"optimiser":     {"it is SGD with a cyclical learning rate of --eta-min to --eta-max"},
	"version":       {"use `bnlab --version`"},
}

// familiarCommands are the same for commands.
var familiarCommands = map[string]string{
	"version":  "use `bnlab --version`",
	"export":   "`bnlab train --save` writes safetensors, which PyTorch reads",
	"evaluate": "use `bnlab eval`",
	"test":     "use `bnlab eval`",
	"fit":      "use `bnlab train`",
	"download": "use `bnlab data fetch`",
}

var flagInText = regexp.MustCompile(`(?:^| )--([a-z-]+)`)

// flagHint says what to use in place of a flag that a command with those of known does
// not have: what it is called there, or else which one may be meant.
func flagHint(name string, known []string) string {
	for _, use := range familiarFlags[name] {
		if !slices.ContainsFunc(flagInText.FindAllStringSubmatch(use, -1), func(m []string) bool { return !slices.Contains(known, m[1]) }) {
			return "; " + use
		}
	}
	return DidYouMean("--", name, known)
}

// commandHint is the same for a command.
func commandHint(name string, known []string) string {
	if use, ok := familiarCommands[name]; ok {
		return "; " + use
	}
	return DidYouMean("", name, known)
}
