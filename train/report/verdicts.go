package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"bnlab/train/message"
	"bnlab/train/report/figure"
	"bnlab/train/verdict"
)

// negative finds the hyphen of a negative number.
var negative = regexp.MustCompile(`(^|[ (])-([0-9])`)

// judgedTable says which claims of a study hold.
func (q *Question) judgedTable() Table {
	t := Table{Title: "Claims of " + q.name(), Align: "lllr", Header: []string{"claim", "holds?", "because", "n"},
		Note: "Decided at 5 %, after Holm's correction over all tests of these claims; otherwise undecided."}
	for _, c := range q.Result.Claims {
		t.Rows = append(t.Rows, []string{c.Name, string(c.Verdict), negative.ReplaceAllString(c.Because, "$1−$2"), fmt.Sprint(c.N)})
	}
	return t
}

// contrastTable is the differences that a study asks for.
func (q *Question) contrastTable() Table {
	contrasts := q.Result.Contrasts
	t := Table{
		Title: "Differences in " + q.name(), Align: "llrrrrrr",
		Header: []string{"contrast", "of", "n", "difference", "95 % interval", "p", "p exact", "n for ½ point"},
		Note: fmt.Sprintf("Paired by seed. p is of the paired t test, corrected for %s by Holm's method; p exact flips signs, uncorrected. "+
			"Differences of accuracies are in points; the last column is how many seeds would give an interval of half a point to each side.",
			message.Count(len(contrasts), "comparison")),
	}
	elsewhere := slices.ContainsFunc(contrasts, func(c verdict.Contrast) bool { return c.At != "" })
	if elsewhere {
		t.Header, t.Align = slices.Insert(t.Header, 1, "at"), "l"+t.Align
	}
	for _, c := range contrasts {
		row := c.Cells()
		row[4], row[5] = figure.Minus(row[4]), strings.ReplaceAll(row[5], "-", "−")
		if c.LostPairs > 0 {
			row[3] += t.mark("Lost pairs: " + message.List(c.Lost))
		}
		if !elsewhere {
			row = slices.Delete(row, 1, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
