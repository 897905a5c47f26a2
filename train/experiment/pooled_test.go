package experiment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pooledFolder returns a folder of the trials with a record of each, whose accuracies
// follow from its configuration alone, with those of the first ones changed by off.
func pooledFolder(t *testing.T, trials []Trial, size int, off ...float64) *Folder {
	t.Helper()
	f := create(t, t.TempDir(), planOf(trials, size))
	for i, trial := range f.Plan.Trials {
		acc := trial.Config.Lambda + float64(trial.Config.Seed)/100
		if i < len(off) {
			acc += off[i]
		}
		must(t, f.Save(record(finished(trial, acc, acc/2))))
	}
	return f
}

// summaryOf returns the summary of folders, pooled, and what it says of their records.
func summaryOf(t *testing.T, folders ...*Folder) (Summary, []string) {
	t.Helper()
	p, err := PoolFolders(folders...)
	must(t, err)
	outcomes, err := p.Outcomes(func(err error) { t.Error(err) })
	must(t, err)
	s := Summarize(p.Plan, outcomes)
	s.Properties = nil // how many trained side by side
	return s, p.Unequal()
}

// TestPool: folders of other seeds, of another value and of some trials twice, give the
// summary of one folder that has all, in whatever order.
func TestPool(t *testing.T) {
	c := small()
	later := c
	later.Seed = 3
	want, _ := summaryOf(t, pooledFolder(t, ofLambdas(c, []float64{0.001, 0.01, 0.1}, 5), 8))
	few := pooledFolder(t, ofLambdas(c, []float64{0.001, 0.01}, 2), 1)
	more := pooledFolder(t, ofLambdas(later, []float64{0.001, 0.01}, 3), 2)
	value := pooledFolder(t, ofLambdas(c, []float64{0.1}, 5), 8)
	twice := pooledFolder(t, ofLambdas(c, []float64{0.001, 0.01}, 4), 8)
	for name, folders := range map[string][]*Folder{
		"apart": {few, more, value}, "another order": {more, few, value}, "some twice": {few, twice, more, value}, "one folder twice": {few, more, few, value},
	} {
		got, unequal := summaryOf(t, folders...)
		same(t, want, got, "%s", name)
		same(t, []string(nil), unequal, "%s: unequal", name)
	}
}

// TestPoolOne: a single folder is as it is.
func TestPoolOne(t *testing.T) {
	f := pooledFolder(t, smallPlan().Trials[1:], 2)
	p, err := PoolFolders(f)
	must(t, err)
	want, err := f.Outcomes(func(err error) { t.Error(err) })
	must(t, err)
	got, err := p.Outcomes(func(err error) { t.Error(err) })
	must(t, err)
	same(t, f.Plan, p.Plan, "plan")
	same(t, want, got, "outcomes")
}

// TestPoolUnequal: of a trial with other numbers in a second folder the first counts,
// and one line says so.
func TestPoolUnequal(t *testing.T) {
	trials := ofLambdas(small(), []float64{0.001, 0.01}, 2)
	first := pooledFolder(t, trials, 1)
	want, _ := summaryOf(t, first)
	got, unequal := summaryOf(t, first, pooledFolder(t, trials, 1, 0, 0.25, 0.125))
	same(t, want, got, "the summary")
	says := []string{"2 trials of several folders with different numbers: lambda-0.001-seed2 (final.test_acc is 0.0105 and 0.1355), " +
		"lambda-0.01-seed1 (final.test_acc is 0.01 and 0.0725); the first folder's count."}
	same(t, says, unequal, "unequal")
	// Curves count, times do not.
	for _, change := range []string{"curve", "times"} {
		second := create(t, t.TempDir(), planOf(trials, 1))
		for _, trial := range trials {
			r, _, err := first.Read(trial)
			must(t, err)
			if change == "curve" {
				r.Curve[0].Eta++
			} else {
				r.Result.TrainSeconds++
				r.Host = "another"
			}
			must(t, second.Save(r))
		}
		if _, unequal := summaryOf(t, first, second); len(unequal) != map[string]int{"curve": 1, "times": 0}[change] {
			t.Errorf("%s: unequal %q", change, unequal)
		}
	}
}

