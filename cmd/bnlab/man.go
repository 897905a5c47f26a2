package main

import (
	"context"

	"bnlab/cmd/internal/shell"
)

func manCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "man",
		Usage: "print the manual page",
		Description: `The page is in the format that man reads.

Examples:
  bnlab man | man -l -
  bnlab man > bnlab.1`,
	}, struct{}{}, "", func(_ context.Context, call *shell.Call, _ struct{}) error {
		return call.Write(call.ManualPage(), nil)
	})
}
