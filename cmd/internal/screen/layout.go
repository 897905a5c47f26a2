package screen

import (
	"fmt"

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

// Shorten shortens a name to so many characters in the middle, since names differ at both
// ends.
func Shorten(name string, most int) string {
	runes := []rune(name)
	if len(runes) <= most {
		return name
	}
	tail := (most - 1) / 2
	return string(runes[:most-1-tail]) + "…" + string(runes[len(runes)-tail:])
}

// unit names the unit that begins with a trial.
func (l layout) unit(id string, trials int) string {
	if trials == 1 {
		return Shorten(id, l.name)
	}
	more := fmt.Sprintf(" and %d more", trials-1)
	if !l.words {
		more = fmt.Sprintf(" +%d", trials-1)
	}
	return Shorten(id, max(l.name-len(more), 4)) + more
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
