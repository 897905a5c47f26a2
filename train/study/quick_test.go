package study

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuick: few letters on a command line are the study that a file would be.
func TestQuick(t *testing.T) {
	got, err := Question{
		Vary:     []string{"bn", "eta_max=1e-3..1:log7", "ns=450,900", "hidden=50/50,50/", "init=he,xavier"},
		Contrast: []string{"bn", "eta-max"}, Set: []string{"lambda=0.1", "lambda=0.01", "hidden=50,50"}, Seeds: 3,
	}.Text()
	want := `base: {lambda: 0.01, hidden: [50, 50]}
seeds: 3
experiments:
  - name: study
    vary:
      bn: [true, false]
      eta-max: {from: 1e-3, to: 1, points: 7, scale: log}
      ns: [450, 900]
      hidden: [[50], [50, 50], []]
      init: [he, xavier]
    contrast:
      - bn
      - eta-max
`
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatalf("error %v\n%s", err, diff)
	}
	if n := len(trialsOf(t, parsed(t, got), 0)); n != 2*7*2*3*2*3 {
		t.Errorf("%d trials", n)
	}
	for _, c := range []struct {
		q    Question
		says string
	}{
		{Question{Vary: []string{"lamda=1"}}, `vary "lamda=1": no field of a training (did you mean "lambda"?)`},
		{Question{Vary: []string{"lambda"}}, `vary "lambda": give values, as lambda=A,B or lambda=A..B:log7`},
		{Question{Vary: []string{"lambda=1,,2"}}, `vary "lambda=1,,2": "" is no value; give values with commas`},
		{Question{Vary: []string{"lambda={1}"}}, `"{1}" is no value`},
		{Question{Vary: []string{"lambda=&a..2:log3"}}, `"&a" is no number`},
		{Question{Vary: []string{"bn"}, Contrast: []string{"lambda"}}, `contrast "lambda": it does not vary`},
		{Question{Set: []string{"ns"}}, `set "ns": give a value, as ns=VALUE`},
		{Question{Set: []string{"nss=3"}}, `set "nss=3": no field of a training (did you mean "ns"?)`},
		{Question{Set: []string{"ns=3,4"}}, `set "ns=3,4": give one value`},
		{Question{Set: []string{"hidden=3/4"}}, `set "hidden=3/4": give one value`},
		{Question{Set: []string{"ns=3..4:lin2"}}, `set "ns=3..4:lin2": give one value`},
	} {
		if _, err := c.q.Text(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: error %v, want %s", c.q, err, c.says)
		}
	}
}
