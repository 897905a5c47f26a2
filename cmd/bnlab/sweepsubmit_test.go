package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"bnlab/cmd/internal/shell"

	"github.com/google/go-cmp/cmp"
)

// fakes puts programs of one shell script each at the head of PATH.
func fakes(t *testing.T, scripts map[string]string) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	dir = t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/bash\n"+text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return dir
}

// planned makes a run folder of 4 units, with a name that shells and Slurm would
// misread, and returns it.
func planned(t *testing.T) string {
	t.Helper()
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "it's 5%j $HOME")
	args := append(small("sweep plan compare --depth 2,3 --seeds 2 --fuse 2 --workers 1"), "--out", dir)
	want(t, exitDone, args...)
	return dir
}

// The scripts are submitted one after the other, and the second waits for the
// first.
func TestSubmit(t *testing.T) {
	dir := planned(t)
	bin := fakes(t, map[string]string{"sbatch": `
echo "$*" >>"$(dirname "$0")/calls"
if [[ $2 == --dependency* && -e $(dirname "$0")/full ]]; then echo "queue full" >&2; exit 1; fi
case $(wc -l <"$(dirname "$0")/calls") in 1) echo "41;here" ;; *) echo 42 ;; esac`})
	r := want(t, exitDone, "sweep", "submit", "--cpus-per-task", "2", dir)
	if want := dir + ": trained by job 41 (tasks: 2, cores of each: 2), gathered by job 42\n"; r.stdout != want {
		t.Errorf("prints %q, want %q", r.stdout, want)
	}
	calls, _ := os.ReadFile(filepath.Join(bin, "calls"))
	expect := fmt.Sprintf("--parsable %[1]s/slurm/train.sh\n--parsable --dependency=afterany:41 %[1]s/slurm/gather.sh\n", dir)
	if diff := cmp.Diff(expect, string(calls)); diff != "" {
		t.Errorf("calls of sbatch (-want +got):\n%s", diff)
	}

	os.WriteFile(filepath.Join(bin, "full"), nil, 0o666)
	r = want(t, exitFailed, "sweep", "submit", dir)
	if !strings.Contains(r.stderr, "queue full; job 42 is submitted and stays") || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("where the second script is refused, says %s", r.stderr)
	}
	t.Setenv("PATH", t.TempDir())
	r = want(t, exitFailed, "sweep", "submit", dir)
	if !strings.Contains(r.stderr, "no sbatch on PATH") {
		t.Errorf("without sbatch, says %s", r.stderr)
	}
}

// The scripts are without fault in the eyes of shellcheck.
func TestSubmitShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		t.Skip(err)
	}
	dir := planned(t)
	want(t, exitDone, "sweep", "submit", "--dry-run", "--limit", "2", "--time", "5", dir)
	scripts, _ := filepath.Glob(filepath.Join(dir, "slurm", "*.sh"))
	// 2016 is about the $ in the name of the folder.
	if out, err := exec.CommandContext(t.Context(), "shellcheck", append(scripts, "--exclude=2016")...).CombinedOutput(); err != nil || len(scripts) != 2 {
		t.Errorf("%v: %s", err, out)
	}
}

