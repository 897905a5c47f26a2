package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
	"bnlab/train/disk"
)

// outputs are where the files go that flags name, by flag.
type outputs map[string]disk.Output

// outputsOf decides where the outputs go that the flags name, so that what cannot be
// written shows before the work. None may be one of the files that the command
// reads, those of reads and its configuration, nor may two be one. Where one is
// standard output, the results go to stderr from now on.
func outputsOf(ctx *cli.Context, reads []string, flags ...string) (outputs, error) {
	stdout, _ := disk.Locate(disk.Stdout, ctx.App.Writer)
	reads = append(reads, ctx.String("config"))
	if file, _ := disk.Overwritten(slices.Values(reads), stdout); file != "" {
		return nil, usagef("standard output goes to the same file as %s, which is read; send it elsewhere", file)
	}
	all := outputs{}
	for i, flag := range flags {
		if ctx.String(flag) == "" {
			continue
		}
		o, err := outputOf(ctx, flag, stdout, reads)
		if err != nil {
			return nil, err
		}
		for _, other := range flags[:i] {
			if o.Same(all[other]) {
				return nil, usagef("--%s %s and --%s %s: both go to the same place; give each its own", other, all[other].Path, flag, o.Path)
			}
		}
		all[flag] = o
	}
	for _, o := range all {
		if o.Stdout {
			ctx.App.Writer = ctx.App.ErrWriter
		}
	}
	return all, nil
}

// outputOf does so for one flag.
func outputOf(ctx *cli.Context, flag string, stdout disk.Output, reads []string) (disk.Output, error) {
	path := ctx.String(flag)
	o, err := disk.Locate(path, ctx.App.Writer)
	switch {
	case err != nil:
		return o, fmt.Errorf("--%s %s: %w", flag, path, err)
	case o.Stdout && ctx.Bool("json"):
		return o, usagef("--%s %s: standard output is taken by --json; give one of the two another place", flag, path)
	case o.Stdout && isTerminal(ctx.App.Writer):
		return o, usagef("--%s %s: standard output is the terminal; send it into a file or a pipe", flag, path)
	case !o.Stdout && o.Same(stdout):
		return o, usagef("--%s %s: standard output goes to that file too; give -, or another name", flag, path)
	}
	if file, _ := disk.Overwritten(slices.Values(reads), o); file != "" {
		return o, usagef("--%s %s: the same file as %s, which is read; give another name", flag, path, file)
	}
	return o, nil
}

// write writes what goes to the place of a flag.
func (all outputs) write(flag string, parts ...[]byte) error {
	if err := all[flag].Write(parts...); err != nil {
		return fmt.Errorf("--%s %w", flag, err)
	}
	return nil
}

// dataFiles returns the files of the data set that the flags name.
func dataFiles(ctx *cli.Context) []string {
	if ctx.String("dataset") == "synthetic" {
		return nil
	}
	at, err := cifar.Find(ctx.String("data"))
	if err != nil || at == "" {
		return nil // which whoever reads the data tells
	}
	return cifar.Files(at)
}

// canBeFolder returns an error where the flag names what no folder can be made of: a
// file stands in the way, or standard output is meant.
func canBeFolder(flag, path string) error {
	if path == disk.Stdout {
		return usagef("--%s -: standard output, where a folder must be; give a name, ./- for a folder called so", flag)
	}
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err == nil && !info.IsDir() {
			return usagef("--%s %s: %s is a file, where a folder must be; give another name", flag, path, p)
		}
		if err == nil || p == filepath.Dir(p) {
			return nil
		}
	}
}
