package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bnlab/cifar"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
)

// notRun are the beginnings of the examples that are not run to their end, and why.
var notRun = map[string]string{
	"gradcheck --depth 2 --all": "checks each of 150000 elements",
	"bench":                     "measures for a minute",
	"data fetch":                "downloads 170 MB",
	"reproduce --seeds 2":       "does what reproduce --seeds 3 does",
	"reproduce --seeds 5":       "does more of what reproduce --seeds 3 does",
	"sweep submit --cpus-per":   "needs a cluster: make test-slurm",
	"sweep submit --sbatch":     "needs a cluster: make test-slurm",
	"sweep submit --time":       "needs a cluster: make test-slurm",
	"sweep submit runs":         "needs a cluster: make test-slurm",
	"watch":                     "serves a page until it is stopped",
}

// exampleCodes are the exit codes of the examples that do not end with 0.
var exampleCodes = map[string]int{
	"gradcheck --depth 2 --break gamma --bn":  exitCheck,
	"data verify --data cifar-10-batches-bin": exitCheck, // the images are black here
	"data verify --json":                      exitCheck,
}

// quick makes trainings short: a variable of the environment for each flag, which
// those in an example come before.
var quick = map[string]string{
	"DATASET": "synthetic", "NS": "5", "CYCLES": "1", "BATCH": "20", "VAL": "100", "TRAIN_SIZE": "1000", "TEST_SIZE": "100", "EVALS": "2", "EVAL_TRAIN": "50",
	"SIGMA_NS": "5", "POINTS": "3", "SAMPLE": "3", "IMAGES": "5", "ROUNDS": "1", "QUIET": "true",
}

// Every example of every help text does what it says: it runs, on few images and
// for few steps, in one folder, in the order of the commands. Those of notRun are
// called with a context that has ended: their flags at least are good.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("runs all examples")
	}
	exampleFolder(t)
	want(t, exitDone, strings.Fields("sweep plan compare --depth 3 --seeds 4 --fuse off --out runs/wide")...)
	want(t, exitDone, strings.Fields("compare --depth 3 --seed 5 --seeds 1 --out runs/more")...)
	seen := map[string]bool{}
	check := func(text string) {
		for _, e := range examples(text) {
			line := strings.Join(e.args, " ")
			if seen[line] {
				continue
			}
			seen[line] = true
			t.Run(line, e.check)
		}
	}
	check("Examples:\n" + program().FirstSteps)
	eachCommand(func(_ string, c *shell.Command) { check(c.Description) })
}

// exampleFolder goes to a new folder with the files that examples take as given,
// and makes trainings short.
func exampleFolder(t *testing.T) {
	t.Helper()
	cleanEnv(t)
	t.Chdir(t.TempDir())
	give(t, several())
	all := sweep.GradientSample
	sweep.GradientSample = 3
	t.Cleanup(func() { sweep.GradientSample = all })
	for flag, value := range quick {
		t.Setenv("BNLAB_"+flag, value)
	}
	if err := os.Mkdir("photos", 0o777); err != nil {
		t.Fatal(err)
	}
	for i, path := range []string{"cat.jpg", "truck.png", "photos/a.png", "cat.png"} {
		if err := writePicture(path, several().Test.Picture(i)); err != nil {
			t.Fatal(err)
		}
	}
	var plain bytes.Buffer // as PyTorch saves them
	net, err := newNet(cifar.Dim, []int{6})
	if err := errors.Join(err, net.Save(&plain, 0, nil)); err != nil {
		t.Fatal(err)
	}
	put(t, "plain.safetensors", plain.Bytes())
	put(t, "tuned.safetensors", plain.Bytes())
	if err := os.CopyFS("docs/examples", os.DirFS(filepath.Join(testFolder, "../../docs/examples"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"width.yaml", "study.yaml"} {
		put(t, name, []byte("experiments:\n  - vary: {hidden: [[5], [10]]}\n"))
	}
	if err := blackBatches("cifar-10-batches-bin"); err != nil {
		t.Fatal(err)
	}
}

// example is a call of the program in a help text, or on a page.
type example struct {
	args  []string
	input string // file for standard input
}

// check runs the example, or has its flags read if it is one of notRun.
func (e example) check(t *testing.T) {
	line := strings.Join(e.args, " ")
	for beginning, why := range notRun {
		if !strings.HasPrefix(line, beginning) {
			continue
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if r := call(ended, e.args...); r.code == exitUsage {
			t.Error(r.stderr)
		}
		t.Skip(why)
	}
	e.run(t, exampleCodes[line])
}

func (e example) run(t *testing.T, code int) {
	if strings.HasPrefix(strings.Join(e.args, " "), "data verify") {
		t.Setenv("CIFAR10_DIR", "cifar-10-batches-bin")
	}
	if asStudy.MatchString(strings.Join(e.args, " ")) { // the variable BNLAB_SET would be eval's too
		e.args = append(slices.Clip(e.args), "--set", "ns=5 cycles=1 batch=20 val=100 train-size=1000 test-size=100 evals=2 eval-train=50")
	}
	if e.input != "" {
		file, err := os.Open(e.input)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		defer func(before *os.File) { os.Stdin = before }(os.Stdin)
		os.Stdin = file
	}
	r := want(t, code, e.args...)
	if slices.Contains(e.args, "--json") && !json.Valid([]byte(r.stdout)) {
		t.Errorf("stdout is not one JSON value:\n%s", r.stdout)
	}
	if code == exitDone && e.args[0] != "sweep" && e.args[0] != "report" && r.stdout == "" {
		t.Error("nothing on stdout")
	}
}

var (
	asStudy     = regexp.MustCompile(`^(study|sweep plan (study|search|\S+\.yaml)) `)
	exampleLine = regexp.MustCompile(`(?m)^  (.*bnlab .*)$`)
	// What follows the command on its line: a remark after several spaces, another
	// program that reads the output, or files for input and output.
	afterExample = regexp.MustCompile(`\s{2,}.*| \| .*| > \S+| < \S+`)
	inputFile    = regexp.MustCompile(` < (\S+)`)
)

// examples returns the calls of the program under "Examples:" in a text.
func examples(text string) []example {
	_, text, _ = strings.Cut(text, "Examples:\n")
	var calls []example
	for _, match := range exampleLine.FindAllStringSubmatch(text, -1) {
		for _, part := range strings.Split(match[1], " && ") {
			var e example
			if file := inputFile.FindStringSubmatch(part); file != nil {
				e.input = file[1]
			}
			_, args, _ := strings.Cut(afterExample.ReplaceAllString(part, ""), "bnlab ")
			e.args = strings.Fields(args)
			calls = append(calls, e)
		}
	}
	return calls
}

// The regular expressions above read an example as a shell would.
func TestExamplesOf(t *testing.T) {
	got := examples("Examples:\n  bnlab a --b 1      a remark\n  env -u X bnlab c && bnlab d > f.json\n" +
		"  bnlab e - < g.png\n  bnlab h | man -l -\nno example")
	var lines []string
	for _, e := range got {
		lines = append(lines, strings.Join(e.args, " ")+"<"+e.input)
	}
	if want := []string{"a --b 1<", "c<", "d<", "e -<g.png", "h<"}; !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}
