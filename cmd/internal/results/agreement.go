package results

import (
	"fmt"
	"io"

	"bnlab/cmd/internal/screen"
	"bnlab/train/answer"
	"bnlab/train/message"
	"bnlab/train/verdict"
)

// agreementTable writes a row for each group with earlier results, and how many agree.
func agreementTable(w io.Writer, dir string, groups []answer.Agreement) {
	fmt.Fprintf(w, "\nagreement with %s, by Welch's t test for each group\n", message.Text(dir))
	var rows [][]string
	var unequal []string
	count := map[answer.Agrees]int{}
	for _, a := range groups {
		row := []string{a.Group, a.Metric, fmt.Sprint(a.N), fmt.Sprint(a.Earlier), "–", "–", string(a.Verdict)}
		if a.Diff != nil {
			row[4] = verdict.Difference(a.Metric, *a.Diff)
		}
		switch {
		case a.Equal:
			row[5] = "equal to the bit"
		case a.CI != nil:
			row[5] = verdict.Difference(a.Metric, a.CI[0]) + " to " + verdict.Difference(a.Metric, a.CI[1])
		case a.N == 1 || a.Earlier == 1:
			row[6] += " (n=1)"
		}
		count[a.Verdict]++
		unequal = append(unequal, a.Unequal...)
		rows = append(rows, row)
	}
	screen.Narrow(w, screen.Width(w), []string{"group", "of", "n here", "n there", "here − there", "95 % interval", "verdict"}, rows, "of")
	fmt.Fprintf(w, "%d of %s agree", count[answer.Agree], message.Count(len(groups), "group"))
	for _, v := range []struct {
		verdict answer.Agrees
		says    string
	}{{answer.Differ, "differ"}, {answer.CannotTell, "cannot tell"}} {
		if n := count[v.verdict]; n > 0 {
			fmt.Fprintf(w, ", %d %s", n, v.says)
		}
	}
	fmt.Fprintln(w)
	if len(unequal) > 0 {
		fmt.Fprintf(w, "same engine and kernel, other bits: %s\n", message.List(unequal))
	}
}
