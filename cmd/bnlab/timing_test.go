package main

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// scripts/timing.sh writes a line for each pair of workers and
// threads, and a figure that is sound XML.
func TestTiming(t *testing.T) {
	for _, program := range []string{"bash", "python3", "awk"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	cleanEnv(t)
	dir := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bnlab := filepath.Join(dir, "bnlab")
	if err := os.Symlink(exe, bnlab); err != nil {
		t.Fatal(err)
	}
	if runtime.NumCPU() < 2 {
		t.Skip("one core")
	}
	t.Setenv("GOMAXPROCS", "2")
	t.Setenv("OMP_NUM_THREADS", "1") // which the cores that a user has do not depend on
	t.Setenv("CORES", "3")           // more than there are
	t.Setenv("ROUNDS", "1")
	t.Setenv("BNLAB_DATASET", "synthetic")
	out := runScript(t, dir, bnlab, "timing.sh", "out", "--train-size", "400", "--val", "100", "--batch", "20", "--ns", "10")
	if !strings.Contains(out, "\n      2        1      2 ") {
		t.Errorf("prints %s", out)
	}

	text, err := os.ReadFile(filepath.Join(dir, "out", "timing.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(rows) != 1+3 {
		t.Fatalf("%v, %d lines:\n%s", err, len(rows), text)
	}
	for _, row := range rows[1:] {
		v := make([]float64, len(row))
		for i := range row {
			if v[i], err = strconv.ParseFloat(row[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		workers, trials, updates, seconds, rate := v[0], v[3], v[4], v[5], v[6]
		if trials != 8*workers || updates != 20 {
			t.Errorf("trials or updates of %v", row)
		}
		if images := trials * updates * 20; rate < 0.99*images/seconds || rate > 1.01*images/seconds {
			t.Errorf("rate of %v, want %v", row, images/seconds)
		}
	}

	figure, err := os.Open(filepath.Join(dir, "out", "timing.svg"))
	if err != nil {
		t.Fatal(err)
	}
	defer figure.Close()
	for d := xml.NewDecoder(figure); err == nil; {
		_, err = d.Token()
	}
	if !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

// Without python3 scripts/timing.sh says so before it measures anything.
func TestTimingWithoutPython(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	dirname, err := exec.LookPath("dirname")
	if err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(dirname, filepath.Join(dir, "dirname")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), bash, filepath.Join("..", "..", "scripts", "timing.sh"), filepath.Join(dir, "out"))
	cmd.Env = []string{"PATH=" + dir, "BNLAB=false"}
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), "python3 is missing") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
		t.Error("makes the folder all the same")
	}
}
