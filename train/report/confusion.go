package report

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Confusion is a confusion matrix as a figure.
type Confusion struct {
	Title    string
	Subtitle string   // network, data set, images, accuracy
	Classes  []string // names
	Counts   [][]int  // [true class][predicted class], images
}

// SVG draws the matrix as SVG.
func (c Confusion) SVG() ([]byte, error) { w, h := c.size(); return asSVG(w, h, c.draw) }

// PNG draws the matrix as PNG.
func (c Confusion) PNG() ([]byte, error) { w, h := c.size(); return asPNG(w, h, c.draw) }

// Sizes within the figure.
const (
	cellWide  vg.Length = 52 // a name of ten letters
	cellHigh  vg.Length = 27
	rowNames  vg.Length = 80 // left of the cells, with the name of the axis
	columnsOn vg.Length = 36 // the names of the columns and of the axis
	footnote  vg.Length = 26 // below the cells
	rightText vg.Length = 54 // the accuracy of a class, right of the cells
)

func (c Confusion) size() (w, h vg.Length) {
	n := vg.Length(len(c.Classes))
	return 26 + rowNames + n*cellWide + rightText, 22 + belowHeading + columnsOn + n*cellHigh + footnote
}

// draw draws a cell for each pair of classes: blue for what is right, orange for
// mistakes, the darker the larger its share of the class.
func (c Confusion) draw(canvas draw.Canvas) {
	heading(canvas, c.Title, c.Subtitle)
	left, top := canvas.Min.X+rowNames, canvas.Max.Y-belowHeading-columnsOn
	name := textStyle(9, regular, ink)
	name.XAlign, name.YAlign = draw.XCenter, draw.YCenter
	right, n := left+vg.Length(len(c.Classes))*cellWide, vg.Length(len(c.Classes))
	worst := c.worst()
	for y, counts := range c.Counts {
		mid := top - (vg.Length(y)+0.5)*cellHigh
		total := max(sum(counts), 1)
		for p, count := range counts {
			share := float64(count) / float64(total)
			fill := tint(palette[0], share)
			if p != y {
				fill = tint(palette[1], share/worst)
			}
			c.cell(canvas, vg.Point{X: left + vg.Length(p)*cellWide, Y: mid - cellHigh/2}, fill, count, name)
		}
		canvas.FillText(aligned(name, draw.XRight), vg.Point{X: left - 6, Y: mid}, c.Classes[y])
		canvas.FillText(aligned(name, draw.XRight), vg.Point{X: right + rightText - 8, Y: mid},
			fmt.Sprintf("%.1f %%", 100*float64(counts[y])/float64(total)))
		canvas.FillText(name, vg.Point{X: left + (vg.Length(y)+0.5)*cellWide, Y: top + 9}, c.Classes[y])
	}
	canvas.FillText(aligned(name, draw.XRight), vg.Point{X: right + rightText - 8, Y: top + 9}, "right")
	axis := textStyle(10, regular, ink)
	axis.XAlign = draw.XCenter
	canvas.FillText(axis, vg.Point{X: (left + right) / 2, Y: top + columnsOn}, "predicted class")
	axis.Rotation = math.Pi / 2
	canvas.FillText(axis, vg.Point{X: canvas.Min.X, Y: top - n*cellHigh/2}, "true class")
	canvas.FillText(textStyle(8.5, regular, grey), vg.Point{X: left, Y: top - n*cellHigh - 10},
		fmt.Sprintf("Images of each true class by predicted class; orange is full at %.1f %% of a class, blue at 100 %%.", 100*worst))
}

// cell draws one cell, its lower left corner at a point.
func (c Confusion) cell(canvas draw.Canvas, at vg.Point, fill color.NRGBA, count int, style text.Style) {
	const gap = 0.7 // between cells
	canvas.FillPolygon(fill, []vg.Point{
		{X: at.X + gap, Y: at.Y + gap}, {X: at.X + cellWide - gap, Y: at.Y + gap},
		{X: at.X + cellWide - gap, Y: at.Y + cellHigh - gap}, {X: at.X + gap, Y: at.Y + cellHigh - gap},
	})
	style.Color = readable(fill)
	canvas.FillText(style, vg.Point{X: at.X + cellWide/2, Y: at.Y + cellHigh/2}, strconv.Itoa(count))
}

// worst returns the largest share of a class that is taken for one other.
func (c Confusion) worst() float64 {
	worst := 0.01 // so that a few mistakes do not look like many
	for y, counts := range c.Counts {
		for p, count := range counts {
			if p != y {
				worst = max(worst, float64(count)/float64(max(sum(counts), 1)))
			}
		}
	}
	return worst
}

func sum(counts []int) (total int) {
	for _, n := range counts {
		total += n
	}
	return total
}

func aligned(style text.Style, x text.XAlignment) text.Style {
	style.XAlign = x
	return style
}

// tint mixes a colour with white: share 0 is nearly white, 1 the colour.
func tint(c color.NRGBA, share float64) color.NRGBA {
	const least = 0.04 // that a cell is seen at all
	share = least + (1-least)*share
	mix := func(v uint8) uint8 { return uint8(math.Round(255 - share*float64(255-v))) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}

// readable returns the ink or white, whichever stands out more from fill, by the
// contrast ratio of WCAG 2, (L1+0.05)/(L2+0.05).
func readable(fill color.NRGBA) color.NRGBA {
	white := color.NRGBA{255, 255, 255, 255}
	l := luminance(fill) + 0.05
	if l*l > (luminance(white)+0.05)*(luminance(ink)+0.05) {
		return ink
	}
	return white
}

// luminance returns the relative luminance of a colour, 0 to 1.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 { return math.Pow(float64(v)/255, 2.2) }
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
