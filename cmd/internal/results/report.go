package results

import (
	"fmt"
	"io"
	"path/filepath"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/train/message"
	"bnlab/train/report"
)

// TellReport says on w what to know before trusting the report in the folder out, and
// where it is.
func TellReport(w io.Writer, study *report.Study, out string) {
	for _, n := range study.Notes {
		screen.Note(w, "NOTE: %s", n)
	}
	for _, text := range study.Warnings {
		screen.Note(w, "WARNING: %s", text)
	}
	screen.Note(w, "report: %s", filepath.Join(out, "index.html"))
}

// PrintClaims writes the published figures beside ours, without the rule for their
// agreement.
func PrintClaims(w io.Writer, study *report.Study) {
	if len(study.Claims) == 0 {
		return
	}
	claims := study.ClaimTable()
	claims.Note = ""
	t := screen.Table(w, 3, screen.Cells(claims.Header)...)
	for _, row := range claims.Rows {
		t.AppendRow(screen.Cells(row))
	}
	t.Render()
	for _, line := range claims.Below() {
		fmt.Fprintln(w, message.Text(line))
	}
}

// ReportAgain returns the commands that train studies again and report on them.
func ReportAgain(studies []report.Asked) (lines []string) {
	again := "bnlab report --out again/report"
	for i, s := range studies {
		dir := fmt.Sprintf("again/%d", i+1)
		lines = append(lines, fmt.Sprintf("bnlab study %s --dataset %s --out %s", s.File, dataset.Flag(s.Dataset), dir))
		again += " " + dir
	}
	return append(lines, again)
}
