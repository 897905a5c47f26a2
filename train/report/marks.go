package report

import (
	"image/color"
	"math"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// palette is that of Okabe and Ito (2008), told apart by colour-blind readers
// too: blue, vermillion, green, orange, sky blue, purple.
var palette = []color.NRGBA{
	{0x00, 0x72, 0xB2, 255}, {0xD5, 0x5E, 0x00, 255}, {0x00, 0x9E, 0x73, 255},
	{0xE6, 0x9F, 0x00, 255}, {0x56, 0xB4, 0xE9, 255}, {0xCC, 0x79, 0xA7, 255},
}

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 255}
	grey  = color.NRGBA{0x66, 0x66, 0x66, 255}
	faint = color.NRGBA{0xE4, 0xE4, 0xE4, 255}
)

func (s Series) color() color.NRGBA { return palette[s.Color] }

func sans(size vg.Length, weight xfont.Weight) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size, Weight: weight}
}

// stroke is the line of a series.
func (s Series) stroke() draw.LineStyle {
	style := draw.LineStyle{Color: s.color(), Width: 1.6}
	switch s.Dash {
	case "dash":
		style.Dashes = []vg.Length{6, 3}
	case "dot":
		style.Dashes = []vg.Length{1.6, 2.6}
	}
	return style
}

// glyph is the mark of a series.
func (s Series) glyph() draw.GlyphStyle {
	style := draw.GlyphStyle{Color: s.color(), Radius: 3.6}
	switch s.Mark {
	case "circle":
		style.Shape = draw.CircleGlyph{}
	case "dot":
		style.Shape, style.Radius = draw.CircleGlyph{}, 1.8
		c := s.color()
		c.A = 150
		style.Color = c
	case "square":
		style.Shape, style.Radius = draw.BoxGlyph{}, 4.4
	case "triangle":
		style.Shape, style.Radius = draw.PyramidGlyph{}, 4.2
	case "diamond":
		style.Shape, style.Radius = diamond{}, 5
	case "star":
		style.Shape, style.Radius = star{}, 8
	}
	return style
}

// shift is how far the series is moved sideways.
func (s Series) shift() vg.Length { return vg.Length(s.Shift) * 5 }

// place returns where the spots are on the canvas, by the value that of gives.
func (s Series) place(c *draw.Canvas, p *plot.Plot, of func(Spot) float64) []vg.Point {
	x, y := p.Transforms(c)
	places := make([]vg.Point, len(s.Points))
	for i, spot := range s.Points {
		places[i] = vg.Point{X: x(spot.X) + s.shift(), Y: y(of(spot))}
	}
	return places
}

func mean(s Spot) float64 { return s.Y }
func low(s Spot) float64  { return s.Low }
func high(s Spot) float64 { return s.High }

// band fills between one standard deviation below and above the mean.
type band struct{ s Series }

func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	outline := b.s.place(&c, p, high)
	below := b.s.place(&c, p, low)
	for i := len(below) - 1; i >= 0; i-- {
		outline = append(outline, below[i])
	}
	fill := b.s.color()
	fill.A = 55
	c.FillPolygon(fill, c.ClipPolygonXY(outline))
}

// bars are error bars of one standard deviation, where there are several trials.
type bars struct{ s Series }

func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	style := draw.LineStyle{Color: b.s.color(), Width: 1.1}
	below, above := b.s.place(&c, p, low), b.s.place(&c, p, high)
	for i, spot := range b.s.Points {
		if spot.N < 2 {
			continue
		}
		c.StrokeLine2(style, below[i].X, below[i].Y, above[i].X, above[i].Y)
		for _, end := range []vg.Point{below[i], above[i]} {
			c.StrokeLine2(style, end.X-3, end.Y, end.X+3, end.Y)
		}
	}
}

type line struct{ s Series }

func (l line) Plot(c draw.Canvas, p *plot.Plot) {
	c.StrokeLines(l.s.stroke(), c.ClipLinesXY(l.s.place(&c, p, mean))...)
}

type marks struct{ s Series }

func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	for _, at := range m.s.place(&c, p, mean) {
		c.DrawGlyphNoClip(m.s.glyph(), at)
	}
}

// grid is a faint line at each labelled tick of both axes.
type grid struct{ x, y Axis }

func (g grid) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: faint, Width: 0.6}
	for _, t := range g.x.Ticks {
		if t.Text != "" {
			c.StrokeLine2(style, x(t.At), c.Min.Y, x(t.At), c.Max.Y)
		}
	}
	for _, t := range g.y.Ticks {
		if t.Text != "" {
			c.StrokeLine2(style, c.Min.X, y(t.At), c.Max.X, y(t.At))
		}
	}
}

var referenceStyle = draw.LineStyle{Color: grey, Width: 0.9, Dashes: []vg.Length{2, 3}}

// reference is a thin line across.
type reference struct{ line Line }

func (r reference) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if r.line.Vertical {
		c.StrokeLine2(referenceStyle, x(r.line.At), c.Min.Y, x(r.line.At), c.Max.Y)
		return
	}
	c.StrokeLine2(referenceStyle, c.Min.X, y(r.line.At), c.Max.X, y(r.line.At))
}

type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	fillAround(c, s, at, 4, func(int) vg.Length { return s.Radius })
}

type star struct{}

func (star) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	fillAround(c, s, at, 10, func(i int) vg.Length {
		if i%2 == 1 {
			return 0.45 * s.Radius
		}
		return s.Radius
	})
}

// fillAround fills the polygon of n corners around at, the first above it.
func fillAround(c *draw.Canvas, s draw.GlyphStyle, at vg.Point, n int, radius func(int) vg.Length) {
	var path vg.Path
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		corner := vg.Point{X: at.X + radius(i)*vg.Length(sin), Y: at.Y + radius(i)*vg.Length(cos)}
		if i == 0 {
			path.Move(corner)
		} else {
			path.Line(corner)
		}
	}
	path.Close()
	c.SetColor(s.Color)
	c.Fill(path)
}

// powers writes the k of 10^k raised, and all text lower by drop, so that an
// exponent keeps clear of the tick above it.
type powers struct {
	text.Handler
	drop vg.Length
}

const raised = 0.72 // size of an exponent

func (h powers) Box(txt string, f font.Font) (width, height, depth vg.Length) {
	base, exponent, ok := strings.Cut(txt, "^")
	width, height, depth = h.Handler.Box(base, f)
	if ok {
		f.Size *= raised
		w, _, _ := h.Handler.Box(exponent, f)
		width += w
	}
	return width, height, depth
}

func (h powers) Draw(c vg.Canvas, txt string, style text.Style, at vg.Point) {
	at.Y -= h.drop
	base, exponent, ok := strings.Cut(txt, "^")
	if !ok {
		h.Handler.Draw(c, txt, style, at)
		return
	}
	whole, _, _ := h.Box(txt, style.Font)
	first, _, _ := h.Handler.Box(base, style.Font)
	at.X += whole * vg.Length(style.XAlign)
	style.XAlign = draw.XLeft
	h.Handler.Draw(c, base, style, at)
	rise := 0.36 * style.Font.Size
	style.Font.Size *= raised
	h.Handler.Draw(c, exponent, style, vg.Point{X: at.X + first, Y: at.Y + rise})
}
