package figure

import (
	"bytes"
	"image/color"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

const dotsPerInch = 160 // of the PNG

// figure is a drawing of a given size on white paper.
type figure interface {
	size() (w, h vg.Length)
	draw(draw.Canvas)
}

// asSVG returns the figure as SVG.
func asSVG(f figure) ([]byte, error) {
	canvas := vgsvg.New(f.size())
	f.draw(paper(canvas))
	var out bytes.Buffer
	_, err := canvas.WriteTo(&out)
	// The library names the one font it has measured with; most machines have
	// another of the same widths.
	svg := bytes.ReplaceAll(out.Bytes(), []byte("font-family:Liberation Sans;"),
		[]byte("font-family:'Liberation Sans',Arimo,Helvetica,Arial,sans-serif;"))
	return bytes.ReplaceAll(svg, []byte("font-variant:none;"), nil), err
}

// asPNG returns the figure as PNG.
func asPNG(f figure) ([]byte, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(f.size()), vgimg.UseDPI(dotsPerInch))
	f.draw(paper(canvas))
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

// belowHeading is how far below the top the rest may begin.
const belowHeading vg.Length = 38

const regular, bold = xfont.WeightNormal, xfont.WeightBold

// textStyle is text below its point, in the font that the library carries.
func textStyle(size vg.Length, weight xfont.Weight, c color.Color) text.Style {
	return text.Style{
		Color: c, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size, Weight: weight},
		YAlign: draw.YTop, Handler: plot.DefaultTextHandler,
	}
}

// aligned returns the style with its text beside, above or around its point.
func aligned(style text.Style, x text.XAlignment, y text.YAlignment) text.Style {
	style.XAlign, style.YAlign = x, y
	return style
}

// powers writes the k of 10^k as superscript, and all text lower by drop, so that an
// exponent does not touch the tick above it.
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