// TestPoolMissing: a trial that has no sound record in one folder is taken from another,
// and only one that has none in any is missing.
func TestPoolMissing(t *testing.T) {
	trials := ofLambdas(small(), []float64{0.001}, 4)
	want, _ := summaryOf(t, pooledFolder(t, trials, 1))
	first, second := pooledFolder(t, trials, 1), pooledFolder(t, trials, 1)
	must(t, os.Remove(filepath.Join(first.TrialDir(trials[0]), resultFile)))
	write(t, filepath.Join(first.TrialDir(trials[1]), resultFile), []byte("{"))
	must(t, os.Remove(filepath.Join(first.TrialDir(trials[2]), resultFile)), first.Save(record(failed(trials[2]))))
	p, err := PoolFolders(first, second)
	must(t, err)
	var damaged []string
	outcomes, err := p.Outcomes(func(err error) { damaged = append(damaged, err.Error()) })
	must(t, err)
	got := Summarize(p.Plan, outcomes)
	got.Properties = nil
	same(t, want, got, "the summary")
	if len(damaged) != 1 || !strings.HasPrefix(damaged[0], first.TrialDir(trials[1])) {
		t.Errorf("damaged: %q", damaged)
	}
	must(t, os.Remove(filepath.Join(second.TrialDir(trials[0]), resultFile)))
	p, err = PoolFolders(second, first)
	must(t, err)
	outcomes, err = p.Outcomes(func(error) {})
	must(t, err)
	same(t, []string{trials[0].ID}, Summarize(p.Plan, outcomes).Missing, "missing")
}

// TestPoolApart: groups of one name and another configuration are told apart by what
// differs, groups of another name and one configuration are one.
func TestPoolApart(t *testing.T) {
	short := small()
	short.NS, short.Evals, short.Precision = 3, 1, "f64"
	first, other := pooledFolder(t, ofLambdas(small(), []float64{0.001, 0.01}, 2), 1), pooledFolder(t, ofLambdas(short, []float64{0.001}, 2), 1)
	renamed := ofLambdas(small(), []float64{0.01}, 3)
	for i := range renamed {
		renamed[i].Group, renamed[i].ID = "the middle", fmt.Sprint("middle-", i)
	}
	s, unequal := summaryOf(t, first, other, pooledFolder(t, renamed, 1))
	var got []string
	for _, g := range s.Groups {
		got = append(got, fmt.Sprint(g.Name, ": ", g.N))
	}
	want := []string{"lambda=0.001 ns=6 precision=f32 evals=2: 2", "lambda=0.01: 3", "lambda=0.001 ns=3 precision=f64 evals=1: 2"}
	same(t, want, got, "groups")
	same(t, []string(nil), unequal, "unequal")
	if !slices.ContainsFunc(s.Warnings, func(w string) bool { return strings.Contains(w, "differ in precision") }) {
		t.Errorf("warnings %q", s.Warnings)
	}
	must(t, os.Remove(filepath.Join(other.TrialDir(other.Plan.Trials[1]), resultFile)))
	s, _ = summaryOf(t, first, other)
	same(t, []string{"lambda-0.001-seed2 ns=3 precision=f64 evals=1"}, s.Missing, "missing")
}

// TestPoolRefuses folders of other experiments and other data.
func TestPoolRefuses(t *testing.T) {
	first := create(t, t.TempDir(), smallPlan())
	for says, change := range map[string]func(*Plan){
		"experiment test, not sigma":      func(p *Plan) { p.Experiment = "sigma" },
		"data set cifar10 5fdcf57d170b, ": func(p *Plan) { p.Dataset.Name = Synthetic },
	} {
		p := smallPlan()
		change(p)
		second := create(t, t.TempDir(), p)
		_, err := PoolFolders(first, second)
		if !errors.Is(err, ErrPlan) || !strings.HasPrefix(err.Error(), first.Dir+" and "+second.Dir+" cannot be pooled: "+says) {
			t.Errorf("error %v, want %s", err, says)
		}
	}
}

// TestAgrees: plans are pooled unasked where they share a group and none is of another
// configuration.
func TestAgrees(t *testing.T) {
	plan := planOf(ofLambdas(small(), []float64{0.001, 0.01}, 2), 1)
	for name, v := range map[string]struct {
		change func(*Plan)
		want   bool
	}{
		"itself":         {func(*Plan) {}, true},
		"other seeds":    {func(p *Plan) { c := small(); c.Seed = 9; p.Trials = ofLambdas(c, []float64{0.01, 0.1}, 1) }, true},
		"other values":   {func(p *Plan) { p.Trials = ofLambdas(small(), []float64{0.1}, 2) }, false},
		"another":        {func(p *Plan) { p.Experiment = "x" }, false},
		"other data":     {func(p *Plan) { p.Dataset.Digest = "x" }, false},
		"another length": {func(p *Plan) { p.Trials[3].Config.NS, p.Trials[2].Config.NS = 3, 3 }, false},
	} {
		other := planOf(ofLambdas(small(), []float64{0.001, 0.01}, 2), 1)
		v.change(other)
		if plan.Agrees(other) != v.want || other.Agrees(plan) != v.want {
			t.Errorf("%s: %v", name, !v.want)
		}
	}
}
