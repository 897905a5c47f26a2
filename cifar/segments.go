package cifar

import (
	"bytes"
	"encoding/binary"
	"iter"
)

const (
	pngMagic  = "\x89PNG\r\n\x1a\n"
	jpegMagic = "\xff\xd8"
)

// startOfScan is the marker of a JPEG's scan, which pixels follow.
const startOfScan = 0xda

// segments yields the marker and the content of each segment of a JPEG up to its end,
// of a scan its header. Like the decoder it passes over what lies between them: the
// pixels of scans, in which a byte 0xff is followed by 0 or is a restart, and what
// should not be there; ITU T.81, B.1.1.
func segments(file []byte) iter.Seq2[byte, []byte] {
	const end, firstRestart, lastRestart, fill = 0xd9, 0xd0, 0xd7, 0xff
	return func(yield func(byte, []byte) bool) {
		rest, ok := bytes.CutPrefix(file, []byte(jpegMagic))
		for ok {
			at := bytes.IndexByte(rest, 0xff)
			if at < 0 || at+4 > len(rest) {
				return
			}
			marker := rest[at+1]
			switch {
			case marker == end:
				return
			case marker == fill:
				rest = rest[at+1:]
				continue
			case marker == 0, marker >= firstRestart && marker <= lastRestart: // without a length
				rest = rest[at+2:]
				continue
			}
			rest = rest[at+2:]
			size := int(binary.BigEndian.Uint16(rest)) // with itself
			if size < 2 || size > len(rest) || !yield(marker, rest[2:size]) {
				return
			}
			rest = rest[size:]
		}
	}
}

// chunks yields the kind and the content of each chunk of a PNG; ISO 15948, 5.3.
func chunks(file []byte) iter.Seq2[string, []byte] {
	const head, sum = 8, 4
	return func(yield func(string, []byte) bool) {
		rest, ok := bytes.CutPrefix(file, []byte(pngMagic))
		for ok && len(rest) >= head {
			size := int(binary.BigEndian.Uint32(rest))
			if size+head+sum > len(rest) || !yield(string(rest[4:head]), rest[head:head+size]) {
				return
			}
			rest = rest[head+size+sum:]
		}
	}
}
