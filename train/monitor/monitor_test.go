package monitor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// plan writes a plan of so many trials to a folder.
func plan(t *testing.T, dir string, n int) {
	t.Helper()
	c := train.Default()
	p := &experiment.Plan{Format: experiment.Format, Experiment: "rates", Dataset: experiment.Dataset{Name: "synthetic", Digest: "made up"}, Program: "v1"}
	for c.Seed = 1; c.Seed <= uint64(n); c.Seed++ {
		p.Trials = append(p.Trials, experiment.Trial{ID: fmt.Sprint("seed", c.Seed), Group: "all", Config: c})
	}
	p.Fuse(1, 1)
	must(t, os.MkdirAll(dir, 0o777))
	_, err := experiment.Create(dir, p)
	must(t, err)
}

// saw is what a look shows, in a line.
func saw(m *Monitor) string {
	s, err := m.Look()
	if err != nil {
		return "error " + err.Error()
	}
	text := fmt.Sprintf("%s, changed %v:", s.Title, s.Changed)
	for _, p := range s.Plans {
		text += fmt.Sprintf(" [%s %d", p.Name, len(p.Outcomes))
		if p.Waiting {
			text += " waiting"
		}
		text += "]"
	}
	return text
}

const question = `title: Which weight decay?
base: {ns: 100, cycles: 1}
experiments:
  - {name: rate, vary: {bn: [true, false]}}
  - name: best
    search: {over: lambda, coarse: [1e-3, 1e-2], fine: {draw: 3, between: best-worst}, choose: val-acc}
`

// TestLook: a run, a study whose stages come one after the other, and a folder of several
// runs are each shown as what they are, and followed through what happens to them.
func TestLook(t *testing.T) {
	top := t.TempDir()
	run := filepath.Join(top, "run")
	plan(t, run, 3)
	expect := func(m *Monitor, want string) {
		t.Helper()
		if got := saw(m); got != want {
			t.Errorf("saw\n%s, want\n%s", got, want)
		}
	}
	m := New(run)
	expect(m, "rates, changed true: [ 3]")
	expect(m, "rates, changed false: [ 3]")
	must(t, os.Rename(run, run+".away"))
	if got := saw(m); !strings.HasPrefix(got, "error no "+run+"/plan.json") {
		t.Error(got)
	}
	must(t, os.Rename(run+".away", run))
	expect(m, "rates, changed true: [ 3]")

	study := filepath.Join(top, "study")
	plan(t, filepath.Join(study, "rate"), 2)
	plan(t, filepath.Join(study, "best", "coarse"), 2)
	must(t, os.WriteFile(filepath.Join(study, "study.yaml"), []byte(question), 0o666))
	m = New(study)
	expect(m, "Which weight decay?, changed true: [rate 2] [best, coarse stage 2] [best, fine stage 0 waiting]")
	expect(m, "Which weight decay?, changed false: [rate 2] [best, coarse stage 2] [best, fine stage 0 waiting]")
	plan(t, filepath.Join(study, "best", "fine"), 3)
	expect(m, "Which weight decay?, changed true: [rate 2] [best, coarse stage 2] [best, fine stage 3]")
	must(t, os.WriteFile(filepath.Join(study, "study.yaml"), []byte("title: [cut"), 0o666))
	if got := saw(m); !strings.HasPrefix(got, "error "+study+"/study.yaml") {
		t.Error(got)
	}

	must(t, os.RemoveAll(study))
	plan(t, filepath.Join(top, "more", "sigma"), 4)
	m = New(top)
	expect(m, filepath.Base(top)+", changed true: [more/sigma 4] [run 3]")
	plan(t, filepath.Join(top, "compare"), 1)
	expect(m, filepath.Base(top)+", changed true: [compare 1] [more/sigma 4] [run 3]")
	must(t, os.RemoveAll(filepath.Join(top, "compare")))
	expect(m, filepath.Base(top)+", changed true: [more/sigma 4] [run 3]")

	none := filepath.Join(top, "none")
	if got := saw(New(none)); !strings.HasPrefix(got, "error no "+none+"/plan.json; make one with") {
		t.Error(got)
	}
	file := filepath.Join(top, "file")
	must(t, os.WriteFile(file, nil, 0o666))
	if got := saw(New(file)); !strings.Contains(got, "a file, expected a run folder") {
		t.Error(got)
	}
}
