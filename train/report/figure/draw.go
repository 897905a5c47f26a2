package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// SVG draws the chart as SVG.
func (c Chart) SVG() ([]byte, error) { return asSVG(c) }

// DarkSVG is SVG for a dark page.
func (c Chart) DarkSVG() ([]byte, error) {
	svg, err := asSVG(c)
	return []byte(night.Replace(string(svg))), err
}

// PNG draws the chart as PNG.
func (c Chart) PNG() ([]byte, error) { return asPNG(c) }

func (c Chart) size() (w, h vg.Length) {
	const height, narrow, onePanel, several = 4.3 * vg.Inch, 3.7 * vg.Inch, 6.6 * vg.Inch, 9.6 * vg.Inch
	if c.Narrow {
		return narrow, height
	}
	if len(c.Panels) > 1 {
		return several, height
	}
	return onePanel, height
}

// draw puts title, subtitle and legend above the panels, where they cover no
// data.
func (c Chart) draw(canvas draw.Canvas) {
	top := canvas.Max.Y
	if c.Title != "" {
		heading(canvas, c.Title, c.Subtitle)
		top -= belowHeading
	}
	below := c.legend(canvas, top)

	plots := make([]*plot.Plot, len(c.Panels))
	for i, panel := range c.Panels {
		plots[i] = c.plot(panel)
	}
	above := vg.Length(4)
	if c.Panels[0].Title != "" {
		above = 18
	}
	tiles := draw.Tiles{Rows: 1, Cols: len(plots), PadX: 16}
	room := draw.Canvas{Canvas: canvas.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: canvas.Min.X + 18, Y: canvas.Min.Y + 18},
		Max: vg.Point{X: canvas.Max.X, Y: below - above},
	}}
	for i, tile := range plot.Align([][]*plot.Plot{plots}, tiles, room)[0] {
		plots[i].Draw(tile)
		c.label(canvas, plots[i].DataCanvas(tile), below, i)
	}
}

// label writes the title of the i-th panel above its data and the names of its
// axes, that of y beside the first alone. The library itself would put them off
// the centre of a logarithmic axis.
func (c Chart) label(canvas, data draw.Canvas, top vg.Length, i int) {
	style := aligned(textStyle(10, regular, ink), draw.XCenter, draw.YTop)
	middle := data.Center()
	canvas.FillText(style, vg.Point{X: middle.X, Y: top}, c.Panels[i].Title)
	canvas.FillText(aligned(style, draw.XCenter, draw.YBottom), vg.Point{X: middle.X, Y: canvas.Min.Y + 2}, c.X.Label)
	if i == 0 {
		style.Rotation = math.Pi / 2
		canvas.FillText(style, vg.Point{X: canvas.Min.X, Y: middle.Y}, c.Y.Label)
	}
}

// plot makes the data of one panel, with ticks.
func (c Chart) plot(panel Panel) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.Transparent
	setAxis(&p.X, c.X, 2)
	setAxis(&p.Y, c.Y, 0)
	for i, a := range []Axis{c.X, c.Y} {
		for _, t := range a.Ticks {
			if t.Text != "" {
				p.Add(rule{draw.LineStyle{Color: faint, Width: 0.6}, t.At, i == 0})
			}
		}
	}
	for _, l := range panel.Lines {
		p.Add(rule{referenceStyle, l.At, l.Vertical})
	}
	for _, s := range panel.Series {
		p.Add(s)
	}
	return p
}

// setAxis makes an axis of the library's, with the text at its ticks lower by drop.
func setAxis(to *plot.Axis, a Axis, drop vg.Length) {
	to.Min, to.Max = a.Min, a.Max
	to.Tick.Label.Font, to.Tick.Label.Color = textStyle(9, regular, ink).Font, ink
	to.Tick.Label.Handler = powers{plot.DefaultTextHandler, drop}
	to.Tick.LineStyle.Color, to.LineStyle.Color = grey, grey
	to.Tick.Length = 4
	to.Padding = 0
	if a.Log {
		to.Scale = plot.LogScale{}
	}
	ticks := make([]plot.Tick, len(a.Ticks))
	for i, t := range a.Ticks {
		ticks[i] = plot.Tick{Value: t.At, Label: t.Text}
	}
	to.Tick.Marker = plot.ConstantTicks(ticks)
}

// rule is a straight line across a panel, at an x where it is vertical, else at a y.
type rule struct {
	draw.LineStyle
	at       float64
	vertical bool
}

func (r rule) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if r.vertical {
		c.StrokeLine2(r.LineStyle, x(r.at), c.Min.Y, x(r.at), c.Max.Y)
	} else {
		c.StrokeLine2(r.LineStyle, c.Min.X, y(r.at), c.Max.X, y(r.at))
	}
}

var referenceStyle = draw.LineStyle{Color: grey, Width: 0.9, Dashes: []vg.Length{2, 3}}

// legend names the series and reference lines of all panels, each name once, in rows
// from top down, and returns where the panels may begin.
func (c Chart) legend(canvas draw.Canvas, top vg.Length) vg.Length {
	const swatch, gap, row = 26, 18, 14
	style := aligned(textStyle(9.5, regular, ink), draw.XLeft, draw.YCenter)
	style.Handler = powers{style.Handler, 0}
	at, named := vg.Point{X: canvas.Min.X, Y: top}, map[string]bool{}
	add := func(name string, sample func(from, to vg.Point)) {
		if named[name] {
			return
		}
		named[name] = true
		width := swatch + 6 + style.Width(name) + gap
		if at.X > canvas.Min.X && at.X+width-gap > canvas.Max.X {
			at = vg.Point{X: canvas.Min.X, Y: at.Y - row}
		}
		sample(at, vg.Point{X: at.X + swatch, Y: at.Y})
		canvas.FillText(style, vg.Point{X: at.X + swatch + 6, Y: at.Y}, name)
		at.X += width
	}
	for _, p := range c.Panels {
		for _, s := range p.Series {
			if len(s.Points) > 0 {
				add(s.Name, func(from, to vg.Point) { s.sample(canvas, from, to) })
			}
		}
	}
	for _, p := range c.Panels {
		for _, l := range p.Lines {
			add(l.Name, func(from, to vg.Point) { canvas.StrokeLines(referenceStyle, []vg.Point{from, to}) })
		}
	}
	return at.Y - row
}
