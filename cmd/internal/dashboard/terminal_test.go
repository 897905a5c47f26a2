package dashboard

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// halfDone is a page of a plan with so many units in training.
func halfDone(units int) page {
	v := planView{Line: "1 of 9 trials done, 4 in training", Left: "about 3 min left", Training: table{
		Header: []string{"trial", "done", "validation", "training loss", "left", "step", "steps/s", "process"}}}
	for i := range units {
		v.Training.Rows = append(v.Training.Rows, row{Cells: []string{
			fmt.Sprintf("bn-true-eta-max-0.01-seed%d and 2 more", i), "70 %", "35.8 to 37.4 %", "1.771 to 1.776", "3 s", "630 of 900", "70", "process 12 on far"}})
	}
	return page{Title: "A question\x1b[2J", Plans: []planView{v}}
}

// TestTerminal: lines keep to the width, whatever it is, and say which unit is how far and
// how good; there are no more of them than the terminal has.
func TestTerminal(t *testing.T) {
	for _, columns := range []int{40, 80, 120, 200} {
		text := halfDone(40).text(&bytes.Buffer{}, columns, 24)
		lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
		if len(lines) > 23 || len(lines) < 20 {
			t.Errorf("%d columns: %d lines", columns, len(lines))
		}
		for _, line := range lines {
			if n := utf8.RuneCountInString(line); n > columns {
				t.Errorf("%d columns: %d in %q", columns, n, line)
			}
		}
		if !strings.Contains(lines[5], "70 %") || !strings.Contains(lines[5], "35.8 to 37.4 %") || !strings.Contains(lines[0], `\x1b`) {
			t.Errorf("%d columns:\n%s", columns, text)
		}
		name := "bn-true-eta-max-0.01-seed0 and 2 more"
		if columns == 40 {
			name = " bn-tru…seed0 +2 "
		}
		if !strings.Contains(text, name) {
			t.Errorf("%d columns: no %q\n%s", columns, name, text)
		}
		if strings.Contains(text, "process 12 on far") != (columns > 120) {
			t.Errorf("%d columns: who trains is there, or not\n%s", columns, text)
		}
	}
}

// TestTerminalWraps: a title and a problem are broken between words.
func TestTerminalWraps(t *testing.T) {
	p := page{Title: "Which learning rates does batch normalisation allow?", Problem: "no far/away/plan.json; make one with `bnlab sweep plan`, or name a run folder"}
	want := "Which learning rates does batch\nnormalisation allow?\nno far/away/plan.json; make one with\n`bnlab sweep plan`, or name a run folder\n"
	if diff := cmp.Diff(want, p.text(&bytes.Buffer{}, 40, 24)); diff != "" {
		t.Error(diff)
	}
}

// TestLinesElsewhere: without a terminal a plan has a line when it has changed, and no
// other.
func TestLinesElsewhere(t *testing.T) {
	var out bytes.Buffer
	show := (&Dashboard{}).lines(&out)
	p := halfDone(1)
	var got []string
	for _, step := range []func(){func() {}, func() {}, func() { p.Over, p.Plans[0].Training.Rows, p.Plans[0].Left = true, nil, "" }, func() {}} {
		step()
		out.Reset()
		if err := show(p); err != nil {
			t.Fatal(err)
		}
		got = append(got, out.String())
	}
	want := []string{
		"A question\\x1b[2J: 1 of 9 trials done, 4 in training, about 3 min left; bn-true-eta-max-0.01-seed0 and 2 more 70 %, validation 35.8 to 37.4 %\n",
		"", "A question\\x1b[2J: 1 of 9 trials done, 4 in training\n", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
