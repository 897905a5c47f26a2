package shell

import (
	"slices"
	"strings"
	"testing"
)

// TestFlagsFirst: flags may stand anywhere among a command's arguments.
func TestFlagsFirst(t *testing.T) {
	for args, want := range map[string]string{
		"eval m --json":                        "eval --json m",
		"eval m --set val --json":              "eval --set val --json m",
		"eval --set=val m --json":              "eval --set=val --json m",
		"eval m -set val":                      "eval -set val m",
		"eval --json m":                        "eval --json m",
		"eval m -- --json":                     "eval -- m --json",
		"predict m --top 1 -- -x.png -- y":     "predict --top 1 -- m -x.png -- y",
		"eval m -":                             "eval m -",
		"eval m --set":                         "eval --set m",
		"eval m --nosuch x":                    "eval --nosuch m x",
		"sweep run runs/a --shard 1/2":         "sweep run --shard 1/2 runs/a",
		"sweep plan compare --depth 3 --out d": "sweep plan compare --depth 3 --out d",
		"sweep plan a.yaml --set d":            "sweep plan study --set d a.yaml",
		"sweep plan --set d a.yaml":            "sweep plan study --set d a.yaml",
		"sweep plan compar":                    "sweep plan study compar",
		"sweep plan --help":                    "sweep plan --help",
		"sweep plan a.yaml --help":             "sweep plan study --help",
		"sweep plan":                           "sweep plan",
		"report a b --out c":                   "report --out c a b",
		"train --lambda -1":                    "train --lambda -1",
		"nosuch a --json":                      "nosuch a --json",
		"sweep a --json":                       "sweep a --json",
		"--version":                            "--version",
		"help":                                 "--help",
		"help train":                           "train --help",
		"help sweep plan":                      "sweep plan --help",
		"sweep help plan":                      "sweep plan --help",
		"report help":                          "report help",
		"":                                     "",
	} {
		full := append([]string{"bnlab"}, strings.Fields(args)...)
		got := flagsFirst(testCommands(), full)
		if !slices.Equal(got[1:], strings.Fields(want)) {
			t.Errorf("%s: %v, want %s", args, got[1:], want)
		}
	}
}
