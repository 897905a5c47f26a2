package cifar

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"testing"
)

// manyScans is a grey progressive JPEG of so many blocks a side with so many scans, in
// which nothing changes: each says in a few bytes that all its blocks are over.
func manyScans(blocks, scans int) []byte {
	size := binary.BigEndian.AppendUint16(nil, uint16(8*blocks))
	return slices.Concat([]byte{0xff, 0xd8, 0xff, 0xc2, 0, 11, 8}, size, size, []byte{1, 1, 0x11, 0},
		[]byte{0xff, 0xdb, 0, 67, 0}, bytes.Repeat([]byte{1}, 64),
		// The code 0 stands for 0xe0: 2^14 blocks, and as many more as the 14 bits behind it say.
		[]byte{0xff, 0xc4, 0, 20, 0x10, 1}, make([]byte, 15), []byte{0xe0},
		bytes.Repeat(append([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0}, make([]byte, 2+2*blocks*blocks>>14)...), scans),
		[]byte{0xff, 0xd9})
}

// A JPEG with more scans than can be read in some seconds is refused, whatever lies
// around them; those of a photograph are not, and what is behind its end plays no part.
func TestScans(t *testing.T) {
	many := manyScans(100, 10_000) // minutes: 6.4 gigapixels in all
	few := manyScans(100, 100)
	scan := bytes.Index(many, []byte{0xff, 0xda})
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"many":         {many, "10000 scans of 800×800 pixels, at most 3046 are read; save it as a plain JPEG first"},
		"fill":         {bytes.ReplaceAll(many, []byte{0xff, 0xda}, []byte{0xff, 0xff, 0xda}), "10000 scans of"},
		"waste":        {bytes.ReplaceAll(many, []byte{0xff, 0xda}, []byte{7, 0xff, 0, 0xff, 0xd3, 0xff, 0xda}), "10000 scans of"},
		"comments":     {bytes.ReplaceAll(many, []byte{0xff, 0xda}, []byte{0xff, 0xfe, 0, 3, 9, 0xff, 0xda}), "10000 scans of"},
		"tables":       {bytes.ReplaceAll(many, []byte{0xff, 0xda}, []byte{0xff, 0xdd, 0, 4, 0, 0, 0xff, 0xda}), "10000 scans of"},
		"few":          {few, ""},
		"behind":       {append(bytes.Clone(few), bytes.Repeat([]byte{0xff, 0xda, 0, 2}, 50_000)...), ""},
		"in a comment": {slices.Insert(bytes.Clone(few), scan, append([]byte{0xff, 0xfe, 0xff, 0xfe}, bytes.Repeat([]byte{0xff, 0xda}, 0xfffc/2)...)...), ""},
	} {
		_, err := ReadPicture(bytes.NewReader(c.file), "a.png", Crop)
		switch {
		case c.want != "":
			t.Run(name, func(t *testing.T) { checkPictureError(t, err, c.want) })
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []struct{ w, h, scans int }{{8160, 6120, 30}, {1, 1, 100_000}, {4000, 3000, 150}} {
		if err := checkScans(manyScans(1, c.scans), "p", image.Config{Width: c.w, Height: c.h}); err != nil {
			t.Error(err)
		}
		if err := checkScans(manyScans(1, 2*c.scans), "p", image.Config{Width: c.w, Height: c.h}); err == nil {
			t.Errorf("%d scans are not refused", 2*c.scans)
		}
	}
}
