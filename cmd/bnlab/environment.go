package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

// badVariable puts what the flag parser says about an environment variable into
// the form of the other messages: which one, what is wrong, and what to do.
func badVariable(ctx *cli.Context, err error) error {
	var value, kind, variable string
	if n, _ := fmt.Sscanf(err.Error(), "could not parse %q as %s value from environment variable %q", &value, &kind, &variable); n < 3 {
		return err
	}
	return usagef("$%s %.60q: not a value of the right kind or size; see `%s --help`", variable, value, ctx.Command.HelpName)
}
