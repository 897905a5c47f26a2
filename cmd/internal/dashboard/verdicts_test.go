package dashboard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

const question = `title: Does it help?
base: {ns: 450, cycles: 2, evals: 10}
seeds: 3
experiments:
- name: rates
  vary: {bn: [true, false], lambda: [0.01, 0.001]}
  contrast: bn
  claims:
  - {name: "<b>it</b> does", kind: difference, of: bn, above: -0.5}
`

// asked makes the folder of a study of which the first trials are done and the next in training.
func asked(t testing.TB, text string, done, training int) *experiment.Folder {
	t.Helper()
	s, err := study.Parse("my.yaml", []byte(text))
	must(t, err)
	f := folder(t, s.Experiments[0].Trials(), done, training)
	must(t, os.WriteFile(filepath.Join(f.Dir, answer.QuestionFile), []byte(text), 0o666))
	return f
}

// TestVerdicts: claims and differences are there as soon as there is a pair, provisional until
// the last trial is done, and follow the trials.
func TestVerdicts(t *testing.T) {
	f := asked(t, question, 6, 0)
	d, err := New(f.Dir)
	must(t, err)
	see := func(what string, want ...string) {
		t.Helper()
		var all []string
		for _, table := range d.now().Plans[0].Verdicts {
			all = append(all, table.Caption)
			for _, r := range table.Rows {
				all = append(all, strings.Join(r.Cells, " | "))
			}
		}
		got := strings.Join(all, "\n")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: want %q in\n%s", what, w, got)
			}
		}
	}
	see("half", "Claims; provisional, 6 trials missing", "<b>it</b> does | undecided | ")
	if n := len(d.now().Plans[0].Verdicts); n != 1 {
		t.Errorf("%d tables, want claims alone: there is no pair", n)
	}
	trials := f.Plan.Trials
	finish(t, f, trials[6])
	finish(t, f, trials[7])
	d.found[f.Dir] = verdicts{} // whose time has come
	must(t, d.look())
	see("two pairs", "Differences, paired by seed; p corrected for 1 of 2 comparisons; provisional, 4 trials missing",
		"bn=true − bn=false | lambda=0.01 | test-acc | 2 | ", " to ")

	v := d.found[f.Dir]
	v.next = time.Now().Add(time.Hour)
	d.found[f.Dir] = v
	finish(t, f, trials[8])
	must(t, d.look())
	see("before its time", "provisional, 4 trials missing")
	v = d.found[f.Dir]
	v.next = time.Now()
	d.found[f.Dir] = v
	must(t, d.look())
	see("nothing new, and its time has come", "provisional, 3 trials missing")

	v = d.found[f.Dir]
	v.next = time.Now().Add(time.Hour)
	d.found[f.Dir] = v
	for _, trial := range trials[9:] {
		finish(t, f, trial)
	}
	must(t, d.look())
	see("the last", "p corrected for 2 comparisons", "<b>it</b> does | yes | ", "n=3", "bn=true − bn=false | lambda=0.001 | test-acc | 3 | ")
	for _, table := range d.now().Plans[0].Verdicts {
		if strings.Contains(table.Caption, "provisional") {
			t.Errorf("all trials are done, and %q", table.Caption)
		}
	}
}
