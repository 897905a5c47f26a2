package cifar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

// encoders write a picture as each of the formats.
var encoders = map[string]func(io.Writer, image.Image) error{
	"png":  png.Encode,
	"jpeg": func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: 100}) },
	"gif":  func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) },
}

func encoded(t testing.TB, format string, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := encoders[format](&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func readPicture(t testing.TB, file []byte, fit Fit) []byte {
	t.Helper()
	pixels, err := ReadPicture(bytes.NewReader(file), "p", fit)
	if err != nil {
		t.Fatal(err)
	}
	return pixels
}

// An image of a set, written as PNG and read again, is the same to the byte.
func TestPictureOfImage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := Set{Pixels: rapid.SliceOfN(rapid.Byte(), Dim, Dim).Draw(t, "pixels"), Labels: []uint8{0}}
		var file bytes.Buffer
		if err := png.Encode(&file, set.Picture(0)); err != nil {
			t.Fatal(err)
		}
		for _, fit := range []Fit{Crop, Squash} {
			got, err := ReadPicture(bytes.NewReader(file.Bytes()), "p", fit)
			if err != nil || !bytes.Equal(got, set.Pixels) {
				t.Fatalf("%s: not the pixels written; error %v", fit, err)
			}
		}
	})
}

// flag is a picture of three upright bands of equal width, or, where that is the
// longer side, of three lying ones: red, green, blue.
func flag(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			band := 3 * x / w
			if h > w {
				band = 3 * y / h
			}
			c := color.NRGBA{A: 255}
			*[]*uint8{&c.R, &c.G, &c.B}[band] = 255
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// colourAt returns the colour of a pixel, each channel as 1 where it is bright.
func colourAt(pixels []byte, x, y int) (c [3]int) {
	for i := range c {
		c[i] = int(pixels[i*Side*Side+y*Side+x]) >> 7
	}
	return c
}

// A picture of any size and format is cropped to the centred square, or squashed.
func TestPictureFit(t *testing.T) {
	red, green, blue := [3]int{1, 0, 0}, [3]int{0, 1, 0}, [3]int{0, 0, 1}
	for format := range encoders {
		for _, size := range []image.Point{{96, 32}, {300, 100}, {32, 96}, {90, 270}, {48, 16}, {12, 4}, {1500, 500}} {
			file := encoded(t, format, flag(size.X, size.Y))
			along := func(pixels []byte, i int) [3]int {
				if size.Y > size.X {
					return colourAt(pixels, Side/2, i)
				}
				return colourAt(pixels, i, Side/2)
			}
			crop := readPicture(t, file, Crop)
			for _, i := range []int{4, Side / 2, Side - 5} { // the middle third is green
				if got := along(crop, i); got != green {
					t.Errorf("%s %v cropped: %v at %d, want green", format, size, got, i)
				}
			}
			squash := readPicture(t, file, Squash)
			for i, want := range map[int][3]int{2: red, Side / 2: green, Side - 3: blue} {
				if got := along(squash, i); got != want {
					t.Errorf("%s %v squashed: %v at %d, want %v", format, size, got, i, want)
				}
			}
		}
	}
}

// What is transparent becomes white, and grey pictures and those of 16 bits are
// read.
func TestPictureKinds(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 50, 40))
	grey := image.NewGray(image.Rect(0, 0, 7, 9))
	deep := image.NewNRGBA64(image.Rect(0, 0, 64, 64))
	for i := range grey.Pix {
		grey.Pix[i] = 90
	}
	for i := range deep.Pix {
		deep.Pix[i] = 0xff
	}
	for value, m := range map[byte]image.Image{255: clear, 90: grey, 254: deep} {
		for i, p := range readPicture(t, encoded(t, "png", m), Crop) {
			if max(p, value)-min(p, value) > 1 {
				t.Fatalf("%T: value %d is %d, want %d", m, i, p, value)
			}
		}
	}
}

