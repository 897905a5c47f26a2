package dashboard

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"bnlab/cmd/internal/screen"
	"bnlab/train/message"
)

// lineEvery is the least time between two lines about the same plan, where there is no
// terminal.
const lineEvery = 5 * time.Second

// Watch shows what the page shows as text, until nothing is missing or ctx ends: on a
// terminal again and again in place, elsewhere a line for each plan when it has changed.
func (d *Dashboard) Watch(ctx context.Context, w io.Writer) error {
	show, err := d.lines(w), error(nil)
	if screen.IsTerminal(w) {
		show = func(p page) error { return repaint(w, p) }
	}
	for {
		p := d.now()
		if err = show(p); err != nil || p.Over {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(refresh):
			_ = d.look() // which the page tells
		}
	}
}

// lines returns what writes a line for each plan that has changed.
func (d *Dashboard) lines(w io.Writer) func(page) error {
	before, next := map[string]string{}, time.Time{}
	return func(p page) (err error) {
		if now := time.Now(); p.Over || !now.Before(next) {
			next = now.Add(lineEvery)
			for _, line := range p.lines() {
				name, _, _ := strings.Cut(line, ":")
				if err == nil && before[name] != line {
					before[name] = line
					_, err = fmt.Fprintln(w, message.Text(line))
				}
			}
		}
		return err
	}
}

// lines says in a line for each plan how far it is, and what trains.
func (p page) lines() (lines []string) {
	if p.Problem != "" {
		return []string{p.Problem}
	}
	for _, v := range p.Plans {
		parts := []string{v.summary()}
		for _, r := range v.Training.Rows {
			parts = append(parts, fmt.Sprintf("%s %s, validation %s", r.Cells[0], r.Cells[1], r.Cells[2]))
		}
		if v.Training.More != "" {
			parts = append(parts, v.Training.More)
		}
		lines = append(lines, v.title(p.Title)+": "+strings.Join(parts, "; "))
	}
	return lines
}

func (v planView) title(of string) string {
	if v.Name != "" {
		return v.Name
	}
	return of
}

// summary is what is done and how long the rest takes.
func (v planView) summary() string {
	if v.Left != "" {
		return v.Line + ", " + v.Left
	}
	return v.Line
}

// ECMA-48 codes: to the upper left corner, and what to delete after it.
const (
	home      = "\x1b[H"
	restLine  = "\x1b[K"
	restBelow = "\x1b[J"
)

// repaint writes the page in the place of what is on the terminal.
func repaint(w io.Writer, p page) error {
	columns, rows := screen.Size(w)
	lines := strings.Split(strings.TrimRight(p.text(w, columns, rows), "\n"), "\n")
	lines = lines[:min(len(lines), max(rows-1, 1))]
	_, err := io.WriteString(w, home+strings.Join(lines, restLine+"\n")+restLine+"\n"+restBelow)
	return err
}

// text is the page as text of so many columns, with as many units in training as there are
// rows for.
func (p page) text(w io.Writer, columns, rows int) string {
	var out bytes.Buffer
	fmt.Fprintln(&out, screen.Colourise(w, screen.Strong, wrapped(message.Text(p.Title), columns)))
	if p.Problem != "" {
		fmt.Fprintln(&out, wrapped(message.Text(p.Problem), columns))
	}
	const perPlan, least = 5, 2 // rows of a plan beside its units
	const beside = 25           // columns of what is never left out, beside the name
	units := max(least, (rows-2)/max(1, len(p.Plans))-perPlan)
	for _, v := range p.Plans {
		line := v.summary()
		if v.Name != "" {
			line = v.Name + ": " + line
		}
		fmt.Fprintln(&out, wrapped(message.Text(line), columns))
		if len(v.Training.Rows) == 0 {
			continue
		}
		var shown [][]string
		for _, r := range v.Training.Rows[:min(units, len(v.Training.Rows))] {
			cells := append([]string{unitName(message.Text(r.Cells[0]), max(columns-beside, 8))}, r.Cells[1:]...)
			shown = append(shown, cells)
		}
		table, _ := screen.Fitting(w, columns, v.Training.Header, shown, "process", "steps/s", "step", "training loss", "left")
		fmt.Fprintln(&out, table)
	}
	return out.String()
}

// unitName shortens the name of a unit, of which the number of its trials stays.
func unitName(name string, columns int) string {
	trial, more, several := strings.Cut(name, " and ")
	if len(name) <= columns || !several {
		return screen.Shorten(name, columns)
	}
	more = " +" + strings.TrimSuffix(more, " more")
	return screen.Shorten(trial, columns-len(more)) + more
}

// wrapped breaks a line between words so that it fits.
func wrapped(line string, columns int) string {
	if columns == 0 {
		return line
	}
	lines := strings.Split(text.WrapSoft(line, columns), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ") // which it fills up
	}
	return strings.Join(lines, "\n")
}
