package main

import (
	"embed"
	"slices"

	"github.com/urfave/cli/v2"
)

// The scripts that make a shell ask the program what may come next.
//
//go:embed shells
var shellScripts embed.FS

var shells = []string{"bash", "zsh", "fish"}

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "script for a shell, that completes commands, flags and values",
		UsageText: "bnlab completion SHELL",
		Description: `SHELL is bash, zsh or fish. To have it in every new shell, put the first line into
~/.bashrc, the second into ~/.zshrc (after compinit), or run the third once:

  source <(bnlab completion bash)
  source <(bnlab completion zsh)
  bnlab completion fish > ~/.config/fish/completions/bnlab.fish

Examples:
  bnlab completion bash
  bnlab completion zsh > _bnlab
  bnlab completion fish`,
		Action: func(ctx *cli.Context) error {
			if ctx.NArg() != 1 {
				return usagef("give one shell: bash, zsh or fish")
			}
			if shell := ctx.Args().First(); !slices.Contains(shells, shell) {
				return usagef("no completion for %q; give bash, zsh or fish", shell)
			}
			script, err := shellScripts.ReadFile("shells/bnlab." + ctx.Args().First())
			if err == nil {
				_, err = ctx.App.Writer.Write(script)
			}
			return err
		},
	}
}