// withOrientation puts an EXIF segment behind a JPEG's first marker.
func withOrientation(file []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := []byte("MM\x00*")
	if order.String() == "LittleEndian" {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, entry := range [][2]uint16{{0x010f, 7}, {0x0112, orientation}} { // the maker's tag comes before
		tiff = order.AppendUint16(tiff, entry[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, entry[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(2+len(segment)))
	return slices.Concat(head, segment, file[2:])
}

// All eight orientations show the same picture: the stored one is made from the
// upright one by the definition of each, which names where row 0 and column 0 are.
func TestOrientation(t *testing.T) {
	scene := image.NewRGBA(image.Rect(0, 0, 64, 64)) // no two corners alike
	for y := range 64 {
		for x := range 64 {
			c := color.RGBA{A: 255}
			if x < 32 {
				c.R = 255
			}
			if y < 32 {
				c.G = 255
			}
			scene.SetRGBA(x, y, c)
		}
	}
	// stored maps a place in the file, row and column from 0 to 1, to the place
	// in the scene: "row 0 is the right side, column 0 the top" is 6.
	stored := map[uint16]func(row, col int) (x, y int){
		1: func(row, col int) (int, int) { return col, row },           // row 0 top, column 0 left
		2: func(row, col int) (int, int) { return 63 - col, row },      // top, right
		3: func(row, col int) (int, int) { return 63 - col, 63 - row }, // bottom, right
		4: func(row, col int) (int, int) { return col, 63 - row },      // bottom, left
		5: func(row, col int) (int, int) { return row, col },           // left, top
		6: func(row, col int) (int, int) { return 63 - row, col },      // right, top
		7: func(row, col int) (int, int) { return 63 - row, 63 - col }, // right, bottom
		8: func(row, col int) (int, int) { return row, 63 - col },      // left, bottom
	}
	for o, place := range stored {
		file := image.NewRGBA(scene.Rect)
		for row := range 64 {
			for col := range 64 {
				x, y := place(row, col)
				file.Set(col, row, scene.At(x, y))
			}
		}
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			got := readPicture(t, withOrientation(encoded(t, "jpeg", file), order, o), Crop)
			for _, corner := range []struct {
				x, y int
				want [3]int
			}{{4, 4, [3]int{1, 1, 0}}, {27, 4, [3]int{0, 1, 0}}, {4, 27, [3]int{1, 0, 0}}, {27, 27, [3]int{0, 0, 0}}} {
				if c := colourAt(got, corner.x, corner.y); c != corner.want {
					t.Errorf("orientation %d, %v: %v at (%d, %d), want %v", o, order, c, corner.x, corner.y, corner.want)
				}
			}
		}
	}
	if got := orientation(withOrientation(encoded(t, "jpeg", scene), binary.BigEndian, 9)); got != 1 {
		t.Errorf("a bad orientation is read as %d, want 1", got)
	}
}

// hugePNG is the start of a PNG file that claims so many pixels.
func hugePNG(w, h uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	chunk = append(binary.BigEndian.AppendUint32(chunk, h), 8, 6, 0, 0, 0)
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(chunk))
}

// endless never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Every bad picture is refused in one line that names it and says what to do.
func TestBadPictures(t *testing.T) {
	small := encoded(t, "png", flag(40, 40))
	photo := encoded(t, "jpeg", flag(40, 40))
	moving := encoded(t, "gif", flag(40, 40))
	deep := bytes.Clone(photo) // 12 bits for each colour, in the start of the frame
	deep[bytes.Index(deep, []byte{0xff, 0xc0})+4] = 12
	broken := bytes.Clone(small)
	broken[len(broken)-1] ^= 1
	for want, file := range map[string][]byte{
		"empty":                          nil,
		"not a PNG, JPEG or GIF picture": []byte("<svg/>"),
		"100000×100000 pixels, at most 50 million, and 65535 a side, are read; make it smaller first": hugePNG(100000, 100000),
		"70000×1 pixels":     hugePNG(70000, 1),
		"1×70000 pixels":     hugePNG(1, 70000),
		"2147483647×1 pixel": hugePNG(1<<31-1, 1),
		"png: unsupported feature: dimension overflow; save it": hugePNG(1<<31-1, 1<<31-1),
		"unsupported JPEG feature: precision; save it as":       deep,
		"damaged: png: invalid format: non-positive dimension":  hugePNG(0, 5),
		"damaged: ends at byte 33, inside the picture":          hugePNG(5, 5),
		"damaged: png: invalid format: not enough pixel data":   small[:60],
		"damaged: ends at byte 9, inside the picture":           small[:9],
		"damaged: png: invalid format: invalid checksum":        broken,
		"damaged: ends at byte 300, inside the picture":         photo[:300],
		"damaged: invalid JPEG format":                          []byte("\xff\xd8\xff\xd9"),
		"damaged: gif: ":                                        moving[:len(moving)-200],
	} {
		_, err := ReadPicture(bytes.NewReader(file), "a.png", Crop)
		checkPictureError(t, err, want)
	}
	_, err := ReadPicture(endless{}, "a.png", Crop)
	checkPictureError(t, err, "more than 128 MiB; make it smaller first")
	_, err = ReadPicture(io.MultiReader(bytes.NewReader(small[:50]), failing{}), "a.png", Crop)
	if input := new(*InputError); err == nil || errors.As(err, input) || !strings.HasPrefix(err.Error(), "a.png: input/output error") {
		t.Errorf("error %v is not about the machine", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, syscall.EIO }

func checkPictureError(t *testing.T, err error, want string) {
	t.Helper()
	var input *InputError
	if !errors.As(err, &input) || !strings.HasPrefix(err.Error(), "a.png: "+want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want a.png: %s…", err, want)
	}
}
