package screen

import (
	"strings"
	"testing"
	"unicode/utf8"

	"bnlab/train"
)

// TestLayout: a unit's line keeps to the width of the terminal, and says how far it is and
// what its last evaluation was; of a name too long both ends are left.
func TestLayout(t *testing.T) {
	at := train.Point{Metrics: train.Metrics{TrainLoss: 12.3456, ValAcc: 0.4421}}
	for columns, want := range map[int]string{
		40:  "lambda…d0123 +1  25 %  validation 44.2 %",
		80:  "lambda-0.…seed0123 +1 [        ]   step 2250  loss 12.346, validation 44.2 %",
		120: "lambda-0.0031623-bn-seed0123 and 1 more [                     ]   step 2250  training loss 12.346, validation 44.2 %",
	} {
		l := layoutOf(columns)
		line := l.unit("lambda-0.0031623-bn-seed0123", 2) + " "
		if l.bar > 0 {
			line += "[" + strings.Repeat(" ", l.bar-2) + "] "
		}
		line += l.progress(2250, 9000) + "  " + l.evaluation(at)
		if line != want || utf8.RuneCountInString(line) > columns {
			t.Errorf("%d columns: %d in\n%q, want\n%q", columns, utf8.RuneCountInString(line), line, want)
		}
	}
	for columns := 33; columns < 250; columns++ {
		l := layoutOf(columns)
		n := l.name + 1 + utf8.RuneCountInString(l.progress(9999, 9999)+"  "+l.evaluation(at))
		if l.bar > 0 {
			n += l.bar + 1
		}
		if n > columns {
			t.Errorf("%d columns: %d", columns, n)
		}
	}
	if got := layoutOf(0); got != layoutOf(80) {
		t.Errorf("of no known width %+v", got)
	}
}
