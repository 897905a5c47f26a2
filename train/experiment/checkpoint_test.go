package experiment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/checkpoint"
)

// long is a plan of two units, trained one after the other for 10 epochs of 6
// steps each: one of three nets, of which one is without batch normalisation and
// one diverges, and one of one net.
func long(precision train.Precision) *Plan {
	c := small()
	c.NS, c.Cycles, c.Precision = 15, 2, precision
	trials := ofLambdas(c, []float64{0.001}, 3)
	trials[1].Config.BN = false
	trials[2].Config.BN, trials[2].Config.Lambda, trials[2].Config.EtaMax = false, 1, 10
	c.Hidden = []int{7}
	plan := planOf(append(trials, seeded("2-layer", c, 1)...), 3)
	plan.Fuse(3, 1)
	return plan
}

// interruptedRun runs the plan until it has read the training images n times, ten of
// which are an epoch and its evaluations at the most. It returns the outcomes, whether
// it came to the end, and after which step each unit began.
func interruptedRun(t *testing.T, f *Folder, n int) (outcomes []Outcome, done bool, from []int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, first := runner(t, f), false
	r.Workers, r.Data = 1, sets{onTrain: atCall(n, stop)}.data()
	r.Observer = observer{
		start: func([]Trial) { first = true },
		progress: func(steps int) {
			if first {
				from = append(from, steps)
			}
			first = false
		},
	}
	outcomes, err := r.Run(ctx, f.Plan)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return withCurves(t, r, outcomes), err == nil, from
}

// files returns the paths of the files below the run folder that match.
func files(t *testing.T, f *Folder, pattern string) (names []string) {
	t.Helper()
	for path := range snapshot(t, f.Dir) {
		if ok, err := filepath.Match(pattern, filepath.Base(path)); err != nil {
			t.Fatal(err)
		} else if ok {
			names = append(names, path)
		}
	}
	slices.Sort(names)
	return names
}

// onlyRecords fails the test where something else is in the folder.
func onlyRecords(t *testing.T, f *Folder) {
	t.Helper()
	for path := range snapshot(t, f.Dir) {
		if name := filepath.Base(path); name != planFile && name != resultFile && name != curveFile {
			t.Errorf("left: %s", path)
		}
	}
}

// TestRunResumes: a run that is interrupted again and again continues from the last
// epoch of the unit in training and ends with the records of one that is not, to
// the last bit, and with nothing else in its folder.
func TestRunResumes(t *testing.T) {
	for _, precision := range []train.Precision{train.F32, train.F64} {
		plan := long(precision)
		want := timeless(runAll(t, runner(t, nil), plan))
		if r := want[2].Result; !r.Diverged || r.Steps < 7 {
			t.Fatalf("third trial: %+v: choose others", r)
		}
		for _, pieces := range []int{9, 10, 13, 29, 61} {
			f := create(t, t.TempDir(), plan)
			resumed, last := 0, 0
			for times := 0; ; times++ {
				outcomes, done, from := interruptedRun(t, f, pieces)
				if len(from) > 0 && from[0] > 0 {
					if resumed++; from[0]%6 != 0 {
						t.Errorf("goes on from step %d", from[0])
					}
				}
				if done {
					same(t, want, timeless(outcomes), "%s, interrupted after %d readings each", precision, pieces)
					break
				}
				if n := len(files(t, f, "checkpoint.*")); n > 2 {
					t.Errorf("%d checkpoints", n)
				}
				if last = times; times > 50 {
					t.Fatalf("interrupted after %d readings each, it comes to no end", pieces)
				}
			}
			if resumed < last/2 || resumed == 0 {
				t.Errorf("interrupted after %d readings each: %d times, resumed %d times", pieces, last+1, resumed)
			}
			onDisk, err := f.Outcomes(func(err error) { t.Error(err) })
			if diff := cmp.Diff(want, timeless(withCurves(t, runner(t, f), onDisk))); err != nil || diff != "" {
				t.Errorf("on disk (error %v, -want +got):\n%s", err, diff)
			}
			onlyRecords(t, f)
		}
	}
}

// interruptedFolder returns a folder whose first unit has a checkpoint or two:
// where epochs are shorter than a write, only the newest state is written.
func interruptedFolder(t *testing.T, plan *Plan) *Folder {
	t.Helper()
	f := create(t, t.TempDir(), plan)
	if _, done, _ := interruptedRun(t, f, 40); done || len(files(t, f, "checkpoint.*")) == 0 {
		t.Fatal("not interrupted on the way")
	}
	return f
}

