package screen

import (
	"fmt"
	"unicode/utf8"

	"bnlab/train"
)

// layout is how the characters of a terminal's line are shared between the name of what
// trains, its bar, and the text behind.
type layout struct {
	name, bar int  // at most; no bar if 0
	words     bool // the numbers of an evaluation have their full names
}

// Characters beside name and bar: the ends of the bar, spaces, the step or the share, and
// the evaluation.
const (
	besideLong  = 57
	besideShort = 49
	besideNoBar = 25
)

// layoutOf returns the layout for a terminal of so many columns, 80 if that is not known.
func layoutOf(columns int) layout {
	if columns <= 0 {
		columns = 80
	}
	switch {
	case columns >= 100:
		name := min(44, columns/3)
		return layout{name, min(40, columns-name-besideLong), true}
	case columns >= 75:
		return layout{columns - besideShort - 10, 10, false}
	}
	return layout{max(columns-besideNoBar, 8), 0, false}
}

// fit shortens a name in the middle, since names differ at both ends.
func (l layout) fit(name string) string {
	n := utf8.RuneCountInString(name)
	if n <= l.name {
		return name
	}
	runes := []rune(name)
	tail := (l.name - 1) / 2
	return string(runes[:l.name-1-tail]) + "…" + string(runes[n-tail:])
}

// unit names the unit that begins with a trial.
func (l layout) unit(id string, trials int) string {
	if trials == 1 {
		return l.fit(id)
	}
	more := fmt.Sprintf(" and %d more", trials-1)
	if !l.words {
		more = fmt.Sprintf(" +%d", trials-1)
	}
	l.name = max(l.name-len(more), 4)
	return l.fit(id) + more
}

// progress is how far a unit is: the step beside a bar, else the share.
func (l layout) progress(step, of int64) string {
	if l.bar > 0 {
		return fmt.Sprintf("%11s", fmt.Sprintf("step %d", step))
	}
	return fmt.Sprintf("%3.0f %%", 100*float64(step)/float64(of))
}

// evaluation is what an evaluation has found.
func (l layout) evaluation(at train.Point) string {
	validation := fmt.Sprintf("validation %.1f %%", 100*at.ValAcc)
	switch {
	case l.words:
		return fmt.Sprintf("training loss %.3f, %s", at.TrainLoss, validation)
	case l.bar > 0:
		return fmt.Sprintf("loss %.3f, %s", at.TrainLoss, validation)
	}
	return validation
}