// What a task does when bnlab ends, and when Slurm signals it.
func TestSubmitTask(t *testing.T) {
	dir := planned(t)
	want(t, exitDone, "sweep", "submit", "--dry-run", "--shards", "4", dir)
	const saves = `trap 'kill $!; sleep 0.1; exit 130' TERM; echo "$*"; sleep 60 & wait`
	for _, test := range []struct {
		name, program string
		signal        syscall.Signal
		restarts      string
		code          int
		requeued      bool
	}{
		{name: "done", program: `exit 0`, restarts: "0", code: 0},
		{name: "failed", program: `exit 1`, restarts: "0", code: 1},
		{name: "out of time", program: saves, signal: syscall.SIGUSR1, restarts: "1", code: 0, requeued: true},
		{name: "out of time at once", program: `echo; exec sleep 60`, signal: syscall.SIGUSR1, restarts: "1", code: 0, requeued: true},
		{name: "out of time, as it fails", program: `trap 'kill $!; exit 1' TERM; echo; sleep 60 & wait`, signal: syscall.SIGUSR1, restarts: "1", code: 1},
		{name: "gets nowhere", program: saves, signal: syscall.SIGUSR1, restarts: "100", code: 130},
		{name: "killed", program: `kill -KILL $$`, restarts: "0", code: 137},
		{name: "makes room", program: `trap 'exit 130' TERM; kill -TERM $PPID; sleep 0.3; kill -TERM $$; sleep 0.1`, restarts: "0", code: 130},
	} {
		t.Run(test.name, func(t *testing.T) {
			bin := fakes(t, map[string]string{"program": test.program, "scontrol": `echo "scontrol $*"`})
			cmd := exec.CommandContext(t.Context(), "bash", filepath.Join(dir, "slurm", "train.sh"))
			cmd.Env = append(os.Environ(), "BNLAB="+filepath.Join(bin, "program"), "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=3",
				"SLURM_CPUS_PER_TASK=2", "SLURM_RESTART_COUNT="+test.restarts)
			log, err := os.Create(filepath.Join(bin, "log"))
			if err != nil {
				t.Fatal(err)
			}
			defer log.Close()
			cmd.Stdout, cmd.Stderr = log, log
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if test.signal != 0 {
				awaitLines(t, log.Name(), 2)
				cmd.Process.Signal(test.signal)
			}
			cmd.Wait()
			text, _ := os.ReadFile(log.Name())
			if code := cmd.ProcessState.ExitCode(); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if got := strings.Contains(string(text), "\nscontrol requeue 7_3\n"); got != test.requeued {
				t.Errorf("requeued: %v, want %v", got, test.requeued)
			}
			if asked := fmt.Sprintf("sweep run --shard 4/4 --workers 2 --dataset=synthetic %s\n", dir); test.program == saves && !strings.Contains(string(text), asked) {
				t.Errorf("does not call bnlab with %q", asked)
			}
			if t.Failed() {
				t.Logf("%s", text)
			}
		})
	}
}

// awaitLines waits until a file has so many lines.
func awaitLines(t *testing.T, path string, lines int) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if text, _ := os.ReadFile(path); strings.Count(string(text), "\n") >= lines {
			return
		}
	}
	t.Fatalf("%s has not got %d lines", path, lines)
}

// Shards of which nothing is missing get no task.
func TestSubmitMissing(t *testing.T) {
	dir := planned(t)
	array := func(args ...string) string {
		t.Helper()
		r := want(t, exitDone, append([]string{"sweep", "submit", "--dry-run", "--shards", "4", dir}, args...)...)
		_, after, _ := strings.Cut(r.stdout, "--array=")
		line, _, _ := strings.Cut(after, "\n")
		return line
	}
	if got := array("--limit", "2"); got != "0-3%2" {
		t.Errorf("of a new run: --array=%s", got)
	}
	for _, done := range []struct{ shard, left string }{{"2/4", "0,2-3"}, {"1/4", "2-3"}, {"4/4", "2"}} {
		want(t, exitDone, "sweep", "run", "--quiet", "--dataset", "synthetic", "--shard", done.shard, dir)
		if got := array(); got != done.left {
			t.Errorf("after shard %s: --array=%s, want %s", done.shard, got, done.left)
		}
	}
	want(t, exitDone, "sweep", "run", "--quiet", "--dataset", "synthetic", dir)
	fakes(t, map[string]string{"sbatch": "echo called"})
	r := want(t, exitDone, "sweep", "submit", dir)
	if want := fmt.Sprintf("%s: nothing is missing, nothing to submit; `bnlab report %s` reports\n", dir, shell.Quote(dir)); r.stdout != want {
		t.Errorf("of a run that is done it prints %q, want %q", r.stdout, want)
	}
}
