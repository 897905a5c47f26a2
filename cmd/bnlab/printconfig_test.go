package main

import (
	"slices"
	"strings"
	"testing"

	"bnlab/cmd/internal/shell"

	"github.com/google/go-cmp/cmp"
)

// eachTrainer calls f for every command that has hyper-parameters, with its words.
func eachTrainer(f func(words []string, c *shell.Command)) (count int) {
	eachCommand(func(name string, c *shell.Command) {
		if hasOption(c, "seed") {
			count++
			f(strings.Fields(name)[1:], c)
		}
	})
	return count
}

// TestPrintConfigRoundTrip: what --print-config prints is read back by --config as the
// same, whether flags are set or not.
func TestPrintConfigRoundTrip(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	count := eachTrainer(func(words []string, _ *shell.Command) {
		for _, flags := range []string{"", "--lambda 1e-7 --seed 18446744073709551615 --bn-eps 0", "--data C:/#1 --precision f64", "--sigma 0.25", "--norm-after --bn --norm-layers 1", "--skip 1", "--norm layer", "--depth 2,9", "--sigmas 1e-3"} {
			first := call(t.Context(), slices.Concat(words, strings.Fields(flags), []string{"--print-config"})...)
			if first.code == exitUsage && strings.Contains(first.stderr, "no such flag") {
				continue // not of this command
			}
			if first.code != exitDone || first.stderr != "" {
				t.Fatalf("%s %s: exit code %d: %s", words, flags, first.code, first.stderr)
			}
			put(t, "c.yaml", []byte(first.stdout))
			second := want(t, exitDone, append(words, "--config", "c.yaml", "--print-config")...)
			if diff := cmp.Diff(uncommented(first.stdout), uncommented(second.stdout)); diff != "" {
				t.Errorf("%s %s, printed and read back:\n%s", words, flags, diff)
			}
			for _, f := range strings.Fields(flags) {
				if flag, ok := strings.CutPrefix(f, "--"); ok && !strings.Contains(first.stdout, "\n"+flag+": ") {
					t.Errorf("%s %s: no line of %s in\n%s", words, flags, f, first.stdout)
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
	printed := map[string][]string{}
	eachTrainer(func(words []string, _ *shell.Command) {
		file := strings.Join(words, "-") + ".yaml"
		config := want(t, exitDone, append(words, "--seed", "7", "--print-config")...).stdout
		put(t, file, []byte(config))
		printed[file] = uncommented(config)
	})
	eachTrainer(func(words []string, c *shell.Command) {
		for file, lines := range printed {
			r := want(t, exitDone, append(words, "--config", file, "--print-config")...)
			if !strings.Contains(r.stdout, "\nseed: 7 ") {
				t.Errorf("%s --config %s: the seed is not set:\n%s", words, file, r.stdout)
			}
			for _, line := range lines {
				flag, _, ok := strings.Cut(line, ":")
				if told := strings.Contains(r.stderr, " --"+flag+",") || strings.Contains(r.stderr, " --"+flag+":"); ok && hasOption(c, flag) == told {
					t.Errorf("%s --config %s: of --%s it tells %q", words, file, flag, r.stderr)
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

func hasOption(c *shell.Command, name string) bool {
	return slices.ContainsFunc(c.Options, func(o *shell.Option) bool { return o.Name == name })
}
