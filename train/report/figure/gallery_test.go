package figure

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"gonum.org/v1/plot/vg"
)

// Every tile shows its own picture in its own place, nine of them on two rows.
func TestGallery(t *testing.T) {
	var g Gallery
	for i := range tilesWide + 1 {
		picture := image.NewRGBA(image.Rect(0, 0, 32, 32))
		for p := range 32 * 32 {
			copy(picture.Pix[4*p:], []byte{byte(20 * i), 0, 200, 255})
		}
		g.Tiles = append(g.Tiles, Tile{Picture: picture, First: "cat 99 %", Second: "is dog"})
	}
	file, err := g.PNG()
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for i := range g.Tiles {
		x := 12 + vg.Length(i%tilesWide)*tileWide + pictureSide/2
		y := 12 + belowHeading + vg.Length(i/tilesWide)*tileHigh + pictureSide/2
		want := color.RGBA{byte(20 * i), 0, 200, 255}
		if got := color.RGBAModel.Convert(drawn.At(int(x.Dots(dotsPerInch)), int(y.Dots(dotsPerInch)))); got != want {
			t.Errorf("tile %d is %v, want %v", i, got, want)
		}
	}
	if _, err := (Gallery{Title: "none"}).PNG(); err != nil {
		t.Error(err)
	}
}
