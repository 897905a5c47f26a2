package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagValues are the values of the flags that have a fixed set of them.
var flagValues = map[string][]string{
	"break":     {"W", "b", "gamma", "beta"},
	"dataset":   {"auto", "cifar10", "synthetic"},
	"engine":    {"slurm"},
	"fit":       {"crop", "squash"},
	"fuse":      {"auto", "off"},
	"init":      {"he", "xavier", "normal"},
	"precision": {"f32", "f64"},
	"range":     {"report", "neighbours"},
	"set":       {"test", "val", "train"},
	"stage":     {"coarse", "fine", "final", "all"},
}

// checkWord returns an error where a flag has none of its values.
func checkWord(ctx *cli.Context, flag string) error {
	values := flagValues[flag]
	if value := ctx.String(flag); !slices.Contains(values, value) {
		last := len(values) - 1
		return usagef("--%s %q: give %s or %s", flag, value, strings.Join(values[:last], ", "), values[last])
	}
	return nil
}
