package experiment

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// numbered is a record of a trial that tells in every number who came to it.
func numbered(t Trial, who int) Record {
	r := record(finished(t, float64(who)/1000, float64(who)/1000))
	r.Curve = []train.Point{{Step: 1 + who%20, Metrics: train.Metrics{ValAcc: float64(who) / 1000}}, {Step: 24}}
	return r
}

// killAt replaces the steps of Save so that a process is killed at one of them: with
// its curve written, with the curve named, with its record there, with all there. It
// returns what undoes that.
func killAt(step string, kill func()) (restore func()) {
	oldLink, oldRename := link, rename
	at := func(name string) {
		if name == step {
			kill()
		}
	}
	link = func(old, new string) error {
		at("written")
		err := oldLink(old, new)
		at("named")
		return err
	}
	rename = func(old, new string) error {
		at("published")
		err := oldRename(old, new)
		at("settled")
		return err
	}
	return func() { link, rename = oldLink, oldRename }
}

// TestKeepKilled: wherever two processes are killed that finish one trial, with links
// or without: an existing record stays to the bit, with its own curve, and all later
// processes agree on it.
func TestKeepKilled(t *testing.T) {
	steps := []string{"", "written", "named", "published", "settled"}
	f, trial := createSmall(t)
	killed := func(who int, step string) {
		defer killAt(step, func() { panic("killed") })()
		defer func() { recover() }()
		if _, err := f.Keep(numbered(trial, who)); err != nil {
			t.Error(err)
		}
	}
	for _, links := range []bool{true, false} {
		for _, first := range steps {
			for _, second := range steps {
				old := link
				if !links {
					link = func(string, string) error { return syscall.EPERM }
				}
				killed(1, first)
				one, found, err := f.Read(trial)
				if err != nil || found == (first == "written" || first == "named") {
					t.Errorf("killed when %s: found %v, error %v", first, found, err)
				}
				killed(2, second)
				two, found2, err := f.Read(trial)
				if err != nil || found && cmp.Diff(one, two) != "" {
					t.Errorf("killed when %s, then when %s: error %v\n%s", first, second, err, cmp.Diff(one, two))
				}
				three, err := f.Keep(numbered(trial, 3))
				if err != nil || found2 && cmp.Diff(two, three) != "" {
					t.Errorf("killed when %s, when %s, and a third: error %v\n%s", first, second, err, cmp.Diff(two, three))
				}
				if err := f.clear(trial); err != nil {
					t.Error(err)
				}
				if got, _, err := f.Read(trial); err != nil || cmp.Diff(three, got) != "" || len(snapshot(t, f.TrialDir(trial))) != 2 {
					t.Errorf("killed when %s, when %s, in the end: error %v, %d files\n%s", first, second, err, len(snapshot(t, f.TrialDir(trial))), cmp.Diff(three, got))
				}
				link = old
				must(t, os.RemoveAll(f.TrialDir(trial)))
			}
		}
	}
}

// TestKeepMeanwhile: whatever one process has done when another finishes the same
// trial, from its first step to its last, both end with one record, that of the one
// that was first, and its own curve.
func TestKeepMeanwhile(t *testing.T) {
	for step, first := range map[string]int{"written": 2, "named": 2, "published": 1, "settled": 1} {
		for _, stale := range []bool{false, true} {
			f, trial := createSmall(t)
			if dir, err := f.makeTrialDir(trial); err != nil {
				t.Fatal(err)
			} else if stale { // of one that was killed before its record
				write(t, filepath.Join(dir, curveFile), []byte("{}\n"))
			}
			var other Record
			var restore func()
			restore = killAt(step, func() {
				restore()
				var err error
				if other, err = f.Keep(numbered(trial, 2)); err != nil {
					t.Error(err)
				}
			})
			one, err := f.Keep(numbered(trial, 1))
			restore()
			if other.Trial.ID == "" {
				continue // no such step where no curve is in the way
			}
			there, found, read := f.Read(trial)
			if err != nil || read != nil || !found || owner(there) != fmt.Sprintf("%d/%[1]d", first) {
				t.Errorf("%s, stale %v: errors %v, %v, the record is of %s", step, stale, err, read, owner(there))
			}
			if cmp.Diff(one, there)+cmp.Diff(other, there) != "" {
				t.Errorf("%s, stale %v: told of %s and of %s", step, stale, owner(one), owner(other))
			}
		}
	}
}

