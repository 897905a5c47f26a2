package main

import (
	"context"
	"runtime"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"
)

type infoOptions struct {
	dataset.Options
	shell.Backend
	shell.Format
}

func infoCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "info",
		Usage: "show the BLAS in use, what slows it down, and the data found",
		Description: `Examples:
  bnlab info
  env -u OPENBLAS_CORETYPE bnlab info --json`,
	}, infoOptions{}, "dataset", info)
}

func info(_ context.Context, call *shell.Call, o infoOptions) error {
	dir, err := cifar.Find(o.Data)
	if err != nil {
		return err
	}
	b := blas.Current()
	r := results.Info{
		Version: build.Version(), Go: runtime.Version(), Backend: b, Backends: results.AllBackends(), BF16: results.FindBF16(), Built: b.Config,
		Cores: machine.Cores(), Features: blas.Features(), Data: dir, Warnings: blas.Advice(), BitsFollow: results.BitsFollow(),
	}
	if r.Warnings == nil {
		r.Warnings = []string{}
	}
	return call.Print(o.JSON, r)
}
