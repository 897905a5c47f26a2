package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/shell"

	"github.com/google/go-cmp/cmp"
)

// What --print-config prints is read back by --config as the same, for every
// command that has hyper-parameters and whether flags are set or not.
func TestPrintConfigRoundTrip(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	count := 0
	eachCommand(func(name string, c *shell.Command) {
		if !hasOption(c, "seed") {
			return
		}
		count++
		words := strings.Fields(name)[1:]
		for _, flags := range []string{"", "--lambda 1e-7 --seed 18446744073709551615 --bn-eps 0", "--data C:/#1 --precision f64", "--sigma 0.25", "--depth 2,9", "--sigmas 1e-3"} {
			set := slices.Concat(words, strings.Fields(flags), []string{"--print-config"})
			first := call(t.Context(), set...)
			if first.code == exitUsage && strings.Contains(first.stderr, "no such flag") {
				continue // not of this command
			}
			if first.code != exitDone || first.stderr != "" {
				t.Fatalf("%s %s: exit code %d: %s", name, flags, first.code, first.stderr)
			}
			if err := os.WriteFile("c.yaml", []byte(first.stdout), 0o666); err != nil {
				t.Fatal(err)
			}
			second := want(t, exitDone, append(words, "--config", "c.yaml", "--print-config")...)
			if diff := cmp.Diff(uncommented(first.stdout), uncommented(second.stdout)); diff != "" {
				t.Errorf("%s %s, printed and read back:\n%s", name, flags, diff)
			}
			for _, f := range strings.Fields(flags) {
				if flag, ok := strings.CutPrefix(f, "--"); ok && !strings.Contains(first.stdout, "\n"+flag+": ") {
					t.Errorf("%s %s: no line of %s in\n%s", name, flags, f, first.stdout)
				}
			}
		}
	})
	if count != 10 {
		t.Errorf("%d commands have hyper-parameters, want 10", count)
	}
}

// TestPrintConfigOfOthers: what --print-config of one command prints every other one
// reads: it takes the flags that it has, tells the others, and refuses none.
func TestPrintConfigOfOthers(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	var files []string
	eachCommand(func(name string, c *shell.Command) {
		if !hasOption(c, "seed") {
			return
		}
		file := strings.ReplaceAll(name, " ", "-") + ".yaml"
		printed := want(t, exitDone, append(strings.Fields(name)[1:], "--seed", "7", "--print-config")...)
		if err := os.WriteFile(file, []byte(printed.stdout), 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	})
	eachCommand(func(name string, c *shell.Command) {
		if !hasOption(c, "seed") {
			return
		}
		for _, file := range files {
			r := want(t, exitDone, append(strings.Fields(name)[1:], "--config", file, "--print-config")...)
			if !strings.Contains(r.stdout, "\nseed: 7 ") {
				t.Errorf("%s --config %s: the seed is not set:\n%s", name, file, r.stdout)
			}
			for _, line := range uncommented(string(read(t, file))) {
				flag, _, ok := strings.Cut(line, ":")
				if told := strings.Contains(r.stderr, " --"+flag+",") || strings.Contains(r.stderr, " --"+flag+":"); ok && hasOption(c, flag) == told {
					t.Errorf("%s --config %s: of --%s it tells %q", name, file, flag, r.stderr)
				}
			}
		}
	})
}

// uncommented returns the settings of a file, without the remarks behind them.
func uncommented(config string) []string {
	var settings []string
	for line := range strings.Lines(config) {
		if setting, _, _ := strings.Cut(line, "  # "); !strings.HasPrefix(line, "#") {
			settings = append(settings, strings.TrimSpace(setting))
		}
	}
	return settings
}

// A training by the printed file is the training itself.
func TestPrintConfigTrains(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	give(t, few())
	for _, flags := range []string{"--bn --hidden 6,5 --lambda 0.001", "--hidden 7 --sigma 0.01 --precision f64 --seed 9"} {
		args := append(strings.Fields("train --dataset synthetic --val 100 --ns 5 --cycles 1 --batch 20 --json "), strings.Fields(flags)...)
		printed := want(t, exitDone, append(args, "--print-config")...).stdout
		if err := os.WriteFile("c.yaml", []byte(printed), 0o666); err != nil {
			t.Fatal(err)
		}
		var direct, byFile results.Training
		want(t, exitDone, args...).decode(t, &direct)
		want(t, exitDone, "train", "--config", "c.yaml", "--json").decode(t, &byFile)
		if diff := cmp.Diff(direct.Config, byFile.Config); diff != "" || direct.Final.TestLoss != byFile.Final.TestLoss {
			t.Errorf("%s: test loss %v and %v, configurations:\n%s", flags, direct.Final.TestLoss, byFile.Final.TestLoss, diff)
		}
	}
}

func hasOption(c *shell.Command, name string) bool {
	return slices.ContainsFunc(c.Options, func(o *shell.Option) bool { return o.Name == name })
}
