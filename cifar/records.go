package cifar

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
)

// recordSums holds a sum of each of the 60000 records of the original, in order:
// enough to name what differs in a file whose whole sum is wrong.
//
//go:embed records.sums
var recordSums []byte

// recordSum is the first 28 bits of the SHA-256 of an image, and then its label.
type recordSum uint32

const sumSize = 4 // bytes of a recordSum in recordSums, the highest first

func sumOf(record []byte) recordSum {
	image := sha256.Sum256(record[1:])
	return recordSum(binary.BigEndian.Uint32(image[:])&^15 | uint32(record[0]&15))
}

func (s recordSum) label() byte      { return byte(s & 15) }
func (s recordSum) image() recordSum { return s &^ 15 }

// original is a data set as the sums of its records.
type original struct {
	sums   []byte
	places func() map[recordSum]int // at which record each sum stands
}

var cifar10 = newOriginal(recordSums)

func newOriginal(sums []byte) original {
	o := original{sums: sums}
	o.places = sync.OnceValue(func() map[recordSum]int {
		places := make(map[recordSum]int, len(sums)/sumSize)
		for i := range len(sums) / sumSize {
			places[o.sum(i)] = i
		}
		return places
	})
	return o
}

// sum returns the sum of record i of all files.
func (o original) sum(i int) recordSum {
	return recordSum(binary.BigEndian.Uint32(o.sums[i*sumSize:]))
}

// Kinds of a [Difference].
const (
	DiffersInLabel = "label" // the image is the original's, its label is not
	DiffersInPlace = "place" // it is a record of the original, but from another place
	DiffersInImage = "image" // the image is not in the original, or its label differs too
)

// Difference is a record of a file that differs from the original's in that place.
type Difference struct {
	Record int    `json:"record"` // in the file, counted from 0
	Kind   string `json:"kind"`
	Detail string `json:"detail"` // what the file has and what the original has, as text
}

// recordCheck compares the records of one of the six files with the original's. Write
// takes them as they lie in the file, whole ones in one call.
type recordCheck struct {
	original
	file   int
	next   int // record that the next call starts with
	differ []Difference
}

// Write compares the records in p. What follows the last whole one, or lies beyond
// those of the original, is left out. It never fails.
func (c *recordCheck) Write(p []byte) (int, error) {
	for at := 0; at+RecordSize <= len(p) && c.next < FileRecords; at += RecordSize {
		if d := c.compare(p[at : at+RecordSize]); d.Kind != "" {
			d.Record = c.next
			c.differ = append(c.differ, d)
		}
		c.next++
	}
	return len(p), nil
}

// compare tells how the next record differs; without a kind it does not.
func (c *recordCheck) compare(record []byte) Difference {
	want, sum, label := c.sum(c.file*FileRecords+c.next), sumOf(record), record[0]
	if sum.image() == want.image() {
		if label == want.label() {
			return Difference{}
		}
		return Difference{Kind: DiffersInLabel, Detail: fmt.Sprintf("label %d, originally %d", label, want.label())}
	}
	if at, known := c.places()[sum]; known && label < Classes {
		return Difference{Kind: DiffersInPlace, Detail: fmt.Sprintf("record %d of %s", at%FileRecords, files[at/FileRecords].name)}
	}
	return Difference{Kind: DiffersInImage, Detail: "another image"}
}

// maxNamed is how many differing records a message names.
const maxNamed = 3

// summary says how many records differ and in what, and names the first; nothing
// where none does.
func (c *recordCheck) summary() string {
	if len(c.differ) == 0 {
		return ""
	}
	kinds, first := map[string]int{}, []string(nil)
	for i, d := range c.differ {
		kinds[d.Kind]++
		if i < maxNamed {
			first = append(first, fmt.Sprintf("%d (%s)", d.Record, d.Detail))
		}
	}
	var counts []string
	for _, kind := range []string{DiffersInLabel, DiffersInPlace, DiffersInImage} {
		if n := kinds[kind]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d in %s", n, kind))
		}
	}
	if len(c.differ) > maxNamed {
		first = append(first, "…")
	}
	differ := "differ"
	if len(c.differ) == 1 {
		differ = "differs"
	}
	return fmt.Sprintf("%d of %d records %s, %s: record %s", len(c.differ), c.next, differ, strings.Join(counts, ", "), strings.Join(first, ", "))
}
