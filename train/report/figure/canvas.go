package figure

import (
	"bytes"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Colors is how many colours tell series apart.
const Colors = len(palette)

// palette is that of Okabe and Ito (2008), told apart by colour-blind readers
// too: blue, vermillion, green, orange, sky blue, purple.
var palette = [...]color.NRGBA{
	{0x00, 0x72, 0xB2, 255}, {0xD5, 0x5E, 0x00, 255}, {0x00, 0x9E, 0x73, 255},
	{0xE6, 0x9F, 0x00, 255}, {0x56, 0xB4, 0xE9, 255}, {0xCC, 0x79, 0xA7, 255},
}

var (
	ink   = color.NRGBA{0x22, 0x22, 0x22, 255}
	grey  = color.NRGBA{0x66, 0x66, 0x66, 255}
	faint = color.NRGBA{0xE4, 0xE4, 0xE4, 255}
)

const dotsPerInch = 160 // of the PNG

// figure is what can be drawn on white paper of its size.
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

// belowHeading is how far under the top the rest may begin.
const belowHeading vg.Length = 38
