package screen

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Narrow prints a table in lines of width letters at most: while they are too
// long it leaves out columns, the first of misses first, and in the end says
// which. Width 0 has place for all. Columns from the second on are numbers.
func Narrow(w io.Writer, width int, header []string, rows [][]string, misses ...string) {
	var out []string
	for width > 0 && len(misses) > 0 && lineLength(header, rows) > width {
		at := slices.Index(header, misses[0])
		out, misses = append(out, misses[0]), misses[1:]
		header = leaving(header, at)
		for i := range rows {
			rows[i] = leaving(rows[i], at)
		}
	}
	t := Table(w, 2, Cells(header)...)
	for _, row := range rows {
		t.AppendRow(Cells(row))
	}
	t.Render()
	if len(out) > 0 {
		io.WriteString(w, "Columns left out to fit the terminal: "+strings.Join(out, ", ")+" (all are in --json).\n")
	}
}

func leaving(words []string, at int) []string {
	return slices.Delete(slices.Clone(words), at, at+1)
}

// lineLength returns how long the lines of a table are.
func lineLength(header []string, rows [][]string) int {
	sum := 0
	for i, name := range header {
		widest := utf8.RuneCountInString(name)
		for _, row := range rows {
			widest = max(widest, utf8.RuneCountInString(row[i]))
		}
		sum += widest + 2 // a space on either side
	}
	return sum
}