// TestRunSetsAside: a checkpoint that is damaged is named and set aside, one of
// another backend, program or configuration is named and not used, and the run ends
// with the same and leaves nothing else.
func TestRunSetsAside(t *testing.T) {
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	unit := plan.Trials[:3]
	ours := Runner{Program: "v1"}.training(plan, unit)
	tell := checkpoint.Callbacks{Warn: func(err error) { t.Error(err) }, Stop: func(err error) { t.Error(err) }}
	other := func(change func(*checkpoint.Training)) func(*Folder) {
		return func(f *Folder) {
			var sound train.State
			store := checkpoint.Open(f.checkpoints(unit), ours, false, tell)
			store.Restore(func(s train.State) error { sound = s; return nil })
			store.Close()
			of := ours
			of.Trials = slices.Clone(ours.Trials)
			change(&of)
			if err := f.checkpoints(unit).Remove(ours); err != nil {
				t.Error(err)
			}
			store = checkpoint.Open(f.checkpoints(unit), of, true, tell)
			store.Keep(sound)
			store.Close()
		}
	}
	for _, v := range []struct {
		damage func(*Folder)
		says   string
	}{
		{func(f *Folder) {
			path := files(t, f, "checkpoint.*")[0]
			for _, older := range files(t, f, "checkpoint.*")[1:] {
				os.Remove(older)
			}
			write(t, path, read(t, path)[:2000])
		}, "checksum mismatch"},
		{other(func(of *checkpoint.Training) { of.Program = "v0" }), `program is "v0", here "v1"`},
		{other(func(of *checkpoint.Training) { of.Dataset = "0" }), `dataset is "0", here "5fdcf57d170bdbc7da569af1dabd64d7d3c7507e9e7aa861fc7b691d5355c232"`},
		{other(func(of *checkpoint.Training) { of.Backend.Core = "Z80" }), `backend.core is "Z80", here `},
		{other(func(of *checkpoint.Training) { of.Backend.Threads += 7 }), `backend.threads is `},
		{other(func(of *checkpoint.Training) { of.Trials[1].Lambda = 0.5 }), `trials[1].lambda is 0.5, here 0.001`},
		{other(func(of *checkpoint.Training) { of.Trials = of.Trials[:2] }), `trials is a list of 2, here a list of 3`},
	} {
		f := interruptedFolder(t, plan)
		v.damage(f)
		var warnings []string
		r := runner(t, f)
		r.Warn = func(err error) { warnings = append(warnings, err.Error()) }
		same(t, want, timeless(runAll(t, r, plan)), "%s", v.says)
		if len(warnings) != 1 || !strings.Contains(warnings[0], v.says) {
			t.Errorf("warnings %q, want %s", warnings, v.says)
		}
		damaged := strings.Contains(v.says, "checksum")
		if left := files(t, f, "*checkpoint*"); !slices.Equal(left, files(t, f, "*.bad")) || damaged != (len(left) == 1) {
			t.Errorf("%s: left %v", v.says, left)
		}
	}
}

// TestRunResumesPartOfUnit: a unit with some records also resumes from its checkpoint,
// and those records stay unchanged.
func TestRunResumesPartOfUnit(t *testing.T) {
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := interruptedFolder(t, plan)
	must(t, f.Save(record(want[1])))
	before := snapshot(t, f.TrialDir(plan.Trials[1]))
	outcomes, _, from := interruptedRun(t, f, 1000)
	if diff := cmp.Diff(want, timeless(outcomes)); diff != "" || from[0] == 0 {
		t.Errorf("from step %d (-want +got):\n%s", from[0], diff)
	}
	same(t, before, snapshot(t, f.TrialDir(plan.Trials[1])), "the record there is written again")
	onlyRecords(t, f)
}

// TestRunTidies: checkpoints that were left when the last record was written are
// removed by the next run, and those of units in training stay.
func TestRunTidies(t *testing.T) {
	plan := long(train.F32)
	f := interruptedFolder(t, plan)
	for _, trial := range plan.Trials[:3] {
		must(t, f.Save(record(finished(trial, 0.5, 0.5))))
	}
	if _, done, _ := interruptedRun(t, f, 20); done {
		t.Fatal("not interrupted")
	}
	for _, path := range files(t, f, "checkpoint.*") {
		if filepath.Dir(path) != f.TrialDir(plan.Trials[3]) {
			t.Errorf("left: %s", path)
		}
	}
	if n := len(files(t, f, "checkpoint.*")); n == 0 {
		t.Error("no checkpoint of the unit in training")
	}
}

// TestRunPanicsOnTheWay: a unit that fails leaves no checkpoint, so the next run
// starts it anew, and does not touch those of another training.
func TestRunPanicsOnTheWay(t *testing.T) {
	plan := long(train.F32)
	f := create(t, t.TempDir(), plan)
	dir, err := f.makeTrialDir(plan.Trials[0])
	must(t, err)
	other := filepath.Join(dir, "checkpoint.01234567.6")
	write(t, other, nil)
	r := runner(t, f)
	r.Warn = func(err error) {
		if !strings.HasPrefix(err.Error(), other+": a checkpoint of another training") {
			t.Errorf("warned: %v", err)
		}
	}
	r.Workers, r.Data = 1, sets{onTrain: atCall(40, func() { panic("bad disk") })}.data()
	if o := runAll(t, r, plan)[0]; !strings.HasPrefix(o.Error, "panic: bad disk\n") {
		t.Errorf("outcome %+v", o)
	}
	if err := os.Remove(other); err != nil {
		t.Error(err)
	}
	onlyRecords(t, f)
}

// TestRunKeepsUntilSaved: a record that cannot be written loses no training: the
// checkpoint stays, and once it can be written the next run only evaluates.
func TestRunKeepsUntilSaved(t *testing.T) {
	plan := long(train.F32)
	want := timeless(runAll(t, runner(t, nil), plan))
	f := create(t, t.TempDir(), plan)
	inTheWay := filepath.Join(f.TrialDir(plan.Trials[1]), resultFile+"/x")
	r := runner(t, f)
	r.Workers = 1
	r.Data = sets{onTest: func() {
		for _, dir := range []string{inTheWay, filepath.Dir(inTheWay) + ".bad/x"} { // it cannot be set aside either
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Error(err)
			}
		}
	}}.data()
	if _, err := r.Run(t.Context(), plan); err == nil || !strings.HasPrefix(err.Error(), filepath.Dir(inTheWay)) {
		t.Errorf("error %v", err)
	}
	must(t, os.RemoveAll(filepath.Dir(inTheWay)), os.RemoveAll(filepath.Dir(inTheWay)+".bad"))
	outcomes, _, from := interruptedRun(t, f, 1000)
	if diff := cmp.Diff(want, timeless(outcomes)); diff != "" || from[0] != plan.Trials[0].Config.Steps() {
		t.Errorf("from step %d (-want +got):\n%s", from[0], diff)
	}
	onlyRecords(t, f)
}
