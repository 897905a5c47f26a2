package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// one is a study of a single unit, of 1000 updates and 50 epochs.
const one = "--dataset synthetic --val 100 --ns 500 --cycles 1 --batch 20 --evals 4 --eval-train 100 --depth 2 --seeds 1 --workers 1"

// shellCommand returns a shell's command in which bnlab is the program.
func shellCommand(t *testing.T, command string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = append(os.Environ(), fewVariable+"=1", "PATH="+binFolder(t)+":"+os.Getenv("PATH"))
	return cmd
}

// patience is how long tests wait for a process: on a busy machine, under the race
// detector, what takes a second may take a minute.
const patience = 5 * time.Minute

// until waits until done says so.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

// disturb runs the program, which writes to path, and signals it once ready says so,
// until it is disturbed before its end: on a busy machine it may be over first, or have
// its last record written.
func disturb(t *testing.T, signal syscall.Signal, line, path string, ready func() bool) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	for range 50 {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		cmd, stdout, stderr = process(t, line)
		cmd.Args = append(cmd.Args, path)
		signalWhen(t, cmd, signal, ready)
		if !cmd.ProcessState.Success() && !strings.Contains(stderr.String(), "interrupted; 2 of 2 trials") {
			break
		}
	}
	return cmd, stdout, stderr
}

// interrupt does that with a program that is to end with exit code 130 and one line,
// which it returns, with the command to continue.
func interrupt(t *testing.T, signal syscall.Signal, line, path string, ready func() bool) (said, command string) {
	t.Helper()
	cmd, stdout, stderr := disturb(t, signal, line, path, ready)
	first, rest, _ := strings.Cut(stderr.String(), "\n")
	said, command, _ = strings.Cut(first, "; to continue: ")
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || rest != "" || stdout.Len() > 0 {
		t.Fatalf("exit code %d, stderr %q, stdout %q", code, stderr, stdout)
	}
	return said, command
}

// resumed runs a command to continue by the shell, as it is, and returns what it prints.
func resumed(t *testing.T, command string) []byte {
	t.Helper()
	out, err := shellCommand(t, command).Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return out
}

// sameRecords asserts that a study has ended as one that was left alone.
func sameRecords(t *testing.T, calm, dir string) {
	t.Helper()
	if diff := cmp.Diff(records(t, calm), records(t, dir)); diff != "" {
		t.Errorf("records undisturbed − disturbed +\n%s", diff)
	}
}

// TestSignals: told to stop, by Ctrl-C, its host, the end of its terminal or
// Slurm, the program has the last epoch on disk when it ends with exit code 130,
// and the command that it prints, word by word, continues to the records of an
// undisturbed run.
func TestSignals(t *testing.T) {
	cleanEnv(t)
	calm := filepath.Join(t.TempDir(), "calm")
	complete(t, "compare --quiet "+one+" --out "+calm)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1} {
		t.Run(signal.String(), func(t *testing.T) {
			if ossignal.Ignored(signal) {
				t.Skip("this test was started by nohup, whose children ignore it too: TestNohup")
			}
			dir := filepath.Join(t.TempDir(), "it's $HOME")
			said, command := interrupt(t, signal, "compare --quiet "+one+" --out", dir, func() bool { return checkpoints(dir) > 0 })
			if !strings.HasPrefix(said, "bnlab: interrupted; 0 of 2 trials ") || checkpoints(dir) == 0 {
				t.Errorf("%s; %d checkpoints", said, checkpoints(dir))
			}
			resumed(t, command)
			sameRecords(t, calm, dir)
		})
	}
}

// TestSecondSignal: of a program that is busy and has been told to stop, a SIGINT
// makes an end at once; other signals, of which hosts send several, do not.
func TestSecondSignal(t *testing.T) {
	for _, first := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd, said := busy(t, "exec bnlab train --dataset synthetic")
		for _, s := range []syscall.Signal{first, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGTERM} {
			cmd.Process.Signal(s)
			time.Sleep(100 * time.Millisecond)
		}
		if err := cmd.Process.Signal(syscall.Signal(0)); err != nil {
			t.Errorf("%v, then others: it is gone: %v", first, err)
		}
		cmd.Process.Signal(syscall.SIGINT)
		io.Copy(io.Discard, said)
		cmd.Wait()
		if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
			t.Errorf("%v, then others, then SIGINT: %v", first, cmd.ProcessState)
		}
	}
}

// TestSignalWhileWaiting: a program that waits for a pipe ends all the same, before
// a host that has sent SIGTERM sends SIGKILL.
func TestSignalWhileWaiting(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	want(t, exitDone, small("train --quiet --save m.safetensors")...)
	var both sync.WaitGroup
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := shellCommand(t, "exec bnlab predict m.safetensors -")
		pipe, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer pipe.Close()
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // it waits now; before its first line a signal ends it as any program
		cmd.Process.Signal(signal)
		both.Go(func() {
			cmd.Wait()
			status := cmd.ProcessState.Sys().(syscall.WaitStatus)
			early := status.Signaled() && status.Signal() == signal
			if !early && (status.ExitStatus() != exitInterrupted || strings.Count(stderr.String(), "\n") != 1) {
				t.Errorf("%v: %v, stderr %q", signal, cmd.ProcessState, &stderr)
			}
		})
	}
	both.Wait()
}

// TestNohup: a SIGHUP that is ignored when the program starts stays ignored.
func TestNohup(t *testing.T) {
	cmd, said := busy(t, `trap "" HUP; exec bnlab train --dataset synthetic`)
	cmd.Process.Signal(syscall.SIGHUP)
	time.Sleep(50 * time.Millisecond)
	cmd.Process.Signal(syscall.SIGINT) // the first that counts
	time.Sleep(50 * time.Millisecond)
	if err := cmd.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("it is gone: %v", err)
	}
	cmd.Process.Kill()
	io.Copy(io.Discard, said)
	cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGKILL {
		t.Errorf("it ended before it was killed: %v", cmd.ProcessState)
	}
}

// busy starts a program that looks at nothing for a minute, and waits until that
// begins.
func busy(t *testing.T, command string) (cmd *exec.Cmd, stderr io.Reader) {
	t.Helper()
	cleanEnv(t)
	cmd = shellCommand(t, command)
	cmd.Env = append(cmd.Env, fewVariable+"=never")
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(pipe)
	if line, err := said.ReadString('\n'); line != "busy\n" {
		t.Fatalf("says %q, error %v", line, err)
	}
	return cmd, said
}
