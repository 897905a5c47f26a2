package cifar

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation returns the EXIF orientation of a picture file, 1 to 8, which says how
// the camera was held: 1 is upright. It is 1 if the file has none, or an invalid one.
// The format: Exif 2.3, sections 4.5 (TIFF header, IFD) and 4.6.4 (tag 0x0112).
func orientation(file []byte) int {
	block := exif(file)
	order := byteOrder(block)
	if order == nil {
		return 1
	}
	at := uint64(order.Uint32(block[4:])) // of the first directory
	if at+2 > uint64(len(block)) {
		return 1
	}
	entries := block[at+2:]
	for range order.Uint16(block[at:]) {
		if len(entries) < entrySize {
			break
		}
		if order.Uint16(entries) == 0x0112 {
			if o := firstValue(block, entries, order); o >= 1 && o <= 8 {
				return int(o)
			}
			break
		}
		entries = entries[entrySize:]
	}
	return 1
}

// entrySize is the size of a directory entry: a tag, a type, the number of values, and
// the values or, if they take more than 4 bytes, their offset.
const entrySize = 12

// byteOrder returns the byte order of a TIFF block, nil if it is not one.
func byteOrder(block []byte) binary.ByteOrder {
	switch {
	case len(block) < 8:
	case string(block[:4]) == "II*\x00":
		return binary.LittleEndian
	case string(block[:4]) == "MM\x00*":
		return binary.BigEndian
	}
	return nil
}

// firstValue returns the first value of an entry, 0 if it is not an integer or lies
// outside the block. Orientations are a single SHORT; some programs write other types.
func firstValue(block, entry []byte, order binary.ByteOrder) uint32 {
	const short, long, signedShort, signedLong = 3, 4, 8, 9
	sizes := map[uint16]uint64{short: 2, signedShort: 2, long: 4, signedLong: 4}
	size, count := sizes[order.Uint16(entry[2:])], uint64(order.Uint32(entry[4:]))
	value := entry[8:entrySize]
	if size == 0 || count == 0 {
		return 0
	}
	if count*size > 4 {
		at := uint64(order.Uint32(value))
		if at+size > uint64(len(block)) {
			return 0
		}
		value = block[at:]
	}
	if size == 2 {
		return uint32(order.Uint16(value))
	}
	return order.Uint32(value)
}

// exif returns the TIFF block of the EXIF data of a JPEG or a PNG, nil if there is
// none.
func exif(file []byte) []byte {
	const app1 = 0xe1
	for kind, data := range chunks(file) {
		if kind == "eXIf" {
			return data
		}
	}
	for marker, data := range segments(file) {
		if marker == startOfScan {
			break
		}
		if block, ok := bytes.CutPrefix(data, []byte("Exif\x00\x00")); ok && marker == app1 {
			return block
		}
	}
	return nil
}

// pose says how to read the pixels of a file upright: whether to swap rows and columns,
// and which sides, as in the file, to reverse.
type pose struct{ swap, flipX, flipY bool }

// poses are those of the orientations, which say to which sides of the picture the
// first row and column of the file belong; Exif 2.3, 4.6.4.
var poses = [9]pose{
	2: {flipX: true}, 3: {flipX: true, flipY: true}, 4: {flipY: true},
	5: {swap: true}, 6: {swap: true, flipY: true}, 7: {swap: true, flipX: true, flipY: true}, 8: {swap: true, flipX: true},
}

// upright returns a picture of Side×Side pixels, turned and mirrored to be upright, as
// the Dim pixels of an image of the set.
func (p pose) upright(picture *image.RGBA) []byte {
	const last = Side - 1
	out := make([]byte, Dim)
	for i := range Dim {
		plane, y, x := i/(Side*Side), i/Side%Side, i%Side
		if p.swap {
			x, y = y, x
		}
		if p.flipX {
			x = last - x
		}
		if p.flipY {
			y = last - y
		}
		out[i] = picture.Pix[picture.PixOffset(x, y)+plane]
	}
	return out
}
