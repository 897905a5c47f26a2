package figure

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shift is how far a series stands aside for each unit of Shift, in points: marks and bars of
// several are seen, and none seems to lie at another value.
const shift vg.Length = 2.5

// Plot draws band, error bars, line and marks of a series, back to front. The library
// omits error bars and marks that touch the edge; these are kept.
func (s Series) Plot(c draw.Canvas, p *plot.Plot) {
	if len(s.Points) == 0 {
		return
	}
	x, y := p.Transforms(&c)
	var low, mean, high []vg.Point
	for _, point := range s.Points {
		at := x(point.X) + shift*vg.Length(s.Shift)
		low = append(low, vg.Point{X: at, Y: y(point.Low)})
		mean = append(mean, vg.Point{X: at, Y: y(point.Y)})
		high = append(high, vg.Point{X: at, Y: y(point.High)})
	}
	switch s.Spread {
	case "bars":
		s.drawBars(c, low, high)
	case "band":
		fill := s.color()
		fill.A = 55
		slices.Reverse(low)
		c.FillPolygon(fill, c.ClipPolygonXY(append(high, low...)))
	}
	if s.Dash != "" {
		c.StrokeLines(s.stroke(), c.ClipLinesXY(mean)...)
	}
	if s.Mark != "" {
		for _, at := range mean {
			c.DrawGlyphNoClip(s.glyph(), at)
		}
	}
}

// color is that of the palette, or a pale one behind.
func (s Series) color() color.NRGBA {
	if s.Color == Background {
		return pale
	}
	return palette[s.Color]
}

// drawBars draws error bars of one standard deviation, if there are several trials.
func (s Series) drawBars(c draw.Canvas, low, high []vg.Point) {
	style := draw.LineStyle{Color: s.color(), Width: 1.1}
	for i, point := range s.Points {
		if point.N < 2 {
			continue
		}
		c.StrokeLine2(style, low[i].X, low[i].Y, high[i].X, high[i].Y)
		for _, end := range []vg.Point{low[i], high[i]} {
			c.StrokeLine2(style, end.X-3, end.Y, end.X+3, end.Y)
		}
	}
}

// stroke is the line of a series.
func (s Series) stroke() draw.LineStyle {
	dashes := map[string][]vg.Length{"dash": {6, 3}, "dot": {1.6, 2.6}}
	width := vg.Length(1.6)
	if s.Color == Background {
		width = 0.8
	}
	return draw.LineStyle{Color: s.color(), Width: width, Dashes: dashes[s.Dash]}
}

// glyph is the mark of a series.
func (s Series) glyph() draw.GlyphStyle {
	color := s.color()
	if s.Mark == "dot" {
		color.A = 150
	}
	style := map[string]draw.GlyphStyle{
		"circle":   {Shape: draw.CircleGlyph{}, Radius: 3.6},
		"dot":      {Shape: draw.CircleGlyph{}, Radius: 1.8},
		"square":   {Shape: draw.BoxGlyph{}, Radius: 4.4},
		"triangle": {Shape: draw.PyramidGlyph{}, Radius: 4.2},
		"diamond":  {Shape: corners{1, 1, 1, 1}, Radius: 5},
		"star":     {Shape: corners{1, 0.45, 1, 0.45, 1, 0.45, 1, 0.45, 1, 0.45}, Radius: 8},
	}[s.Mark]
	style.Color = color
	return style
}

// sample draws line and mark of a series as in the legend.
func (s Series) sample(canvas draw.Canvas, from, to vg.Point) {
	if s.Dash != "" {
		canvas.StrokeLines(s.stroke(), []vg.Point{from, to})
	}
	if s.Mark != "" {
		canvas.DrawGlyphNoClip(s.glyph(), vg.Point{X: (from.X + to.X) / 2, Y: from.Y})
	}
}

// corners is a mark with corners all around, starting at the top, at the given radii
// from the centre.
type corners []vg.Length

// DrawGlyph draws the mark.
func (cs corners) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	outline := make([]vg.Point, len(cs))
	for i, r := range cs {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(cs)))
		outline[i] = vg.Point{X: at.X + r*style.Radius*vg.Length(sin), Y: at.Y + r*style.Radius*vg.Length(cos)}
	}
	c.FillPolygon(style.Color, outline)
}

// NeedsLog reports whether the values of series span enough decades to need a logarithmic
// axis.
func NeedsLog(all []Series) bool {
	low, high := math.Inf(1), 0.0
	for _, s := range all {
		for _, p := range s.Points {
			low, high = min(low, p.Y), max(high, p.Y)
		}
	}
	return low > 0 && high/low > 100
}
