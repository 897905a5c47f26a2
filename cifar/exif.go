package cifar

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// orientation returns the EXIF orientation of a JPEG file, 1 to 8, which says how
// a camera was held: 1 is upright. It is 1 where the file has none, or a bad one.
// The format: Exif 2.3, sections 4.5 (TIFF header, IFD) and 4.6.4 (tag 0x0112).
func orientation(jpeg []byte) int {
	block := exif(jpeg)
	if len(block) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(block[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(block[4:])) // of the first directory
	if at+2 > uint64(len(block)) {
		return 1
	}
	entries := block[at+2:]
	for range order.Uint16(block[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 { // a SHORT, in the first half of the value
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
		entries = entries[12:]
	}
	return 1
}

// exif returns the TIFF block of a JPEG's EXIF segment, nil where there is none.
func exif(jpeg []byte) []byte {
	const app1 = 0xe1
	for marker, data := range segments(jpeg) {
		if block, ok := bytes.CutPrefix(data, []byte("Exif\x00\x00")); ok && marker == app1 {
			return block
		}
	}
	return nil
}

// segments yields the marker and the content of each segment of a JPEG before its
// pixels.
func segments(jpeg []byte) iter.Seq2[byte, []byte] {
	const start, end, restart, scan, fill = 0xd8, 0xd9, 0xd0, 0xda, 0xff
	return func(yield func(byte, []byte) bool) {
		if len(jpeg) < 2 || jpeg[0] != 0xff || jpeg[1] != start {
			return
		}
		rest := jpeg[2:]
		for len(rest) >= 4 && rest[0] == 0xff && rest[1] != scan {
			if rest[1] == fill {
				rest = rest[1:]
				continue
			}
			if rest[1] == 0 || rest[1] >= restart && rest[1] <= end { // without a length
				return
			}
			size := 2 + int(binary.BigEndian.Uint16(rest[2:])) // with the marker
			if size < 4 || size > len(rest) || !yield(rest[1], rest[4:size]) {
				return
			}
			rest = rest[size:]
		}
	}
}

// upright returns the Dim pixels of an image turned and mirrored to be upright. The
// orientation says which side of the picture the first row and the first column
// of the pixels are; Exif 2.3, 4.6.4.
func upright(pixels []byte, orientation int) []byte {
	const last = Side - 1
	out := make([]byte, Dim)
	for i := range Dim {
		plane, y, x := i/(Side*Side), i/Side%Side, i%Side
		switch orientation {
		case 2:
			x = last - x
		case 3:
			x, y = last-x, last-y
		case 4:
			y = last - y
		case 5:
			x, y = y, x
		case 6:
			x, y = y, last-x
		case 7:
			x, y = last-y, last-x
		case 8:
			x, y = last-y, x
		}
		out[i] = pixels[plane*Side*Side+y*Side+x]
	}
	return out
}
