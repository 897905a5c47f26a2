package figure

import (
	"bytes"
	"encoding/xml"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

var twoClasses = Confusion{
	Title: "Title", Subtitle: "100 images", Classes: []string{"cat", "dog"},
	Counts: [][]int{{30, 20}, {5, 45}},
}

// texts returns the words of an SVG, which must be well-formed.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var all []string
	for decoder := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			all = append(all, string(text))
		}
	}
}

// The figure has every count, name and accuracy, each once.
func TestConfusionTexts(t *testing.T) {
	svg, err := twoClasses.SVG()
	if err != nil {
		t.Fatal(err)
	}
	got := texts(t, svg)
	for text, times := range map[string]int{
		"Title": 1, "100 images": 1, "predicted class": 1, "true class": 1, "right": 1,
		"30": 1, "20": 1, "5": 1, "45": 1, "60.0 %": 1, "90.0 %": 1, "cat": 2, "dog": 2,
		"Images of each true class by predicted class; orange is full at 40.0 % of a class, blue at 100 %.": 1,
	} {
		n := 0
		for _, g := range got {
			if g == text {
				n++
			}
		}
		if n != times {
			t.Errorf("%q stands %d times in %q, want %d", text, n, got, times)
		}
	}
}

// Blue is for what is right, orange for mistakes, and more of either is darker.
func TestConfusionColours(t *testing.T) {
	file, err := twoClasses.PNG()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	w, _ := twoClasses.size()
	if got, want := picture.Bounds().Dx(), int(w.Dots(dotsPerInch)+0.5); got != want {
		t.Errorf("%d pixels wide, want %d", got, want)
	}
	cell := func(row, col int) color.NRGBA { // near its lower left corner, off the number
		x := 12 + rowNames + (vg.Length(col)+0.1)*cellWide
		y := 12 + belowHeading + columnsOn + (vg.Length(row)+0.9)*cellHigh
		return color.NRGBAModel.Convert(picture.At(int(x.Dots(dotsPerInch)), int(y.Dots(dotsPerInch)))).(color.NRGBA)
	}
	for _, c := range []struct {
		row, col int
		want     color.NRGBA
	}{
		{0, 0, tint(palette[0], 0.6)}, {1, 1, tint(palette[0], 0.9)}, // of the class
		{0, 1, tint(palette[1], 1)}, {1, 0, tint(palette[1], 0.25)}, // of the worst mistake
	} {
		if got := cell(c.row, c.col); got != c.want {
			t.Errorf("cell %d, %d is %v, want %v", c.row, c.col, got, c.want)
		}
	}
}

// A tint goes from nearly white to the colour itself.
func TestTint(t *testing.T) {
	for share, want := range map[float64]color.NRGBA{0: {245, 250, 255, 255}, 0.5: {122, 187, 255, 255}, 1: {0, 125, 255, 255}} {
		if got := tint(color.NRGBA{0, 125, 255, 255}, share); got != want {
			t.Errorf("share %g: %v, want %v", share, got, want)
		}
	}
}

// A class without images, and a network without mistakes, are figures too.
func TestConfusionEmpty(t *testing.T) {
	c := Confusion{Classes: []string{"a", "b"}, Counts: [][]int{{0, 0}, {0, 3}}}
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	got := texts(t, svg)
	if !slices.Contains(got, "0.0 %") || !slices.Contains(got, "100.0 %") || strings.Contains(string(svg), "NaN") {
		t.Errorf("texts %q", got)
	}
}

// Text stands out from every tint of the palette: 4.5 is what WCAG 2 asks for.
func TestReadable(t *testing.T) {
	for _, base := range palette[:2] {
		for share := 0.0; share <= 1; share += 1.0 / 64 {
			fill := tint(base, share)
			a, b := luminance(fill), luminance(readable(fill))
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4 {
				t.Errorf("contrast %.1f on %v", ratio, fill)
			}
		}
	}
}
