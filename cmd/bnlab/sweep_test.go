package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"bnlab/train/experiment"
)

// manyTrials are the flags of a study of 24 trials in 12 units, of some tens of
// milliseconds each.
const manyTrials = "--dataset synthetic --val 100 --ns 40 --cycles 1 --batch 20 --evals 4 --eval-train 100 --depth 2,3 --seeds 6 --fuse 2"

// process returns the program as a process, ready to start, on few images.
func process(t *testing.T, line string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience+soak)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, exe, strings.Fields(line)...)
	cmd.Args[0] = "bnlab"
	cmd.Env = append(os.Environ(), fewVariable+"=1", "TMPDIR="+t.TempDir())
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd, stdout, stderr
}

// complete runs the program as a process, which must end with exit code 0.
func complete(t *testing.T, line string) {
	t.Helper()
	cmd, _, stderr := process(t, line)
	if err := cmd.Run(); err != nil {
		t.Fatalf("bnlab %s: %v: %s", line, err, stderr)
	}
}

// collected returns the summary of a run folder without its times.
func collected(t *testing.T, dir string) (s experiment.Summary) {
	t.Helper()
	want(t, exitDone, "sweep", "collect", "--json", dir).decode(t, &s)
	return timeless(s)
}

// timeless returns a summary without what differs each time.
func timeless(s experiment.Summary) experiment.Summary {
	s.TrainSeconds, s.EvalSeconds = 0, 0
	for i := range s.Groups {
		s.Groups[i].Seconds = 0
	}
	return s
}

// contents returns time and content of every file below dir.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := contentsBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func contentsBelow(dir string) (map[string]string, error) {
	files := map[string]string{}
	return files, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = fmt.Sprint(info.ModTime(), "\n", string(text))
		return err
	})
}

// records returns the records below dir, to the last digit, without their times.
func records(t *testing.T, dir string) map[string]string {
	t.Helper()
	all, err := recordsBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func recordsBelow(dir string) (map[string]string, error) {
	files, err := contentsBelow(dir)
	all := map[string]string{}
	for path, text := range files {
		if _, text, _ = strings.Cut(text, "\n"); strings.HasSuffix(path, "result.json") || strings.HasSuffix(path, "curve.jsonl") {
			all[path] = seconds.ReplaceAllString(text, "")
		}
	}
	return all, err
}

// seconds are what may differ of the same training: times, the unit in which it was
// trained, and the checksum of a record.
var seconds = regexp.MustCompile(`"((train|eval)_seconds|start|end|unit|sha256)": [^,\n]*`)

// checkpoints counts those below a folder.
func checkpoints(dir string) int {
	paths, _ := filepath.Glob(filepath.Join(dir, "trials", "*", "checkpoint.*"))
	return len(paths)
}

// times returns how often a test does what it does at random: often when
// BNLAB_TEST_TORTURE is set, as make torture does.
func times(few, often int) int {
	if os.Getenv("BNLAB_TEST_TORTURE") != "" {
		return often
	}
	if testing.Short() {
		return (few + 2) / 3
	}
	return few
}

// countResults counts the finished trials of a run folder.
func countResults(dir string) int {
	paths, _ := filepath.Glob(filepath.Join(dir, "trials", "*", "result.json"))
	return len(paths)
}

// TestStudyDisturbed: a study that is killed at random moments, or interrupted, ends
// like one that is not, and leaves nothing else behind.
func TestStudyDisturbed(t *testing.T) {
	cleanEnv(t)
	calm := filepath.Join(t.TempDir(), "calm")
	complete(t, "compare --quiet "+manyTrials+" --out "+calm)
	if s := collected(t, calm); s.Trials != 24 || s.Groups[0].TestAcc.Std == 0 {
		t.Fatalf("undisturbed: %+v", s)
	}
	holds := func(t *testing.T, dir, other string) {
		t.Helper()
		known := regexp.MustCompile(`^(plan\.json|study\.yaml|records\.csv|reproduce\.sh|trials/[^/.]+/(curve\.jsonl|result\.json|` + other + `))$`)
		for path := range contents(t, dir) {
			if !known.MatchString(path) {
				t.Errorf("left %s", path)
			}
		}
	}
	// A process killed while it writes leaves a hidden file.
	const hidden = `\.(curve\.jsonl|result\.json)\d+`

	t.Run("killed", func(t *testing.T) {
		kills, dir := times(10, 200), filepath.Join(t.TempDir(), "run")
		random, resumed := rand.New(rand.NewPCG(uint64(kills), 1)), 0
		for i := 0; i < kills; {
			cmd, _, stderr := process(t, "compare --quiet "+manyTrials+" --out "+dir)
			left := checkpoints(dir)
			seen := []func(string) int{countResults, checkpoints}[i%2]                             // one more: most likely another is being saved
			if killAfter(t, cmd, func() string { return fmt.Sprint(seen(dir)) }, random.IntN(4)) { // too late
				sameRecords(t, calm, dir)
				dir = filepath.Join(t.TempDir(), "run")
				continue
			}
			if stderr.Len() > 0 {
				t.Errorf("kill %d: %s", i, stderr)
			}
			if i++; left > 0 {
				resumed++
			}
		}
		t.Logf("%d kills, %d of processes that began with checkpoints", kills, resumed)
		complete(t, "compare --quiet "+manyTrials+" --out "+dir)
		sameRecords(t, calm, dir)
		holds(t, dir, hidden)
	})

	t.Run("interrupted", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		said, command := interrupt(t, syscall.SIGINT, "compare --quiet "+manyTrials+" --out", dir, func() bool { return countResults(dir) > 0 })
		says := fmt.Sprintf(`^bnlab: interrupted; %d of 24 trials of this stage are kept in %s(, and checkpoints of \d+ of \d+ in training)?$`, countResults(dir), dir)
		if !regexp.MustCompile(says).MatchString(said) || command != "bnlab compare --quiet "+manyTrials+" --out "+dir {
			t.Errorf("%d trials done, %s; to continue: %s", countResults(dir), said, command)
		}
		holds(t, dir, `checkpoint\.[0-9a-f]{8}\.\d+`)
		resumed(t, command)
		sameRecords(t, calm, dir)
		holds(t, dir, hidden)
	})
}
