package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// variablePrefix begins the name of every variable that sets a flag.
const variablePrefix = "BNLAB_"

// env returns the environment variable that sets a flag.
func env(flag string) []string {
	return []string{variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))}
}

// unsetEmpty takes the empty variables of flags out of the environment, so that they
// are as none: the library takes them for values of words and switches.
func unsetEmpty() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); value == "" && strings.HasPrefix(name, variablePrefix) {
			os.Unsetenv(name)
		}
	}
}

// badVariable puts what the flag parser says about an environment variable into
// the form of the other messages: which one, what is wrong, and what to do.
func badVariable(ctx *cli.Context, err error) error {
	parts := unparsed.FindStringSubmatch(err.Error())
	if parts == nil {
		return err
	}
	value, unquoteErr := strconv.Unquote(parts[1])
	if unquoteErr != nil {
		return err
	}
	return usagef("$%s %.60q: %s; see `%s --help`", parts[2], value, whyNot(value), ctx.Command.HelpName)
}

var unparsed = regexp.MustCompile(`^could not parse ("(?:[^"\\]|\\.)*") (?:as \w+ value )?from environment variable "(\w+)"`)
