package figure

import (
	"image"
	"image/color"

	xdraw "golang.org/x/image/draw"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Gallery is a figure of small pictures in rows, each with a caption.
type Gallery struct {
	Title    string
	Subtitle string
	Tiles    []Tile
}

// Tile is a square picture with two lines below it.
type Tile struct {
	Picture image.Image
	First   string // bold
	Second  string
}

// Sizes within a gallery.
const (
	tilesWide             = 8
	pictureSide vg.Length = 72
	tileWide    vg.Length = 84
	tileHigh    vg.Length = 108
)

// PNG draws the gallery as PNG.
func (g Gallery) PNG() ([]byte, error) { return asPNG(g) }

func (g Gallery) size() (w, h vg.Length) {
	rows := max(1, (len(g.Tiles)+tilesWide-1)/tilesWide)
	return 26 + tilesWide*tileWide, 22 + belowHeading + vg.Length(rows)*tileHigh
}

func (g Gallery) draw(canvas draw.Canvas) {
	heading(canvas, g.Title, g.Subtitle)
	for i, t := range g.Tiles {
		t.draw(canvas, vg.Point{
			X: canvas.Min.X + vg.Length(i%tilesWide)*tileWide,
			Y: canvas.Max.Y - belowHeading - vg.Length(i/tilesWide)*tileHigh,
		})
	}
}

// draw draws the tile, its upper left corner at a point.
func (t Tile) draw(canvas draw.Canvas, at vg.Point) {
	place := vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - pictureSide}, Max: vg.Point{X: at.X + pictureSide, Y: at.Y}}
	canvas.DrawImage(place, enlarged(t.Picture))
	canvas.SetLineStyle(draw.LineStyle{Color: faint, Width: 0.6}) // a white picture has edges too
	canvas.Stroke(place.Path())
	canvas.FillText(textStyle(8.5, bold, ink), vg.Point{X: at.X, Y: at.Y - pictureSide - 5}, t.First)
	canvas.FillText(textStyle(8.5, regular, grey), vg.Point{X: at.X, Y: at.Y - pictureSide - 16}, t.Second)
}

// enlarged returns the picture at the resolution of the figure, smoothed: with so few
// pixels the eye recognises more than in squares.
func enlarged(picture image.Image) image.Image {
	side := int(pictureSide.Dots(dotsPerInch))
	large := image.NewRGBA(image.Rect(0, 0, side, side))
	xdraw.Draw(large, large.Rect, image.NewUniform(color.White), image.Point{}, xdraw.Src)
	xdraw.CatmullRom.Scale(large, large.Rect, picture, picture.Bounds(), xdraw.Over, nil)
	return large
}
