package cifar

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filled returns a picture of one colour.
func filled(m draw.Image, c color.Color) draw.Image {
	draw.Draw(m, m.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return m
}

// grainy is a picture as a camera's: neither smooth nor noise.
func grainy(m *image.RGBA) *image.RGBA {
	r := uint32(1)
	for i := range m.Pix {
		r = r*1664525 + 1013904223
		m.Pix[i] = byte(100+i/4%300/4) + byte(r>>29)
	}
	return m
}

// progressive makes a JPEG of one that is not: its first scan has the constant part
// of each block, and then it ends.
func progressive(t testing.TB, file []byte) []byte {
	t.Helper()
	file = bytes.Clone(file)
	frame, scan := bytes.Index(file, []byte{0xff, 0xc0}), bytes.Index(file, []byte{0xff, 0xda})
	if frame < 0 || scan < 0 {
		t.Fatal("no JPEG")
	}
	file[frame+1] = 0xc2
	file[scan+2+int(file[scan+3])-2] = 0 // the last coefficient of the scan
	return file
}

// pictures are as a file of each kind that differs in what it takes to decode.
func pictures(t testing.TB, w, h int) map[string][]byte {
	area := image.Rect(0, 0, w, h)
	grey := encoded(t, "jpeg", image.NewGray(area))
	photo := encoded(t, "jpeg", grainy(image.NewRGBA(area)))
	return map[string][]byte{
		"png": encoded(t, "png", filled(image.NewRGBA(area), color.White)), "png, see-through": encoded(t, "png", image.NewNRGBA(area)),
		"png, 16 bits": encoded(t, "png", image.NewNRGBA64(area)), "png, palette": encoded(t, "png", image.NewPaletted(area, color.Palette{color.White, color.Black})),
		"gif":  encoded(t, "gif", image.NewPaletted(area, color.Palette{color.White, color.Black})),
		"jpeg": photo, "jpeg, grey": grey, "jpeg, progressive": progressive(t, photo), "jpeg, grey, progressive": progressive(t, grey),
	}
}

// A picture needs the stated memory, whether tall, wide or square.
func TestPictureMemory(t *testing.T) {
	for _, size := range []image.Point{{500, 400}, {11, 6000}, {20000, 9}} {
		for name, file := range pictures(t, size.X, size.Y) {
			c, _, err := image.DecodeConfig(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			cut := strings.Contains(name, "progressive") // so that there is nothing to shrink
			said := float64(pictureMemory(file, c))
			took := float64(allocated(func() {
				if picture, err := decodePicture(file, "p", maxPicturePixels); err == nil {
					resize(picture, Squash, pose{})
				} else if !cut {
					t.Errorf("%s: %v", name, err)
				}
			}))
			if took > 1.1*said+3e5 || !cut && said > 1.7*took {
				t.Errorf("%s %v: takes %.1f MB, said to take %.1f MB", name, size, took/1e6, said/1e6)
			}
		}
	}
}

// padded fills a file up to so many bytes.
func padded(file []byte, size int) []byte { return append(file, make([]byte, size-len(file))...) }

// hugeJPEG is the start of a JPEG of three planes, the colours at half the size,
// that claims so many pixels, after segments that come before.
func hugeJPEG(marker byte, w, h uint16, before ...byte) []byte {
	file := append([]byte{0xff, 0xd8}, before...)
	file = binary.BigEndian.AppendUint16(append(file, 0xff, marker, 0, 17, 8), h)
	return append(binary.BigEndian.AppendUint16(file, w), 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xda, 0, 12)
}

// A picture whose file is small for its pixels is refused before memory is allocated;
// photographs of 50 megapixels and screenshots are not.
func TestPictureBombs(t *testing.T) {
	const baseline, extended, progressive, refused = 0xc0, 0xc1, 0xc2, "of memory, at most 40 MiB or 64 times the file are taken; make it smaller first"
	black := encoded(t, "png", image.NewPaletted(image.Rect(0, 0, 7000, 7000), color.Palette{color.White, color.Black}))
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"1 bit, 6 kB":              {black, "7000×7000 pixels in 6"},
		"RGBA, 381 kB":             {padded(hugePNG(7000, 7000), 381_000), "7000×7000 pixels in 381000 bytes would take 194 MiB " + refused},
		"RGBA, 4 MB":               {padded(hugePNG(7000, 7000), 4_000_000), ""},
		"screen":                   {padded(hugePNG(3840, 2160), 50_000), ""},
		"JPEG, 1 kB":               {padded(hugeJPEG(baseline, 8000, 6000), 1_000), "8000×6000 pixels in 1000 bytes would take 75 MiB " + refused},
		"JPEG, 2 MB":               {padded(hugeJPEG(baseline, 8000, 6250), 2_000_000), ""},
		"JPEG, extended, 2 MB":     {padded(hugeJPEG(extended, 8000, 6250), 2_000_000), ""},
		"JPEG, progressive, 2 MB":  {padded(hugeJPEG(progressive, 8000, 6250), 2_000_000), "8000×6250 pixels in 2000000 bytes would take 365 MiB " + refused},
		"JPEG, progressive, 10 MB": {padded(hugeJPEG(progressive, 8000, 6250), 10_000_000), ""},
		"JPEG, fill bytes":         {padded(hugeJPEG(baseline, 8000, 6250, 0xff, 0xff, 0xff), 2_000_000), ""},
		"JPEG, hidden frame":       {padded(hugeJPEG(baseline, 8000, 6250, 1, 2, 3), 2_000_000), ""},
		"JPEG, restart":            {padded(hugeJPEG(baseline, 8000, 6250, 0xff, 0xd0), 2_000_000), ""},
	} {
		var config image.Config
		var err error
		taken := allocated(func() {
			if config, _, err = image.DecodeConfig(bytes.NewReader(c.file)); err == nil {
				err = checkMemory(c.file, "a.png", config)
			}
		})
		switch {
		case config.Width == 0:
			t.Errorf("%s: no picture: %v", name, err)
		case taken > 1<<20:
			t.Errorf("%s: took %d bytes to check", name, taken)
		case c.want != "":
			checkPictureError(t, err, c.want)
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := ReadPicture(bytes.NewReader(black), "a.png", Squash)
	checkPictureError(t, err, "7000×7000 pixels in ")
}

// A photograph of 50 megapixels is read.
func TestPhotograph(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	photo := image.NewYCbCr(image.Rect(0, 0, 8160, 6120), image.YCbCrSubsampleRatio420)
	r := uint32(1)
	for i := range photo.Y { // neither smooth nor noise
		r = r*1664525 + 1013904223
		photo.Y[i] = byte(100+i%300/4) + byte(r>>28)
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, photo, nil); err != nil {
		t.Fatal(err)
	}
	size := uint64(file.Len())
	took := allocated(func() {
		if _, err := ReadPicture(&file, "p", Crop); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d bytes took %d", size, took)
	if took > pictureMemoryFactor*size {
		t.Errorf("%d bytes took %d", size, took)
	}
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// saidToTake returns what a picture is said to take, 0 for none.
func saidToTake(file []byte) uint64 {
	c, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || c.Width > maxPictureSide || c.Height > maxPictureSide {
		return 0
	}
	return uint64(pictureMemory(file, c))
}

// FuzzPicture: no input makes the reader panic, whatever is read has the right length,
// and no more memory is used than stated and allowed for the input.
func FuzzPicture(f *testing.F) {
	for format := range encoders {
		f.Add(encoded(f, format, flag(9, 5)))
	}
	f.Add(withOrientation(encoded(f, "jpeg", flag(9, 5)), binary.LittleEndian, 6))
	f.Add(hugePNG(100000, 100000))
	f.Add(hugeJPEG(0xc2, 255, 255, 0xff, 0xff, 0xff))
	for _, file := range pictures(f, 40, 30) {
		f.Add(file)
	}
	f.Add(manyScans(2, 3))
	for _, name := range []string{"gif-part.gif", "png-turned8-big-3-shorts.png", "jpeg-turned5-little-long.jpg"} {
		file, err := os.ReadFile(filepath.Join("testdata/pictures", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	const pixels = 1 << 16
	f.Fuzz(func(t *testing.T, file []byte) {
		var picture image.Image
		var err error
		taken := allocated(func() { picture, err = decodePicture(file, "p", pixels) })
		if said := saidToTake(file); taken > 5*said/2+64*uint64(len(file))+1<<20 { // 7/3 if it is RGB in a JPEG
			t.Errorf("%d bytes of memory for a file of %d, said to take %d", taken, len(file), said)
		}
		if o := orientation(file); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %v", err)
			}
			return
		}
		for _, fit := range []Fit{Crop, Squash} {
			once, again := pose{}.upright(resize(picture, fit, pose{})), readPicture(t, file, fit)
			if len(again) != Dim || orientation(file) == 1 && !cmp.Equal(once, again) {
				t.Errorf("%s: not the same twice", fit)
			}
		}
	})
}
