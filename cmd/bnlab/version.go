package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"bnlab/blas"
)

func init() { cli.VersionPrinter = printVersion }

// printVersion answers --version with what a report of a fault should name.
func printVersion(ctx *cli.Context) {
	w, b := ctx.App.Writer, blas.Current()
	fmt.Fprintf(w, "bnlab version %s\n", version)
	if commit != "" {
		fmt.Fprintf(w, "commit  %s\n", commit)
	}
	fmt.Fprintf(w, "built   %s, %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(w, "BLAS    %s %s, kernel %s\n", b.Name, b.Version, b.Core)
}

// commit is set by the Makefile; without it, it is what Go knows.
var commit string

func init() {
	if commit != "" {
		return
	}
	settings := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
	}
	commit = settings["vcs.revision"]
	if settings["vcs.modified"] == "true" {
		commit += " with changes"
	}
}
