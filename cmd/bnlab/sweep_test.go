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
	"time"

	"github.com/google/go-cmp/cmp"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/train/experiment"
)

// fewVariable names the environment variable that says what a program started by a
// test takes for the synthetic set, which takes longer to draw than a test should.
const fewVariable = "BNLAB_TEST_FEW"

// testSets are the sets by the values of the variable.
var testSets = map[string]func() cifar.Data{
	"1": few, "several": several, "mislabelled": mislabelled,
	"never": func() cifar.Data { // for a program that is busy and looks at nothing
		fmt.Fprintln(os.Stderr, "busy")
		time.Sleep(time.Minute)
		return few()
	},
}

func init() {
	if set := testSets[os.Getenv(fewVariable)]; set != nil {
		dataset.Synthetic = set
	}
}

// mislabelled returns images of which one has a label of no class, as no reader lets
// through: a mistake of the program.
func mislabelled() cifar.Data {
	bad := few()
	bad.Train.Labels[7] = 200
	return bad
}

// few returns noise, lighter the higher the class.
func few() cifar.Data {
	random := rand.New(rand.NewPCG(1, 2))
	set := func(n int) cifar.Set {
		s := cifar.Set{Pixels: make([]byte, n*cifar.Dim), Labels: make([]uint8, n)}
		for i := range s.Labels {
			s.Labels[i] = uint8(i % cifar.Classes)
			for j := range s.Image(i) {
				s.Image(i)[j] = byte(random.IntN(160)) + 5*s.Labels[i]
			}
		}
		return s
	}
	return cifar.Data{Name: "synthetic", Digest: "few", Classes: cifar.ClassNames(), Train: set(500), Test: set(100)}
}

// give makes data what the program in this process takes for the synthetic set.
func give(t *testing.T, data cifar.Data) {
	before := dataset.Synthetic
	dataset.Synthetic = func() cifar.Data { return data }
	t.Cleanup(func() { dataset.Synthetic = before })
}

// study are the flags of a study of 24 trials in 12 units, of some tens of
// milliseconds each.
const study = "--dataset synthetic --val 100 --ns 40 --cycles 1 --batch 20 --evals 4 --eval-train 100 --depth 2,3 --seeds 6 --fuse 2"

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

// TestStudyDisturbed: a study that is killed at random moments, shared by two
// processes, interrupted or called twice ends like one that is not.
func TestStudyDisturbed(t *testing.T) {
	cleanEnv(t)
	calm := filepath.Join(t.TempDir(), "calm")
	start := time.Now()
	complete(t, "compare --quiet "+study+" --out "+calm)
	alone := time.Since(start)
	undisturbed := collected(t, calm)
	if undisturbed.Trials != 24 || undisturbed.Groups[0].TestAcc.Std == 0 {
		t.Fatalf("undisturbed: %+v", undisturbed)
	}
	same := func(t *testing.T, dir string) {
		t.Helper()
		if diff := cmp.Diff(undisturbed, collected(t, dir)); diff != "" {
			t.Errorf("undisturbed − disturbed +\n%s", diff)
		}
		if diff := cmp.Diff(records(t, calm), records(t, dir)); diff != "" {
			t.Errorf("records undisturbed − disturbed +\n%s", diff)
		}
		// A process killed while it writes leaves a hidden file.
		known := regexp.MustCompile(`^(plan\.json|trials/[^/.]+/(curve\.jsonl|result\.json|\.(curve\.jsonl|result\.json)\d+))$`)
		for path := range contents(t, dir) {
			if !known.MatchString(path) {
				t.Errorf("left %s", path)
			}
		}
	}

	t.Run("twice", func(t *testing.T) {
		before := contents(t, calm)
		complete(t, "compare --quiet "+study+" --out "+calm)
		if diff := cmp.Diff(before, contents(t, calm)); diff != "" {
			t.Errorf("the second time changes the folder:\n%s", diff)
		}
	})

	t.Run("killed", func(t *testing.T) {
		kills, dir := times(10, 200), filepath.Join(t.TempDir(), "run")
		random, resumed := rand.New(rand.NewPCG(uint64(kills), 1)), 0
		for i := 0; i < kills; {
			cmd, _, stderr := process(t, "compare --quiet "+study+" --out "+dir)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			left := checkpoints(dir)
			await := func(count func(string) int) { // one more: most likely another is being saved
				for end, before := time.Now().Add(alone), count(dir); count(dir) <= before && time.Now().Before(end); {
					time.Sleep(100 * time.Microsecond)
				}
			}
			switch i % 3 {
			case 0:
				await(countResults)
			case 1:
				await(checkpoints)
			default:
				time.Sleep(time.Duration(random.Float64() * float64(alone) / 2))
			}
			cmd.Process.Kill()
			if err := cmd.Wait(); err == nil { // too late
				same(t, dir)
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
		complete(t, "compare --quiet "+study+" --out "+dir)
		same(t, dir)
	})

	t.Run("shards", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		complete(t, "sweep plan compare "+study+" --out "+dir)
		const run = "sweep run --quiet --workers 1 --dataset synthetic --shard "
		one, _, _ := process(t, run+"1/2 "+dir)
		if err := one.Start(); err != nil {
			t.Fatal(err)
		}
		complete(t, run+"2/2 "+dir)
		if err := one.Wait(); err != nil {
			t.Fatal(err)
		}
		same(t, dir)
	})

	t.Run("together", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		one, _, stderr := process(t, "compare --quiet "+study+" --out "+dir)
		if err := one.Start(); err != nil {
			t.Fatal(err)
		}
		complete(t, "compare --quiet "+study+" --out "+dir)
		if err := one.Wait(); err != nil {
			t.Fatalf("%v: %s", err, stderr)
		}
		same(t, dir)
	})

	t.Run("interrupted", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		cmd, stdout, stderr := process(t, "compare "+study+" --out "+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(patience); countResults(dir) == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		start := time.Now()
		cmd.Process.Signal(syscall.SIGINT)
		cmd.Wait()
		done := countResults(dir)
		t.Logf("ended %v after the signal, %d trials done", time.Since(start), done)
		command := "bnlab compare " + study + " --out " + dir
		says := fmt.Sprintf(`bnlab: interrupted; %d of 24 trials of this stage are kept in %s(, and checkpoints of \d+ of \d+ in training)?; to continue: %s\n$`, done, dir, command)
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || stdout.Len() > 0 || !regexp.MustCompile(says).MatchString(stderr.String()) {
			t.Errorf("exit code %d, %d trials done, stdout %q, stderr %q", code, done, stdout, stderr)
		}
		known := regexp.MustCompile(`^(plan\.json|trials/[^/.]+/(curve\.jsonl|result\.json|checkpoint\.[0-9a-f]{8}\.\d+))$`)
		for path := range contents(t, dir) {
			if !known.MatchString(path) {
				t.Errorf("left %s", path)
			}
		}
		complete(t, "compare "+study+" --out "+dir)
		same(t, dir)
	})
}
