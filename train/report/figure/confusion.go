package figure

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
func (c Confusion) SVG() ([]byte, error) { return asSVG(c) }

// PNG draws the matrix as PNG.
func (c Confusion) PNG() ([]byte, error) { return asPNG(c) }

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
	width, height := vg.Length(len(c.Classes))*cellWide, vg.Length(len(c.Classes))*cellHigh
	left, top := canvas.Min.X+rowNames, canvas.Max.Y-belowHeading-columnsOn
	centred := aligned(textStyle(9, regular, ink), draw.XCenter, draw.YCenter)
	toRight := aligned(centred, draw.XRight, draw.YCenter)
	accuracies, worst := left+width+rightText-8, c.worst()
	for y, counts := range c.Counts {
		mid := top - (vg.Length(y)+0.5)*cellHigh
		for p, count := range counts {
			fill := tint(palette[0], share(count, counts))
			if p != y {
				fill = tint(palette[1], share(count, counts)/worst)
			}
			c.cell(canvas, vg.Point{X: left + vg.Length(p)*cellWide, Y: mid - cellHigh/2}, fill, count, centred)
		}
		canvas.FillText(toRight, vg.Point{X: left - 6, Y: mid}, c.Classes[y])
		canvas.FillText(toRight, vg.Point{X: accuracies, Y: mid}, fmt.Sprintf("%.1f %%", 100*share(counts[y], counts)))
		canvas.FillText(centred, vg.Point{X: left + (vg.Length(y)+0.5)*cellWide, Y: top + 9}, c.Classes[y])
	}
	canvas.FillText(toRight, vg.Point{X: accuracies, Y: top + 9}, "right")
	axis := aligned(textStyle(10, regular, ink), draw.XCenter, draw.YTop)
	canvas.FillText(axis, vg.Point{X: left + width/2, Y: top + columnsOn}, "predicted class")
	axis.Rotation = math.Pi / 2
	canvas.FillText(axis, vg.Point{X: canvas.Min.X, Y: top - height/2}, "true class")
	canvas.FillText(textStyle(8.5, regular, grey), vg.Point{X: left, Y: top - height - 10},
		fmt.Sprintf("Images of each true class by predicted class; orange is full at %.1f %% of a class, blue at 100 %%.", 100*worst))
}

// cell draws one cell, its lower left corner at a point.
func (c Confusion) cell(canvas draw.Canvas, at vg.Point, fill color.NRGBA, count int, style text.Style) {
	const gap = 0.7 // between cells
	canvas.SetColor(fill)
	canvas.Fill(vg.Rectangle{
		Min: vg.Point{X: at.X + gap, Y: at.Y + gap}, Max: vg.Point{X: at.X + cellWide - gap, Y: at.Y + cellHigh - gap},
	}.Path())
	style.Color = readable(fill)
	canvas.FillText(style, vg.Point{X: at.X + cellWide/2, Y: at.Y + cellHigh/2}, strconv.Itoa(count))
}

// worst returns the largest share of a class that is mistaken for one other.
func (c Confusion) worst() float64 {
	worst := 0.01 // so that a few mistakes do not look like many
	for y, counts := range c.Counts {
		for p, count := range counts {
			if p != y {
				worst = max(worst, share(count, counts))
			}
		}
	}
	return worst
}

// share returns count as a fraction of all counts.
func share(count int, counts []int) float64 {
	total := 0
	for _, n := range counts {
		total += n
	}
	return float64(count) / float64(max(total, 1))
}

// tint mixes a colour with white: share 0 is nearly white, 1 the colour.
func tint(c color.NRGBA, share float64) color.NRGBA {
	const least = 0.04 // so that a cell is visible at all
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
