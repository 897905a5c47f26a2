package study

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuick: few letters on a command line are the study that a file would be.
func TestQuick(t *testing.T) {
	got, err := Quick([]string{"bn", "eta_max=1e-3..1:log7", "ns=450,900", "hidden=50;50,50;", "init=he,xavier"}, []string{"bn", "eta-max"})
	want := `experiments:
  - name: study
    vary:
      bn: [true, false]
      eta-max: {from: 1e-3, to: 1, points: 7, scale: log}
      ns: [450, 900]
      hidden: [[50], [50, 50], []]
      init: [he, xavier]
    contrast: [bn, eta-max]
`
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatalf("error %v\n%s", err, diff)
	}
	if n := len(trialsOf(t, parsed(t, got), 0)); n != 2*7*2*3*2 {
		t.Errorf("%d trials", n)
	}
	for _, c := range []struct{ vary, contrast, says string }{
		{"lamda=1", "", `vary "lamda=1": no field of a training (did you mean "lambda"?)`},
		{"lambda", "", `vary "lambda": give values, as lambda=A,B or lambda=A..B:log7`},
		{"lambda=1,,2", "", `vary "lambda=1,,2": "" is no value; give values with commas`},
		{"lambda={1}", "", `"{1}" is no value`},
		{"lambda=&a..2:log3", "", `"&a" is no number`},
		{"bn", "lambda", `contrast "lambda": it does not vary`},
	} {
		var contrast []string
		if c.contrast != "" {
			contrast = []string{c.contrast}
		}
		if _, err := Quick([]string{c.vary}, contrast); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %s", c.vary, err, c.says)
		}
	}
}
