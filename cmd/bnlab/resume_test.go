package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lone is a training of 800 updates and 40 epochs.
const lone = "train --dataset synthetic --val 100 --ns 400 --cycles 1 --batch 20 --eval-train 100 --hidden 20,10 --bn"

// TestTrainKilled: a training that is killed again and again, at random moments,
// and continues by --resume saves the network of one that is left alone, byte for
// byte, in any precision.
func TestTrainKilled(t *testing.T) {
	cleanEnv(t)
	for _, precision := range []string{"f32", "f64", "bf16"} {
		dir := t.TempDir()
		line := lone + " --quiet --precision " + precision + " --save "
		calm := filepath.Join(dir, "calm")
		complete(t, line+calm)
		random := rand.New(rand.NewPCG(1, 2))
		kills, resumed, networks := 0, 0, 0
		for kills < times(4, 100) {
			networks++
			path := filepath.Join(dir, "killed")
			for done := false; !done; {
				cmd, _, stderr := process(t, line+path+" --resume")
				if done = killAfter(t, cmd, func() string { return beside(path) }, random.IntN(12)); !done {
					kills++
				}
				if !strings.Contains(stderr.String(), "no checkpoint") {
					resumed++
				}
			}
			if !bytes.Equal(read(t, calm), read(t, path)) {
				t.Errorf("%s: after %d kills it is another network", precision, kills)
			}
			os.Remove(path)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "[^.]*")); len(left) != 1 {
			t.Errorf("left %v", left)
		}
		t.Logf("%s: %d kills of %d networks, %d times gone on from a checkpoint", precision, kills, networks, resumed)
	}
}

// beside returns the checkpoint of the most steps of the network FILE, of whatever
// training; empty for none.
func beside(path string) (latest string) {
	most := -1
	paths, _ := filepath.Glob(path + ".checkpoint.*")
	for _, p := range paths {
		if steps, err := strconv.Atoi(filepath.Ext(p)[1:]); err == nil && steps > most {
			latest, most = p, steps
		}
	}
	return latest
}

// killAfter starts a process and kills it a moment after what seen returns has
// changed so many times. It reports whether the process had come to its end.
func killAfter(t *testing.T, cmd *exec.Cmd, seen func() string, changes int) (done bool) {
	t.Helper()
	last := seen()
	signalWhen(t, cmd, syscall.SIGKILL, func() bool {
		if now := seen(); now != last {
			last = now
			changes--
		}
		if changes > 0 {
			return false
		}
		time.Sleep(rand.N(5 * time.Millisecond))
		return true
	})
	return cmd.ProcessState.Success()
}

// signalWhen starts a process, signals it when ready says so, and waits for its
// end.
func signalWhen(t *testing.T, cmd *exec.Cmd, signal syscall.Signal, ready func() bool) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	until(t, func() bool { return len(ended) > 0 || ready() })
	start := time.Now()
	cmd.Process.Signal(signal)
	<-ended
	if signal != syscall.SIGKILL {
		t.Logf("ended %v after the signal", time.Since(start))
	}
}

// TestTrainInterrupted: an interrupted training prints the command that continues
// from where it is, and that command does.
func TestTrainInterrupted(t *testing.T) {
	cleanEnv(t)
	dir := t.TempDir()
	calm, path := filepath.Join(dir, "calm"), filepath.Join(dir, "a net")
	complete(t, lone+" --quiet --save "+calm)
	said, command := interrupt(t, syscall.SIGUSR1, lone+" --quiet --save", path, func() bool { return beside(path) != "" })
	if said != "bnlab: interrupted; kept in "+beside(path) || !strings.HasSuffix(command, " --resume") {
		t.Errorf("%s; to continue: %s", said, command)
	}
	// Twice, as a script may: then there is nothing left to train.
	var reports [2][]byte
	for i := range reports {
		reports[i] = seconds.ReplaceAll(resumed(t, command+" --json"), nil)
		if !bytes.Equal(read(t, calm), read(t, path)) {
			t.Error("it ends as another network")
		}
	}
	if diff := cmp.Diff(string(reports[0]), string(reports[1])); diff != "" {
		t.Errorf("reports −first +second\n%s", diff)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 2 {
		t.Errorf("left %v", left)
	}
}

// TestStudyDamaged: checkpoints that are damaged while nobody looks, as a disk
// may, are named and set aside, and a run ends as one left alone.
func TestStudyDamaged(t *testing.T) {
	cleanEnv(t)
	dir := t.TempDir()
	calm := filepath.Join(dir, "calm")
	complete(t, "compare --quiet "+one+" --out "+calm)
	random := rand.New(rand.NewPCG(3, 4))
	for range times(3, 40) {
		hurt := filepath.Join(dir, "hurt")
		disturb(t, syscall.SIGKILL, "compare --quiet "+one+" --out", hurt, func() bool { return checkpoints(hurt) > 1 })
		paths, _ := filepath.Glob(filepath.Join(hurt, "trials", "*", "checkpoint.*"))
		for _, path := range paths[:1+random.IntN(len(paths))] {
			file := read(t, path)
			switch random.IntN(4) {
			case 0:
				file[random.IntN(len(file))] ^= 1 << random.IntN(8)
			case 1:
				file = file[:random.IntN(len(file))]
			case 2:
				clear(file[random.IntN(len(file)):])
			case 3:
				file = append(file, file[:random.IntN(len(file))]...)
			}
			if err := os.WriteFile(path, file, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		cmd, _, stderr := process(t, "compare --quiet "+one+" --out "+hurt)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %s", err, stderr)
		}
		for line := range strings.Lines(stderr.String()) {
			if !strings.HasPrefix(line, "WARNING: "+hurt) || !strings.Contains(line, ": checksum mismatch: it is truncated or damaged; set aside as checkpoint.") &&
				!strings.Contains(line, " too few for a checkpoint: it is truncated; set aside as checkpoint.") {
				t.Errorf("stderr %q", line)
			}
		}
		sameRecords(t, calm, hurt)
	}
}
