package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// otherVariables begin like those that set flags, and belong to tests and scripts.
var otherVariables = []string{"TEST_", "PYTHON", "PEERS"}

// unknownVariables returns a line about each variable of the environment that is
// named like one that sets a flag, while no command has that flag. Empty ones count as
// not set.
func unknownVariables(environ []string, commands []*cli.Command) (lines []string) {
	known := map[string]bool{}
	for name := range allFlags(commands) {
		known[strings.TrimPrefix(env(name)[0], variablePrefix)] = true
	}
	for _, variable := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(variable, "=")
		name, ours := strings.CutPrefix(name, variablePrefix)
		foreign := slices.ContainsFunc(otherVariables, func(begin string) bool { return strings.HasPrefix(name, begin) })
		if ours && value != "" && !known[name] && !foreign {
			lines = append(lines, variablePrefix+name+": no flag has this variable"+
				didYouMean(variablePrefix, name, slices.Sorted(maps.Keys(known)))+"; it changes nothing")
		}
	}
	return lines
}

// allFlags returns the names of the flags of all commands.
func allFlags(commands []*cli.Command) map[string]bool {
	names := map[string]bool{}
	for _, c := range commands {
		for _, f := range c.Flags {
			names[f.Names()[0]] = true
		}
		maps.Copy(names, allFlags(c.Subcommands))
	}
	return names
}
