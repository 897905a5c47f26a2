package screen

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"bnlab/train/experiment"
)

// JSON writes v as one JSON object.
func JSON(w io.Writer, v any) error {
	text, err := experiment.JSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// Table returns a table whose columns from the numeric-th on, counted from 1,
// are aligned to the right.
func Table(w io.Writer, numeric int, header ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.Style().Options.DrawBorder = false
	t.Style().Options.SeparateColumns = false
	if coloured(w) {
		t.Style().Color.Header = text.Colors{text.Bold}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(alignment(numeric, len(header)))
	return t
}

// alignment aligns columns from the numeric-th of n on to the right.
func alignment(numeric, n int) (columns []table.ColumnConfig) {
	for i := numeric; i <= n; i++ {
		columns = append(columns, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	return columns
}

// Percent writes a fraction as a percentage with two digits.
func Percent(v float64) string { return fmt.Sprintf("%.2f %%", 100*v) }

// Cells returns texts as a row of a table.
func Cells(texts []string) []any {
	row := make([]any, len(texts))
	for i, text := range texts {
		row[i] = text
	}
	return row
}

// Ints writes numbers separated by commas.
func Ints(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ",")
}

// Narrow prints a table with lines of at most width characters: while they are too long
// it omits columns, in the order of misses, and finally says which. Width 0 means no
// limit. Columns from the second on are numbers.
func Narrow(w io.Writer, width int, header []string, rows [][]string, misses ...string) {
	table, out := Fitting(w, width, header, rows, misses...)
	fmt.Fprintln(w, table)
	if len(out) > 0 {
		fmt.Fprintln(w, "Columns omitted to fit the terminal: "+strings.Join(out, ", ")+" (all are in --json).")
	}
}

// Fitting returns the table that Narrow prints, for the look of w, and which columns it
// omits.
func Fitting(w io.Writer, width int, header []string, rows [][]string, misses ...string) (table string, out []string) {
	for {
		t := Table(w, 2, Cells(header)...)
		t.SetOutputMirror(nil)
		for _, row := range rows {
			t.AppendRow(Cells(row))
		}
		table = t.Render()
		if width == 0 || len(misses) == 0 || text.LongestLineLen(table) <= width {
			return table, out
		}
		at := slices.Index(header, misses[0])
		out, misses = append(out, misses[0]), misses[1:]
		header = leaving(header, at)
		for i := range rows {
			rows[i] = leaving(rows[i], at)
		}
	}
}

func leaving(words []string, at int) []string {
	return slices.Delete(slices.Clone(words), at, at+1)
}
