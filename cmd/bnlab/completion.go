package main

import (
	"context"
	"slices"

	"bnlab/cmd/internal/shell"
)

func completionCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "completion",
		Usage:     "print a shell script that completes commands, flags and values",
		Arguments: "SHELL",
		Description: `SHELL is bash, zsh or fish. To enable completion in every new shell, add the first line
to ~/.bashrc, the second to ~/.zshrc (after compinit), or run the third once:

  source <(bnlab completion bash)
  source <(bnlab completion zsh)
  bnlab completion fish > ~/.config/fish/completions/bnlab.fish

Examples:
  bnlab completion bash
  bnlab completion zsh > _bnlab
  bnlab completion fish`,
	}, struct{}{}, "", func(_ context.Context, call *shell.Call, _ struct{}) error {
		if len(call.Args) != 1 {
			return shell.Usagef("give one shell: bash, zsh or fish")
		}
		if name := call.Args[0]; !slices.Contains(shell.Shells, name) {
			return shell.Usagef("no completion for %q; give bash, zsh or fish", name)
		}
		return call.Write(shell.CompletionScript(call.Args[0]))
	})
}
