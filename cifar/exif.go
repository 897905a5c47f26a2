package cifar

import (
	"bytes"
	"encoding/binary"
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
	const start, app1, scan = 0xd8, 0xe1, 0xda
	if len(jpeg) < 2 || jpeg[0] != 0xff || jpeg[1] != start {
		return nil
	}
	rest := jpeg[2:]
	for len(rest) >= 4 && rest[0] == 0xff && rest[1] != scan {
		size := 2 + int(binary.BigEndian.Uint16(rest[2:])) // with the marker
		if size < 4 || size > len(rest) {
			return nil
		}
		if block, ok := bytes.CutPrefix(rest[4:size], []byte("Exif\x00\x00")); ok && rest[1] == app1 {
			return block
		}
		rest = rest[size:]
	}
	return nil
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
