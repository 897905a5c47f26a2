package report

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// entry is one line of a legend.
type entry struct {
	name   string
	series *Series // nil for a reference line
}

// entries returns the series and reference lines of all panels, each name once.
func (c Chart) entries() []entry {
	var all []entry
	seen := map[string]bool{}
	add := func(e entry) {
		if !seen[e.name] {
			seen[e.name] = true
			all = append(all, e)
		}
	}
	for _, p := range c.Panels {
		for i, s := range p.Series {
			if len(s.Points) > 0 {
				add(entry{s.Name, &p.Series[i]})
			}
		}
	}
	for _, p := range c.Panels {
		for _, l := range p.Lines {
			add(entry{name: l.Name})
		}
	}
	return all
}

// legend writes the entries in rows from top down and returns where the panels
// may begin.
func (c Chart) legend(canvas draw.Canvas, top vg.Length) vg.Length {
	const swatch, gap, row = 26, 18, 14
	style := textStyle(9.5, regular, ink)
	style.YAlign = draw.YCenter
	style.Handler = powers{style.Handler, 0}
	x, y := canvas.Min.X, top
	for _, e := range c.entries() {
		width := swatch + 6 + style.Width(e.name) + gap
		if x > canvas.Min.X && x+width-gap > canvas.Max.X {
			x, y = canvas.Min.X, y-row
		}
		e.draw(canvas, x, x+swatch, y)
		canvas.FillText(style, vg.Point{X: x + swatch + 6, Y: y}, e.name)
		x += width
	}
	return y - row
}

// draw draws the sample of an entry from x0 to x1.
func (e entry) draw(canvas draw.Canvas, x0, x1, y vg.Length) {
	if e.series == nil {
		canvas.StrokeLine2(referenceStyle, x0, y, x1, y)
		return
	}
	if e.series.Dash != "" {
		canvas.StrokeLine2(e.series.stroke(), x0, y, x1, y)
	}
	if e.series.Mark != "" {
		canvas.DrawGlyphNoClip(e.series.glyph(), vg.Point{X: (x0 + x1) / 2, Y: y})
	}
}
