package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/cmd/internal/shell"

	"github.com/google/go-cmp/cmp"
)

// asked returns the words that the program names for a command line whose last
// word, maybe empty, is the one to complete.
func asked(words ...string) []string {
	var got []string
	for line := range strings.Lines(call(context.Background(), append([]string{"__complete"}, words...)...).stdout) {
		word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		got = append(got, word)
	}
	slices.Sort(got)
	return got
}

func TestCandidates(t *testing.T) {
	for line, want := range map[string]string{
		"tra":                              "train",
		"se":                               "search",
		"--v":                              "--version",
		"sweep ":                           "collect help plan run status submit",
		"sweep plan s":                     "sigma",
		"help tr":                          "train",
		"help sweep p":                     "plan",
		"nosuch ":                          "",
		"train --precision ":               "f32 f64",
		"train --precision f3":             "f32",
		"train --precision = f":            "f32 f64", // as bash parts it
		"train --precision =":              "f32 f64",
		"train --precision=f6":             "--precision=f64",
		"train --init ":                    "he normal xavier",
		"train --dataset=c":                "--dataset=cifar10",
		"search --stage c":                 "coarse",
		"gradcheck --break g":              "gamma",
		"train --ns ":                      "",
		"train --eta-m":                    "--eta-max --eta-min",
		"train --eta-max 0.1 --eta-m":      "--eta-min",
		"train --eta-max=0.1 --eta-m":      "--eta-min",
		"train --bn --b":                   "--batch --bn-alpha --bn-eps",
		"train --config ":                  ":files",
		"train --data ":                    ":dirs",
		"eval ":                            ":files.safetensors",
		"eval m.safetensors --se":          "--set",
		"eval --set val --json ":           ":files.safetensors",
		"predict m.safetensors ":           ":files",
		"predict m.safetensors a.png b":    ":files",
		"predict a-b ":                     ":files", // a hyphen inside makes no flag
		"report a ":                        ":dirs",
		"sweep run --shard 1/2 ":           ":dirs",
		"completion ":                      "bash fish zsh",
		"completion b":                     "bash",
		"data info --json --val 5 --datas": "--dataset",
	} {
		if got := strings.Join(asked(strings.Split(line, " ")...), " "); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if got := asked("train", ""); !slices.Contains(got, "--bn") {
		t.Errorf("a command without arguments offers %q, not its flags", got)
	}
}

// Every command and every flag of it is offered.
func TestCandidatesComplete(t *testing.T) {
	eachCommand(func(name string, c *shell.Command) {
		words := strings.Fields(name)[1:]
		if !slices.Contains(asked(words...), c.Name) {
			t.Errorf("%s is not offered", name)
		}
		if len(c.Commands) > 0 {
			return
		}
		for _, o := range c.Options {
			flag := "--" + o.Name
			if got := asked(append(words, flag)...); !slices.Contains(got, flag) {
				t.Errorf("%s: %s is not offered: %q", name, flag, got)
			}
		}
	})
}

// The program takes every value that is offered for a flag, and refuses another
// with all of them named.
func TestFlagValues(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	give(t, few())
	want(t, exitDone, small("train --save m.safetensors --train-size 0 --test-size 0")...)
	want(t, exitDone, small("sweep plan compare --out runs --train-size 0 --test-size 0")...)
	t.Setenv("BNLAB_OUT", "plan") // which a plan must have
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	seen := map[string]bool{}
	eachCommand(func(name string, c *shell.Command) {
		for _, o := range c.Options {
			flag := o.Name
			if o.Values == nil {
				continue
			}
			seen[flag] = true
			args := append(strings.Fields(name)[1:], "--"+flag)
			for _, also := range []string{"bn", "dry-run"} {
				if slices.ContainsFunc(c.Options, func(o *shell.Option) bool { return o.Name == also }) {
					args = slices.Insert(args, len(args)-1, "--"+also)
				}
			}
			files := strings.Fields(strings.NewReplacer("MODEL", "m.safetensors", "PICTURE...", "a.png", "DIR...", "runs", "DIR", "runs").Replace(c.Arguments))
			about := fmt.Sprintf("--%s %q", flag, "nosuch")
			r := call(ended, slices.Concat(args, []string{"nosuch"}, files)...)
			for _, value := range o.Values {
				if !strings.Contains(r.stderr, value) {
					t.Errorf("%s: the refusal of a bad value does not name %s: %s", name, value, r.stderr)
				}
				if r := call(ended, slices.Concat(args, []string{value}, files)...); strings.Contains(r.stderr, "--"+flag+" \"") {
					t.Errorf("%s --%s %s is refused: %s", name, flag, value, r.stderr)
				}
			}
			if r.code != exitUsage || !strings.Contains(r.stderr, about) {
				t.Errorf("%s %s: exit code %d, %s", name, about, r.code, r.stderr)
			}
		}
	})
	for _, flag := range []string{"break", "dataset", "engine", "fit", "fuse", "init", "precision", "range", "set", "stage"} {
		if !seen[flag] {
			t.Errorf("no values of --%s are offered", flag)
		}
	}
}

// inShell runs a script by a shell that finds the program as bnlab, in a folder
// with a network, a picture and a folder in it.
func inShell(t *testing.T, shell string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skip(err)
	}
	cleanEnv(t)
	dir := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, filepath.Join(dir, "bnlab")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one.safetensors", "cat one.png"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "only runs"), 0o777); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "TERM=dumb")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", shell, err, out)
	}
	return string(out)
}

