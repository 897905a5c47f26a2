package main

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/cmd/internal/build"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/model"
	"bnlab/train"
	"bnlab/train/checkpoint"
)

// lone is a training of 800 updates and 40 epochs.
const lone = "train --dataset synthetic --val 100 --ns 400 --cycles 1 --batch 20 --eval-train 100 --hidden 20,10 --bn"

// TestTrainKilled: a training that is killed again and again, at random moments,
// and continues by --resume saves the network of one that is left alone, byte for
// byte, in either precision.
func TestTrainKilled(t *testing.T) {
	cleanEnv(t)
	for _, precision := range []string{"f32", "f64"} {
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
	cmd, stdout, stderr := inTime(t, func() (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
		os.Remove(path)
		cmd, stdout, stderr := process(t, lone+" --quiet --save")
		cmd.Args = append(cmd.Args, path)
		signalWhen(t, cmd, syscall.SIGUSR1, func() bool { return beside(path) != "" })
		return cmd, stdout, stderr
	})
	latest := beside(path)
	said, command, _ := strings.Cut(strings.TrimSpace(stderr.String()), "; to continue: ")
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || said != "bnlab: interrupted; kept in "+latest || !strings.HasSuffix(command, " --resume") || stdout.Len() > 0 {
		t.Fatalf("exit code %d, stderr %q, stdout %q", code, stderr, stdout)
	}
	// Twice, as a script may: then there is nothing left to train.
	var reports [2][]byte
	for i := range reports {
		out, err := shellCommand(t, command+" --json").Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		reports[i] = seconds.ReplaceAll(out, nil)
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

// TestTrainForeign: --resume uses no checkpoint of another program, data set,
// backend or configuration and leaves it, sets one aside that is of no use, and takes no network for its own that does not say
// what it was trained on and to what end.
func TestTrainForeign(t *testing.T) {
	cleanEnv(t)
	data := few()
	give(t, data)
	t.Chdir(t.TempDir())
	line := small("train --quiet --train-size 400 --test-size 100 --resume --save net")
	want(t, exitDone, line...)
	m, err := modelfile.Read("net")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		change func(*checkpoint.Training)
		says   string
	}{
		{func(of *checkpoint.Training) { of.Program = "v0" }, `program is "v0", here `},
		{func(of *checkpoint.Training) { of.Dataset = "many" }, `dataset is "many", here "few"`},
		{func(of *checkpoint.Training) { of.Backend.Core = "Z80" }, `backend.core is "Z80", here `},
		{func(of *checkpoint.Training) { of.Trials[0].Seed = 7 }, `trials[0].seed is 7, here 1`},
	} {
		of := checkpoint.Training{Program: build.Version(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{m.Config}}
		v.change(&of)
		os.Remove("net")
		store := checkpoint.Open(checkpoint.Beside("net"), of, true, checkpoint.Callbacks{Warn: func(err error) { t.Error(err) }})
		store.Keep(train.State{Steps: 5})
		store.Close()
		path := beside("net")
		if r := want(t, exitDone, line...); path == "" || !strings.Contains(r.stderr, "WARNING: "+path+": a checkpoint of another training: "+v.says) {
			t.Errorf("stderr %q, want %q", r.stderr, v.says)
		}
		if err := os.Remove(path); err != nil { // it has stayed
			t.Error(err)
		}
	}
	os.Remove("net")
	of := checkpoint.Training{Program: build.Version(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{m.Config}}
	store := checkpoint.Open(checkpoint.Beside("net"), of, true, checkpoint.Callbacks{Warn: func(err error) { t.Error(err) }})
	store.Keep(train.State{Steps: 10})
	store.Close()
	path := beside("net")
	if r := want(t, exitDone, line...); r.stderr != "WARNING: "+path+": unusable checkpoint: 0 results and 0 curves of 1 trials; set aside as "+path+".bad, using the previous one or the start\n" {
		t.Errorf("stderr %q", r.stderr)
	}
	net, err := model.Restore[float32](m.Saved, 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range map[string]string{"bnlab.result": `{"steps":10}`, "bnlab.backend": "", "bnlab.dataset": `{"name":"cifar10"}`} {
		other := maps.Clone(m.Metadata)
		other[key] = value
		var file bytes.Buffer
		if err := errors.Join(net.Save(&file, 0, other), os.WriteFile("net", file.Bytes(), 0o666)); err != nil {
			t.Fatal(err)
		}
		if r := want(t, exitUsage, line...); !strings.Contains(r.stderr, ": net exists ") || !bytes.Equal(read(t, "net"), file.Bytes()) {
			t.Errorf("%s %s: stderr %q", key, value, r.stderr)
		}
	}
}

// TestTrainSameThreads: a training continues with as many threads as it has had, not
// with as many as it would start with here, nor with those of another one that was
// interrupted beside it later.
func TestTrainSameThreads(t *testing.T) {
	if blas.Current().Name != "openblas" {
		t.Skip("the backend does not tell its threads")
	}
	cleanEnv(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	data := few()
	give(t, data)
	t.Chdir(t.TempDir())
	line := small("train --json --quiet --train-size 400 --test-size 100 --resume --save net")
	want(t, exitDone, line...)
	m, err := modelfile.Read("net")
	if err != nil {
		t.Fatal(err)
	}
	interrupt := func(c train.Config, threads int) {
		blas.SetThreads(threads)
		of := checkpoint.Training{Program: build.Version(), Dataset: data.Digest, Backend: blas.Current(), Trials: []train.Config{c}}
		store := checkpoint.Open(checkpoint.Beside("net"), of, true, checkpoint.Callbacks{Warn: func(err error) { t.Error(err) }})
		store.Keep(train.State{Steps: 5})
		store.Close()
	}
	other := m.Config
	other.Seed = 7
	for _, threads := range []int{1, 2} {
		os.Remove("net")
		interrupt(m.Config, threads)
		interrupt(other, 3-threads)
		var r results.Training
		if want(t, exitDone, line...).decode(t, &r); r.Backend.Threads != threads {
			t.Errorf("a training with %d threads goes on with %d", threads, r.Backend.Threads)
		}
	}
}

// TestTrainNotSaved: a network that cannot be saved costs no training: the error
// says how to continue, and then there is nothing left to train.
func TestTrainNotSaved(t *testing.T) {
	cleanEnv(t)
	give(t, few())
	t.Chdir(t.TempDir())
	line := small("train --train-size 400 --test-size 100 --resume --save net")
	stderr := obstacle{path: "net"} // its first line says where the training starts
	if code := run(t.Context(), append([]string{"bnlab"}, line...), os.Stdin, new(bytes.Buffer), &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	const says = "\nbnlab: --save net: is a directory; once it can be written, --resume continues from "
	if latest := beside("net"); !strings.HasSuffix(stderr.String(), says+latest+"\n") || !strings.HasSuffix(latest, ".10") {
		t.Errorf("stderr %q, want %q", &stderr, says)
	}
	if err := os.RemoveAll("net"); err != nil {
		t.Fatal(err)
	}
	if r := want(t, exitDone, line...); !strings.HasPrefix(r.stderr, "resuming from step 10 of 10\n") || beside("net") != "" {
		t.Errorf("stderr %q", r.stderr)
	}
}

// obstacle puts a folder in the way of a file when the program first writes to it.
type obstacle struct {
	bytes.Buffer
	path string
}

func (o *obstacle) Write(p []byte) (int, error) {
	os.MkdirAll(filepath.Join(o.path, "full"), 0o777)
	return o.Buffer.Write(p)
}

// TestStudyDamaged: checkpoints that are damaged while nobody looks, as a disk
// may, are named and set aside, and a run ends as one left alone.
func TestStudyDamaged(t *testing.T) {
	cleanEnv(t)
	dir := t.TempDir()
	calm := filepath.Join(dir, "calm")
	complete(t, "compare --quiet "+one+" --out "+calm)
	want := records(t, calm)
	random := rand.New(rand.NewPCG(3, 4))
	for range times(3, 40) {
		hurt := filepath.Join(dir, "hurt")
		inTime(t, func() (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
			os.RemoveAll(hurt)
			cmd, stdout, stderr := process(t, "compare --quiet "+one+" --out "+hurt)
			signalWhen(t, cmd, syscall.SIGKILL, func() bool { return checkpoints(hurt) > 1 })
			return cmd, stdout, stderr
		})
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
		if diff := cmp.Diff(want, records(t, hurt)); diff != "" {
			t.Errorf("undisturbed − damaged +\n%s", diff)
		}
	}
}
