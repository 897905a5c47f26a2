package report

import (
	"bytes"
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Sizes of a figure.
const (
	figureHeight = 4.3 * vg.Inch
	oneWide      = 6.6 * vg.Inch // one panel
	twoWide      = 9.6 * vg.Inch // two or more
	dotsPerInch  = 160           // of the PNG
)

// SVG draws the chart as SVG.
func (c Chart) SVG() ([]byte, error) { w, h := c.size(); return asSVG(w, h, c.draw) }

// PNG draws the chart as PNG.
func (c Chart) PNG() ([]byte, error) { w, h := c.size(); return asPNG(w, h, c.draw) }

// asSVG returns as SVG what paint draws on white paper of that size.
func asSVG(w, h vg.Length, paint func(draw.Canvas)) ([]byte, error) {
	canvas := vgsvg.New(w, h)
	paint(paper(canvas))
	var out bytes.Buffer
	_, err := canvas.WriteTo(&out)
	// The library names the one font it has measured with; most machines have
	// another of the same widths.
	svg := bytes.ReplaceAll(out.Bytes(), []byte("font-family:Liberation Sans;"),
		[]byte("font-family:'Liberation Sans',Arimo,Helvetica,Arial,sans-serif;"))
	return bytes.ReplaceAll(svg, []byte("font-variant:none;"), nil), err
}

// asPNG returns as PNG what paint draws on white paper of that size.
func asPNG(w, h vg.Length, paint func(draw.Canvas)) ([]byte, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(dotsPerInch))
	paint(paper(canvas))
	var out bytes.Buffer
	_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(&out)
	return out.Bytes(), err
}

// paper returns the canvas, white, inside a margin.
func paper(canvas vg.CanvasSizer) draw.Canvas {
	c := draw.New(canvas)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	return draw.Crop(c, 12, -14, 10, -12)
}

// heading writes title and subtitle at the top.
func heading(canvas draw.Canvas, title, subtitle string) {
	at := canvas.Max.Y
	canvas.FillText(textStyle(13, bold, ink), vg.Point{X: canvas.Min.X, Y: at}, title)
	canvas.FillText(textStyle(9, regular, grey), vg.Point{X: canvas.Min.X, Y: at - 18}, subtitle)
}

// belowHeading is how far under the top the rest may begin.
const belowHeading vg.Length = 38

func (c Chart) size() (w, h vg.Length) {
	if len(c.Panels) > 1 {
		return twoWide, figureHeight
	}
	return oneWide, figureHeight
}

// draw puts title, subtitle and legend above the panels, where they cover no
// data.
func (c Chart) draw(canvas draw.Canvas) {
	heading(canvas, c.Title, c.Subtitle)
	below := c.legend(canvas, canvas.Max.Y-belowHeading)

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
	style := textStyle(10, regular, ink)
	style.XAlign = draw.XCenter
	middle := data.Center()
	canvas.FillText(style, vg.Point{X: middle.X, Y: top}, c.Panels[i].Title)
	style.YAlign = draw.YBottom
	canvas.FillText(style, vg.Point{X: middle.X, Y: canvas.Min.Y + 2}, c.X.Label)
	if i == 0 {
		style.Rotation, style.YAlign = math.Pi/2, draw.YTop
		canvas.FillText(style, vg.Point{X: canvas.Min.X, Y: middle.Y}, c.Y.Label)
	}
}

// plot makes the data of one panel, with ticks.
func (c Chart) plot(panel Panel) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.Transparent
	setAxis(&p.X, c.X)
	setAxis(&p.Y, c.Y)
	p.X.Tick.Label.Handler = powers{plot.DefaultTextHandler, 2}
	p.Add(grid{c.X, c.Y})
	for _, l := range panel.Lines {
		p.Add(reference{l})
	}
	for _, s := range panel.Series {
		p.Add(s.plotters()...)
	}
	// Adding widens the axes to the data; they are as the chart has them.
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = c.X.Min, c.X.Max, c.Y.Min, c.Y.Max
	return p
}

func setAxis(to *plot.Axis, a Axis) {
	to.Tick.Label.Font, to.Tick.Label.Color = regular(9), ink
	to.Tick.Label.Handler = powers{plot.DefaultTextHandler, 0}
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

// plotters returns band, error bars, line and marks of a series, hindmost first.
func (s Series) plotters() []plot.Plotter {
	if len(s.Points) == 0 {
		return nil
	}
	var all []plot.Plotter
	switch s.Spread {
	case "band":
		all = append(all, band{s})
	case "bars":
		all = append(all, bars{s})
	}
	if s.Dash != "" {
		all = append(all, line{s})
	}
	if s.Mark != "" {
		all = append(all, marks{s})
	}
	return all
}

// Fonts, from the collection that the library carries.
func regular(size vg.Length) font.Font { return sans(size, xfont.WeightNormal) }
func bold(size vg.Length) font.Font    { return sans(size, xfont.WeightBold) }

func textStyle(size vg.Length, face func(vg.Length) font.Font, c color.Color) text.Style {
	return text.Style{Color: c, Font: face(size), YAlign: draw.YTop, Handler: plot.DefaultTextHandler}
}
