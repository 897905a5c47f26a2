package report

import (
	"fmt"
	"slices"
	"strings"

	"bnlab/train/report/figure"
)

// Table is a table as text, for Markdown and the page alike.
type Table struct {
	Title  string
	Align  string // l or r for each column
	Header []string
	Rows   [][]string
	Note   string // below it

	Remarks []string // that cells refer to by a superscript number, starting at ¹
}

// mark returns the superscript number of a remark, after a space; nothing for none.
func (t *Table) mark(remark string) string {
	if remark == "" {
		return ""
	}
	at := slices.Index(t.Remarks, remark)
	if at < 0 {
		at = len(t.Remarks)
		t.Remarks = append(t.Remarks, remark)
	}
	return " " + superscript(at+1)
}

// Below returns the text below the table: its remarks, one per line, and its note.
func (t Table) Below() (lines []string) {
	for i, remark := range t.Remarks {
		lines = append(lines, superscript(i+1)+" "+remark)
	}
	if t.Note != "" {
		lines = append(lines, t.Note)
	}
	return lines
}

// superscript writes n ≥ 0 in superscript digits.
func superscript(n int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	return strings.Map(func(d rune) rune { return digits[d-'0'] }, fmt.Sprint(n))
}

// powerText writes a power of ten with its exponent.
func powerText(exponent float64) string { return figure.Minus(fmt.Sprintf("10^%.3f", exponent)) }
