package cifar

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recordsOf returns the set as the bytes of a file.
func recordsOf(s Set) []byte {
	var b bytes.Buffer
	s.WriteTo(&b)
	return b.Bytes()
}

// checkOf returns what a recordCheck of file 0 finds in the bytes, given in pieces of
// whole records, where the original is what two files of half the records hold.
func checkOf(records []byte, of original) recordCheck {
	c := recordCheck{original: of}
	for len(records) > 0 {
		n := min(3*RecordSize, len(records))
		c.Write(records[:n])
		records = records[n:]
	}
	return c
}

// TestRecordCheck alters a set in each way and asserts what is named.
func TestRecordCheck(t *testing.T) {
	const n = 10
	var sums []byte
	whole := recordsOf(someImages(n))
	for at := 0; at < len(whole); at += RecordSize {
		sums = binary.BigEndian.AppendUint32(sums, uint32(sumOf(whole[at:at+RecordSize])))
	}
	of := newOriginal(sums)
	record := func(b []byte, i int) []byte { return b[i*RecordSize : (i+1)*RecordSize] }
	was := whole[4*RecordSize]
	for name, test := range map[string]struct {
		change func(b []byte) []byte
		want   []Difference
		text   string
	}{
		"nothing": {func(b []byte) []byte { return b }, nil, ""},
		"label": {func(b []byte) []byte { record(b, 4)[0] = (was + 1) % Classes; return b },
			[]Difference{{4, "label", "label " + string(rune('0'+(was+1)%Classes)) + ", originally " + string(rune('0'+was))}}, "1 of 10 records differs, 1 in label: record 4 (label "},
		"no label": {func(b []byte) []byte { record(b, 4)[0] = 200; return b },
			[]Difference{{4, "label", "label 200, originally " + string(rune('0'+was))}}, "1 of 10 records differs, 1 in label: record 4 (label 200, "},
		"pixel": {func(b []byte) []byte { record(b, 9)[Dim]++; return b },
			[]Difference{{9, "image", "another image"}}, "1 of 10 records differs, 1 in image: record 9 (another image)"},
		"swapped": {func(b []byte) []byte {
			first := bytes.Clone(record(b, 0))
			copy(record(b, 0), record(b, 7))
			copy(record(b, 7), first)
			return b
		}, []Difference{{0, "place", "record 7 of data_batch_1.bin"}, {7, "place", "record 0 of data_batch_1.bin"}},
			"2 of 10 records differ, 2 in place: record 0 (record 7 of data_batch_1.bin), 7 (record 0 of data_batch_1.bin)"},
		"cut": {func(b []byte) []byte { return b[:4*RecordSize+5] }, nil, ""},
		"all": {func(b []byte) []byte { return make([]byte, len(b)) }, allOthers(n),
			"10 of 10 records differ, 10 in image: record 0 (another image), 1 (another image), 2 (another image), …"},
	} {
		c := checkOf(test.change(bytes.Clone(whole)), of)
		if diff := cmp.Diff(test.want, c.differ); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := c.summary(); !strings.HasPrefix(got, test.text) || (got == "") != (test.text == "") {
			t.Errorf("%s: summary %q, want %q", name, got, test.text)
		}
	}
}

func allOthers(n int) (all []Difference) {
	for i := range n {
		all = append(all, Difference{i, "image", "another image"})
	}
	return all
}

// TestRealRecords asserts that the table is that of the original, and that Verify
// names what is altered in it.
func TestRealRecords(t *testing.T) {
	skipShort(t)
	dir := realFolder(t)
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for k := range files {
		if c := checkOf(recordsOf(d.part(k)), newOriginal(recordSums[k*FileRecords*sumSize:])); len(c.differ) > 0 || c.next != FileRecords {
			t.Fatalf("file %d: of %d records %s", k, c.next, c.summary())
		}
	}
	altered := t.TempDir()
	for k, f := range files {
		if err := os.Symlink(filepath.Join(dir, f.name), filepath.Join(altered, f.name)); err != nil {
			t.Fatal(err)
		}
		if k == 1 || k == 5 {
			os.Remove(filepath.Join(altered, f.name))
		}
	}
	second, last := recordsOf(d.part(1)), recordsOf(d.part(5))
	for i := 0; i < FileRecords; i += 4 {
		second[i*RecordSize] = (second[i*RecordSize] + 1) % Classes
	}
	copy(last[9999*RecordSize:], recordsOf(d.Train.Slice(23, 24)))
	os.WriteFile(filepath.Join(altered, files[1].name), second, 0o600)
	os.WriteFile(filepath.Join(altered, files[5].name), last, 0o600)
	checks, err := Verify(altered)
	if err != nil {
		t.Fatal(err)
	}
	for k, c := range checks {
		switch {
		case k == 1 && (c.OK || len(c.Records) != 2500 || c.Records[1].Record != 4 || c.Records[1].Kind != DiffersInLabel ||
			!strings.Contains(c.Problem, ": altered: 2500 of 10000 records differ, 2500 in label: record 0 (label 2, originally 1), 4 (")),
			k == 5 && (c.OK || !cmp.Equal(c.Records, []Difference{{9999, DiffersInPlace, "record 23 of data_batch_1.bin"}})),
			k != 1 && k != 5 && (!c.OK || len(c.Records) > 0):
			t.Errorf("file %d: ok %v, %d records, %s", k, c.OK, len(c.Records), c.Problem)
		}
	}
}
