package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

// eachAction calls f for every command that does something, with the words that name
// it and the names of its flags, those that take a number apart.
func eachAction(f func(command, flags, numbers []string)) {
	eachCommand(commands(), "bnlab", func(name string, c *cli.Command) {
		var flags, numbers []string
		for _, flag := range c.Flags {
			if name := flag.Names()[0]; isNumber(flag) {
				numbers = append(numbers, name)
			} else if name != "help" {
				flags = append(flags, name)
			}
		}
		if len(c.Subcommands) == 0 {
			f(strings.Fields(name)[1:], flags, numbers)
		}
	})
}

// states returns what a command makes of its flags, and whether they are set, without
// running it.
func states(t *testing.T, command []string, args ...string) map[string]string {
	t.Helper()
	values := map[string]string{}
	app := &cli.App{Commands: commands(), ExitErrHandler: func(*cli.Context, error) {}}
	eachCommand(app.Commands, "bnlab", func(name string, c *cli.Command) {
		c.Action = func(ctx *cli.Context) error {
			err := readConfig(ctx)
			for _, f := range c.Flags {
				values[f.Names()[0]] = fmt.Sprintf("%v, set: %v", ctx.Value(f.Names()[0]), ctx.IsSet(f.Names()[0]))
			}
			return err
		}
	})
	if err := app.Run(slices.Concat([]string{"bnlab"}, command, args)); err != nil {
		t.Errorf("%q: %v", command, err)
	}
	return values
}

// isNumber tells whether a flag takes one number.
func isNumber(f cli.Flag) bool {
	switch f := f.(type) {
	case *cli.GenericFlag:
		return true
	case *cli.StringFlag, *cli.BoolFlag, *cli.StringSliceFlag:
		return false
	default:
		panic(fmt.Sprintf("--%s is a %T: of the library's own, whose numbers are not decimal", f.Names()[0], f))
	}
}

// places are where flags can be set: each sets some to a value and returns what to add
// to the command line.
var places = map[string]func(t *testing.T, value string, flags ...string) []string{
	"flag": func(_ *testing.T, value string, flags ...string) (args []string) {
		for _, flag := range flags {
			args = append(args, "--"+flag+"="+value)
		}
		return args
	},
	"variable": func(t *testing.T, value string, flags ...string) []string {
		for _, flag := range flags {
			t.Setenv(env(flag)[0], value)
		}
		return nil
	},
	"YAML": func(t *testing.T, value string, flags ...string) []string {
		return configWith(t, ".yaml", strings.Join(flags, ": "+value+"\n")+": "+value)
	},
	"TOML": func(t *testing.T, value string, flags ...string) []string {
		if value == "010" {
			value = `"010"` // TOML itself has no number with a leading zero
		}
		return configWith(t, ".toml", strings.Join(flags, " = "+value+"\n")+" = "+value)
	},
}

func configWith(t *testing.T, ext, text string) []string {
	path := filepath.Join(t.TempDir(), "c"+ext)
	if err := os.WriteFile(path, []byte(text+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return []string{"--config", path}
}

// ended is a context in which nothing trains, should a command get that far.
func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// TestNumbersAreDecimal: every flag of every command that takes a number reads it in
// decimal, wherever it is written, and refuses other bases in one line.
func TestNumbersAreDecimal(t *testing.T) {
	cleanEnv(t)
	ended := ended(t)
	bases, count := []string{"0x10", "0o10", "0b10", "1_000"}, 0
	eachAction(func(command, _, numbers []string) {
		if len(numbers) == 0 {
			return
		}
		for place, set := range places {
			t.Run(fmt.Sprintf("%q %s 010", command, place), func(t *testing.T) {
				got := states(t, command, set(t, "010", numbers...)...)
				for _, flag := range numbers {
					if got[flag] != "10, set: true" {
						t.Errorf("--%s 010 is %s", flag, got[flag])
					}
				}
			})
			for _, flag := range numbers {
				count++
				value := bases[count%len(bases)]
				t.Run(fmt.Sprintf("%q %s %s", command, place, value), func(t *testing.T) {
					r := call(ended, slices.Concat(command, set(t, value, flag))...)
					if r.code != exitUsage || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "give it in decimal digits") {
						t.Errorf("--%s: exit code %d: %s%s", flag, r.code, r.stderr, r.stdout)
					}
				})
			}
		}
	})
	if count < 4*150 {
		t.Errorf("only %d flags take a number", count/4)
	}
}

// TestOtherBases: fractions and lists are decimal too.
func TestOtherBases(t *testing.T) {
	cleanEnv(t)
	ended := ended(t)
	for _, line := range []string{
		"train --lambda 0x1p-2", "train --lambda 0X1P-2", "train --lambda 0x_1p4", "train --lambda -0x1p-2",
		"train --hidden 0x10", "train --hidden 50,0b1", "train --hidden 1_000", "compare --depth 0x3", "compare --depth 0o3",
		"gradcheck --depth 0b10", "gradcheck --hidden 0x5", "sigma --sigmas 0x1p-2", "sigma --sigmas 1e-1,1_0", "compare --fuse 0x2",
		"sweep plan lambda --out plan --lambdas 0x1p-8",
	} {
		if r := call(ended, strings.Fields(line)...); r.code != exitUsage || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d: %s", line, r.code, r.stderr)
		}
	}
	for text, want := range map[string]string{"010,050": "10,50", "007 08": "7,8", "+5": "5", "": ""} {
		if got, err := splitInts("--hidden", text); err != nil || joinInts(got) != want {
			t.Errorf("%q is %v, error %v", text, got, err)
		}
	}
	if got, err := splitFloats("--sigmas", "010,0.50,1e01,.5,5."); err != nil || !slices.Equal(got, []float64{10, 0.5, 10, 0.5, 5}) {
		t.Errorf("floats: %v, %v", got, err)
	}
	for text, want := range map[string][2]int{"02/04": {2, 4}, "010/10": {10, 10}, "0x1/2": {}, "1/0b10": {}, "1_0/20": {}, "1/2/3": {}, "1": {}, "0/2": {}, "3/2": {}, "": {}} {
		if i, n, err := shardOf(text); [2]int{i, n} != want || (err == nil) != (n > 0) {
			t.Errorf("shard %q: %d/%d, %v", text, i, n, err)
		}
	}
}

// TestEmptyVariables: an empty variable is as none, for every flag of every command;
// what a file says counts beside it.
func TestEmptyVariables(t *testing.T) {
	cleanEnv(t)
	eachAction(func(command, flags, numbers []string) {
		t.Run(fmt.Sprintf("%q", command), func(t *testing.T) {
			want := states(t, command)
			places["variable"](t, "", append(flags, numbers...)...)
			unsetEmpty()
			if diff := cmp.Diff(want, states(t, command)); diff != "" {
				t.Error(diff)
			}
		})
	})
	file := configWith(t, ".yaml", "bn: true\nhidden: [7]")
	for _, c := range []struct{ hidden, bn, args string }{
		{"hidden: 50,50 ", "bn: false ", ""},
		{`hidden: "" `, "bn: false ", "--hidden="},
		{`hidden: "7" `, "bn: true ", strings.Join(file, " ")},
	} {
		t.Setenv("BNLAB_HIDDEN", "")
		t.Setenv("BNLAB_BN", "")
		r := want(t, exitDone, strings.Fields("train --print-config "+c.args)...)
		if !strings.Contains(r.stdout, c.hidden) || !strings.Contains(r.stdout, c.bn) {
			t.Errorf("%s: no %q and %q in %s", c.args, c.hidden, c.bn, r.stdout)
		}
	}
}
