package cifar

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tolerance is how far a value may be from Pillow's. Both scale by the same filter,
// but Pillow rounds between rows and columns. Two decoders of JPEG differ by a few
// levels (the cosine transform's rounding), and more where colours are stored at half
// the size: Pillow's makes them smooth again, Go's repeats them, which shows in these
// few pixels and not in a photograph.
func tolerance(name string) int {
	switch {
	case strings.Contains(name, "420"), strings.Contains(name, "422"):
		return 18
	case strings.HasSuffix(name, ".jpg"):
		return 4
	}
	return 2
}

// TestGoldenPictures: pictures of all kinds are classified as Pillow shows them.
// scripts/golden-pictures.py generated them.
func TestGoldenPictures(t *testing.T) {
	const dir = "testdata/pictures"
	raw, err := os.ReadFile(filepath.Join(dir, "want.png"))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	row := 0
	for _, e := range entries {
		if e.Name() == "want.png" {
			continue
		}
		file, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for column, fit := range []Fit{Crop, Squash} {
			got, err := ReadPicture(bytes.NewReader(file), e.Name(), fit)
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			if _, _, _, a := sheet.At(column*Side, row*Side).RGBA(); a == 0 {
				continue // not made
			}
			want := shownAt(sheet, image.Pt(column*Side, row*Side))
			if off := farthest(got, want); off > tolerance(e.Name()) {
				t.Errorf("%s, %s: off by up to %d of 255", e.Name(), fit, off)
			}
		}
		row++
	}
	if want := sheet.Bounds().Dy() / Side; row != want || row < 140 {
		t.Errorf("%d pictures, %d in want.png", row, want)
	}
}

// shownAt returns the Side×Side pixels at a place of a picture in the order of an
// image.
func shownAt(sheet image.Image, at image.Point) []byte {
	pixels := make([]byte, Dim)
	for i := range Side * Side {
		r, g, b, _ := sheet.At(at.X+i%Side, at.Y+i/Side).RGBA()
		for c, v := range []uint32{r, g, b} {
			pixels[c*Side*Side+i] = byte(v >> 8)
		}
	}
	return pixels
}

// farthest returns the largest difference of two values.
func farthest(a, b []byte) int {
	off := 0
	for i := range a {
		off = max(off, int(a[i])-int(b[i]), int(b[i])-int(a[i]))
	}
	return off
}
