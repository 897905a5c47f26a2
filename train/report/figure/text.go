package figure

import (
	"image/color"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

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
