package screen

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Narrow prints a table with lines of at most width characters: while they are too long
// it omits columns, in the order of misses, and finally says which. Width 0 means no
// limit. Columns from the second on are numbers.
func Narrow(w io.Writer, width int, header []string, rows [][]string, misses ...string) {
	var out []string
	for {
		t := Table(w, 2, Cells(header)...)
		t.SetOutputMirror(nil)
		for _, row := range rows {
			t.AppendRow(Cells(row))
		}
		table := t.Render()
		if width == 0 || len(misses) == 0 || text.LongestLineLen(table) <= width {
			fmt.Fprintln(w, table)
			break
		}
		at := slices.Index(header, misses[0])
		out, misses = append(out, misses[0]), misses[1:]
		header = leaving(header, at)
		for i := range rows {
			rows[i] = leaving(rows[i], at)
		}
	}
	if len(out) > 0 {
		fmt.Fprintln(w, "Columns omitted to fit the terminal: "+strings.Join(out, ", ")+" (all are in --json).")
	}
}

func leaving(words []string, at int) []string {
	return slices.Delete(slices.Clone(words), at, at+1)
}
