package cifar

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

const advicePicture = "give a whole PNG, JPEG or GIF file"

// Fit says how a non-square picture becomes Side×Side pixels.
type Fit string

const (
	Crop   Fit = "crop"   // the largest centred square
	Squash Fit = "squash" // the whole picture, distorted
)

// ReadPicture reads a PNG, a JPEG or the first frame of a GIF, of any size, and returns
// it as the Dim pixels of an image in CIFAR-10's order. The picture is turned upright
// by its EXIF orientation, made square as fit says, and scaled with a cubic filter;
// transparent parts, and canvas that the frame does not cover, become white. A picture
// of Side×Side pixels keeps its values. Errors in the picture are an [*InputError],
// errors of r are as for [FileError].
func ReadPicture(r io.Reader, name string, fit Fit) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxPictureBytes+1))
	if err != nil {
		return nil, FileError(name, advicePicture, err)
	}
	if len(raw) > maxPictureBytes {
		return nil, inputErrorf(name, adviceSmaller, "more than %d MiB", maxPictureBytes>>20)
	}
	picture, err := decodePicture(raw, name, maxPicturePixels)
	if err != nil {
		return nil, err
	}
	pose := poses[orientation(raw)]
	return pose.upright(resize(picture, fit, pose)), nil
}

// pictureFormats are the supported picture formats. The registry of package image will
// not do: anything linked into the program can add to it.
var pictureFormats = []struct {
	magic  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}{
	{pngMagic, png.DecodeConfig, png.Decode},
	{jpegMagic, jpeg.DecodeConfig, jpeg.Decode},
	{"GIF8", gif.DecodeConfig, gif.Decode},
}

// decodePicture decodes a file of at most that many pixels.
func decodePicture(raw []byte, name string, pixels int) (image.Image, error) {
	if len(raw) == 0 {
		return nil, inputErrorf(name, advicePicture, "empty")
	}
	for _, f := range pictureFormats {
		if !bytes.HasPrefix(raw, []byte(f.magic)) {
			continue
		}
		c, err := f.config(bytes.NewReader(raw))
		if err != nil {
			return nil, damagedPicture(name, raw, err)
		}
		if err := checkLimits(raw, name, c, pixels); err != nil {
			return nil, err
		}
		picture, err := f.decode(bytes.NewReader(raw))
		if err != nil {
			return nil, damagedPicture(name, raw, err)
		}
		if picture.Bounds().Empty() {
			return nil, inputErrorf(name, advicePicture, "no pixels")
		}
		return onCanvas(picture, image.Rect(0, 0, c.Width, c.Height)), nil
	}
	return nil, inputErrorf(name, "convert it first", "not a PNG, JPEG or GIF picture")
}

// damagedPicture says why a picture cannot be decoded.
func damagedPicture(name string, raw []byte, err error) error {
	if errors.As(err, new(png.UnsupportedError)) || errors.As(err, new(jpeg.UnsupportedError)) {
		return inputErrorf(name, "save it as a plain PNG or JPEG first", "%v", err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = fmt.Errorf("ends at byte %d, inside the picture", len(raw))
	}
	return inputErrorf(name, advicePicture, "damaged: %v", err)
}

// framed is a picture on a canvas that is transparent around it.
type framed struct {
	image.Image
	canvas image.Rectangle
}

// onCanvas returns a picture with the canvas as its bounds: a GIF frame may fill only
// part of it.
func onCanvas(picture image.Image, canvas image.Rectangle) image.Image {
	if picture.Bounds() == canvas {
		return picture
	}
	return framed{picture, canvas}
}

func (f framed) Bounds() image.Rectangle { return f.canvas }

func (f framed) At(x, y int) color.Color {
	if image.Pt(x, y).In(f.Image.Bounds()) {
		return f.Image.At(x, y)
	}
	return color.Transparent
}

// resize returns the picture as Side×Side pixels on white, not yet turned. If the
// number of excess columns or rows is odd, Crop cuts the extra one off the end of the
// upright picture.
func resize(picture image.Image, fit Fit, p pose) *image.RGBA {
	from := picture.Bounds()
	if fit == Crop {
		w, h := from.Dx(), from.Dy()
		side := min(w, h)
		from.Min = from.Min.Add(image.Pt(middle(w-side, p.flipX), middle(h-side, p.flipY)))
		from.Max = from.Min.Add(image.Pt(side, side))
	}
	small := image.NewRGBA(image.Rect(0, 0, Side, Side))
	draw.Draw(small, small.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Rect, picture, from, draw.Over, nil)
	return small
}

// middle returns half of what is cut off, what is left of an odd number at the start
// of a side that will be mirrored.
func middle(cut int, flipped bool) int {
	if flipped {
		cut++
	}
	return cut / 2
}

// Picture returns image i as a picture of Side×Side pixels.
func (s Set) Picture(i int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, Side, Side))
	pixels := s.Image(i)
	for i := range Side * Side {
		for c := range 3 {
			picture.Pix[4*i+c] = pixels[c*Side*Side+i]
		}
		picture.Pix[4*i+3] = 255
	}
	return picture
}
