package shell

import (
	"maps"
	"os"
	"slices"
	"strings"

	"bnlab/train/message"
)

// unsetEmpty removes empty variables of options from the environment: they count as
// unset.
func unsetEmpty() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); value == "" && strings.HasPrefix(name, variablePrefix) {
			os.Unsetenv(name)
		}
	}
}

// otherVariables begin like those that set options, and belong to tests and scripts.
var otherVariables = []string{"TEST_", "PYTHON", "PEERS"}

// unknownVariables returns one line per environment variable that is named like one for
// an option that no command has. Empty ones count as unset.
func unknownVariables(environ []string, commands []*Command) (lines []string) {
	known := map[string]bool{}
	for name := range allOptions(commands) {
		known[strings.TrimPrefix((&Option{Name: name}).Variable(), variablePrefix)] = true
	}
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(variable, "=")
		name, ours := strings.CutPrefix(name, variablePrefix)
		foreign := slices.ContainsFunc(otherVariables, func(begin string) bool { return strings.HasPrefix(name, begin) })
		if ours && value != "" && !known[name] && !foreign {
			lines = append(lines, variablePrefix+name+": no flag has this variable"+
				message.DidYouMean(variablePrefix, name, slices.Sorted(maps.Keys(known)))+"; it has no effect")
		}
	}
	return lines
}
