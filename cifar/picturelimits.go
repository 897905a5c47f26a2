package cifar

import (
	"image"
	"image/color"
)

// Limits of a picture. The sizes in its header are checked against them, and against
// those below, before memory is allocated for its pixels.
const (
	maxPictureBytes  = 128 << 20  // of the file
	maxPicturePixels = 50_000_000 // width times height
	maxPictureSide   = 1<<16 - 1  // width, and height
)

const adviceSmaller = "make it smaller first"

// checkLimits refuses a picture that is too large to be read; pixels is the most that
// it may have.
func checkLimits(raw []byte, name string, c image.Config, pixels int) error {
	if c.Width > maxPictureSide || c.Height > maxPictureSide || c.Width*c.Height > pixels {
		return inputErrorf(name, adviceSmaller, "%d×%d pixels, at most %d million, and %d a side, are read",
			c.Width, c.Height, pixels/1e6, maxPictureSide)
	}
	if err := checkMemory(raw, name, c); err != nil {
		return err
	}
	return checkScans(raw, name, c)
}

// What a picture may take once it is decoded, by its file. A few kilobytes can claim
// as many pixels as a photograph has. A photograph does not come near the factor: of
// 50 megapixels, which take 80 MB, or 380 MB if it is progressive, it has about 10 MB.
const (
	freePictureMemory   = 40 << 20 // bytes, whatever the file: a screen of 3840×2160 pixels
	pictureMemoryFactor = 64       // times the file
)

// checkMemory refuses a picture that takes more memory than its file makes likely.
func checkMemory(raw []byte, name string, c image.Config) error {
	need := pictureMemory(raw, c)
	if need <= max(freePictureMemory, pictureMemoryFactor*len(raw)) {
		return nil
	}
	return inputErrorf(name, adviceSmaller, "%d×%d pixels in %d bytes would take %d MiB of memory, at most %d MiB or %d times the file are taken",
		c.Width, c.Height, len(raw), need>>20, freePictureMemory>>20, pictureMemoryFactor)
}

// What the scans of a JPEG may take: each passes over all the pixels, however few bytes
// it has. Of a progressive photograph of 50 megapixels 40 scans are read; it has about
// ten.
const (
	maxScanned = 2_000_000_000 // pixels of all scans, which take some seconds
	emptyScan  = 1 << 14       // pixels that a scan counts for at least
)

// checkScans refuses a JPEG that would take minutes.
func checkScans(raw []byte, name string, c image.Config) error {
	scans := 0
	for marker := range segments(raw) {
		if marker == startOfScan {
			scans++
		}
	}
	if most := maxScanned / (c.Width*c.Height + emptyScan); scans > most {
		return inputErrorf(name, "save it as a plain JPEG first", "%d scans of %d×%d pixels, at most %d are read", scans, c.Width, c.Height, most)
	}
	return nil
}

// pictureMemory returns about how many bytes it takes to decode a picture and to
// shrink it. The latter takes 4 float64 for each row and each column of the result,
// and 4 weights of 16 bytes for each row and column of the picture.
func pictureMemory(raw []byte, c image.Config) int {
	pixels, shrinking := c.Width*c.Height, Side*c.Height*4*8+64*(c.Width+c.Height)
	switch _, palette := c.ColorModel.(color.Palette); {
	case raw[0] == 0xff:
		return jpegMemory(raw, c) + shrinking
	case palette:
	case c.ColorModel == color.RGBA64Model, c.ColorModel == color.NRGBA64Model, c.ColorModel == color.Gray16Model:
		pixels *= 8 // grey too: with a transparent value it becomes coloured
	default:
		pixels *= 4
	}
	if raw[0] == 'G' || raw[28] != 0 { // interlaced, as any GIF may be: parts of it are put together
		pixels *= 2
	}
	return pixels + shrinking
}

// jpegMemory returns the bytes of a JPEG's planes, of which the start of the frame
// tells how much coarser than the first they are; ITU T.81, B.2.2. They come in
// whole blocks, a progressive one holds all its coefficients as well, 4 bytes each,
// and four planes are put together at last.
func jpegMemory(raw []byte, c image.Config) int {
	const progressive = 0xc2
	pixels := (c.Width + 31) &^ 31 * ((c.Height + 31) &^ 31)
	marker, planes := frame(raw)
	need, first := 0, 0
	for _, hv := range planes {
		size := int(hv>>4) * int(hv&15)
		if first == 0 {
			first = size
		}
		need += pixels * size / max(first, 1)
	}
	if marker == progressive {
		need *= 5
	}
	if len(planes) == 4 {
		need += 4 * pixels
	}
	return need
}

// frame returns the marker that starts a JPEG's frame, and of each of its planes the
// sampling factors, the one across in the upper half.
func frame(raw []byte) (marker byte, planes []byte) {
	for marker, data := range segments(raw) {
		if marker < 0xc0 || marker > 0xc2 || len(data) < 6 {
			continue
		}
		for at := 7; at < len(data); at += 3 {
			planes = append(planes, data[at])
		}
		return marker, planes
	}
	return 0xc2, []byte{0x11, 0x11, 0x11, 0x11} // not where it should be: the most there is
}
