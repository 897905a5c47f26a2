package report

import (
	"fmt"
	"slices"

	"bnlab/train/message"
	"bnlab/train/report/figure"
	"bnlab/train/verdict"
)

// judgedTable says which claims of a study hold.
func (q *Question) judgedTable() Table {
	t := Table{Title: "What " + q.Name + " claims", Align: "lllr", Header: []string{"claim", "holds?", "because", "n"},
		Note: "Decided at 5 %, after Holm's correction over all tests of these claims; otherwise undecided."}
	for _, c := range q.Result.Claims {
		t.Rows = append(t.Rows, []string{c.Name, string(c.Verdict), c.Because, fmt.Sprint(c.N)})
	}
	return t
}

// contrastTable is the differences that a study asks for.
func (q *Question) contrastTable() Table {
	contrasts := q.Result.Contrasts
	t := Table{
		Title: "Differences in " + q.Name, Align: "llrrrrrr",
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
		row := []string{c.Values[0] + " − " + c.Values[1], c.Metric, fmt.Sprint(c.N), "–", "–", "–", "–", "–"}
		if c.LostPairs > 0 {
			row[2] += t.mark("Lost pairs: " + message.List(c.Lost))
		}
		if c.Diff != nil {
			row[3] = figure.Minus(verdict.Difference(c.Metric, *c.Diff))
		}
		if c.CI != nil {
			row[4] = figure.Minus(verdict.Difference(c.Metric, c.CI[0])) + " to " + figure.Minus(verdict.Difference(c.Metric, c.CI[1]))
			row[5], row[6] = verdict.PValue(*c.PHolm), verdict.PValue(*c.PExact)
		}
		if c.Seeds != nil {
			row[7] = fmt.Sprint(*c.Seeds)
		}
		if elsewhere {
			row = slices.Insert(row, 1, c.At)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