// TestKeepProcesses: if processes finish the same trials at once, each with its own
// result, and some are killed, all survivors report the same for each trial: the first
// record, which stays.
func TestKeepProcesses(t *testing.T) {
	if line := os.Getenv("BNLAB_TEST_KEEPER"); line != "" {
		keeper(t, line)
		return
	}
	const processes = 4
	f := create(t, t.TempDir(), planOf(ofLambdas(small(), []float64{0.001, 0.01, 0.1}, 8), 1))
	exe, err := os.Executable()
	must(t, err)
	kills := []string{"written 5", "named 9", "published 1", ""}
	var cmds []*exec.Cmd
	var told [processes]strings.Builder
	for who := range processes {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestKeepProcesses$", "-test.count=1")
		cmd.Env = append(os.Environ(), fmt.Sprintf("BNLAB_TEST_KEEPER=%d %s %s", who+1, f.Dir, kills[who]))
		cmd.Stdout = &told[who]
		must(t, cmd.Start())
		cmds = append(cmds, cmd)
	}
	by := map[string]string{}
	for who, cmd := range cmds {
		_ = cmd.Wait() // killed, most of them
		for line := range strings.Lines(told[who].String()) {
			var id, first string
			if n, _ := fmt.Sscanf(line, "kept %s %s", &id, &first); n < 2 {
				continue
			}
			if before, ok := by[id]; ok && before != first {
				t.Errorf("%s: process %d says that the record is of %s, another of %s", id, who+1, first, before)
			}
			by[id] = first
		}
	}
	for _, trial := range f.Plan.Trials {
		r, found, err := f.Read(trial)
		if err != nil || !found || by[trial.ID] != owner(r) {
			t.Errorf("%s: told to be of %q, is of %q; found %v, error %v", trial.ID, by[trial.ID], owner(r), found, err)
		}
	}
	if len(by) != len(f.Plan.Trials) {
		t.Errorf("%d trials were kept, want %d", len(by), len(f.Plan.Trials))
	}
}

// owner tells who came to a record, by its result and by its curve.
func owner(r Record) string {
	if r.Result.Final == nil || len(r.Curve) == 0 {
		return "nobody"
	}
	return fmt.Sprintf("%g/%g", 1000*r.Result.Final.ValAcc, 1000*r.Curve[0].ValAcc)
}

// keeper keeps a record of its own of every trial of a folder and prints which one
// is there then. It kills itself when it comes to a step so many times.
func keeper(t *testing.T, line string) {
	var who, times int
	var dir, step string
	fmt.Sscan(line, &who, &dir, &step, &times)
	f, err := Open(dir)
	must(t, err)
	defer killAt(step, func() {
		if times--; times == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	})()
	for _, trial := range f.Plan.Trials {
		r, err := f.Keep(numbered(trial, who))
		must(t, err)
		fmt.Printf("kept %s %s\n", trial.ID, owner(r))
	}
}

// TestSettled: a record whose writer was killed before its curve had its name is
// read as it is, without a change; a run gives the curve its name.
func TestSettled(t *testing.T) {
	f, trial := createSmall(t)
	must(t, f.Save(numbered(trial, 1)))
	dir := f.TrialDir(trial)
	public := filepath.Join(dir, curveFile)
	own := filepath.Join(dir, ownCurve(string(sumIn(read(t, filepath.Join(dir, resultFile))))))
	curve := read(t, public)
	for _, other := range []func(){func() {}, func() { write(t, public, []byte("{}\n")) }} {
		must(t, os.Rename(public, own))
		other()
		before := snapshot(t, dir)
		if r, found, err := f.Read(trial); !found || err != nil || owner(r) != "1/1" {
			t.Errorf("found %v, error %v, of %s", found, err, owner(r))
		}
		same(t, before, snapshot(t, dir), "reading changes")
		if _, found, err := f.Load(trial); !found || err != nil || !slices.Equal(read(t, public), curve) {
			t.Errorf("found %v, error %v, curve %s", found, err, read(t, public))
		}
		if len(snapshot(t, dir)) != 2 {
			t.Errorf("files %v", snapshot(t, dir))
		}
	}
}