// shellCases are command lines and what each shell must offer for their last
// words.
var shellCases = []struct{ line, want string }{
	{"bnlab tra", "train"},
	{"bnlab sweep plan ", "compare help lambda sigma"},
	{"bnlab train --precision ", "f32 f64"},
	{"bnlab train --eta-m", "--eta-max --eta-min"},
	{"bnlab eval o", "one.safetensors only runs"},
	{"bnlab eval one.safetensors --se", "--set"},
	{"bnlab predict one.safetensors c", "cat one.png"},
	{"bnlab report o", "only runs"},
	{"bnlab completion z", "zsh"},
}

// checkOffers compares what a shell has offered, a line for each word and an
// empty one after each case, with shellCases.
func checkOffers(t *testing.T, out string) {
	t.Helper()
	offers := strings.Split(out, "\n\n")
	for i, c := range shellCases {
		var got []string
		for _, word := range strings.Split(offers[min(i, len(offers)-1)], "\n") {
			word, _, _ = strings.Cut(word, "\t")
			if word = strings.TrimSuffix(strings.ReplaceAll(word, `\`, ""), "/"); word != "" {
				got = append(got, word)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.line, diff)
		}
	}
}

func TestBashCompletion(t *testing.T) {
	script := "source <(bnlab completion bash)\n"
	for _, c := range shellCases {
		words := strings.Split(c.line, " ")
		script += fmt.Sprintf("COMP_WORDS=(%s) COMP_CWORD=%d\n", "'"+strings.Join(words, "' '")+"'", len(words)-1) +
			"_bnlab bnlab; printf '%s\\n' \"${COMPREPLY[@]}\" ''\n"
	}
	// compopt works within a completion alone; that it is called is all to see here.
	checkOffers(t, inShell(t, "bash", "-c", "compopt() { :; }\n"+script))
}

func TestFishCompletion(t *testing.T) {
	script := "bnlab completion fish | source\n"
	for _, c := range shellCases {
		script += fmt.Sprintf("complete -C '%s'; echo\n", c.line)
	}
	checkOffers(t, inShell(t, "fish", "--no-config", "-c", script))
}

// The completion system of zsh works on a terminal alone; in its place stand
// functions that print what they are asked for.
func TestZshCompletion(t *testing.T) {
	script := `compdef() { :; }
compset() { return 1; }
_describe() { local word; for word in "${(@P)2}"; do print -r -- "${${word%%:*}}"; done; }
_files() {
	local name
	for name in *(N); do
		[[ $name == ${words[CURRENT]}* ]] || continue
		case "$1$2" in
		-/) [[ -d $name ]] && print -r -- $name ;;
		-g*) [[ -d $name || $name == ${~${2%\(*}} ]] && print -r -- $name ;;
		*) print -r -- $name ;;
		esac
	done
}
source <(bnlab completion zsh)
`
	for _, c := range shellCases {
		words := strings.Split(c.line, " ")
		script += fmt.Sprintf("words=(%s) CURRENT=%d; _bnlab; print\n", "'"+strings.Join(words, "' '")+"'", len(words))
	}
	checkOffers(t, inShell(t, "zsh", "-f", "-c", script))
}
