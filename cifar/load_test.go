package cifar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// zeroFolder returns a folder of six files of the right size that hold black
// images of class 0, stored as holes.
func zeroFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, FileRecords*RecordSize); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// overwrite writes data into the file at an offset.
func overwrite(t *testing.T, path string, offset int64, data []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(data, offset); err != nil {
		t.Fatal(err)
	}
}

// TestLoad asserts where each file's images go: the first label of the k-th
// file is k, its last pixel is 100+k.
func TestLoad(t *testing.T) {
	dir := zeroFolder(t)
	for k, f := range files {
		overwrite(t, filepath.Join(dir, f.name), 0, []byte{byte(k)})
		overwrite(t, filepath.Join(dir, f.name), FileRecords*RecordSize-1, []byte{100 + byte(k)})
	}
	d, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 50000 || d.Test.Len() != 10000 {
		t.Errorf("%d and %d images", d.Train.Len(), d.Test.Len())
	}
	for k := range 5 {
		if label, last := d.Train.Labels[k*FileRecords], d.Train.Image((k+1)*FileRecords - 1)[Dim-1]; label != uint8(k) || last != 100+byte(k) {
			t.Errorf("file %d: label %d, pixel %d", k, label, last)
		}
	}
	if label, last := d.Test.Labels[0], d.Test.Image(FileRecords - 1)[Dim-1]; label != 5 || last != 105 {
		t.Errorf("test file: label %d, pixel %d", label, last)
	}
	if d.Name != "cifar10" || d.Digest == OriginalDigest || len(d.Digest) != 64 || !cmp.Equal(d.Classes, ClassNames()) {
		t.Errorf("name %q, digest %q, classes %v", d.Name, d.Digest, d.Classes)
	}
}

func TestLoadDamaged(t *testing.T) {
	dir := zeroFolder(t)
	path := func(k int) string { return filepath.Join(dir, files[k].name) }
	loadFails := func(where, problem string) {
		t.Helper()
		d, err := Load(dir)
		wantInputError(t, err, where, problem)
		if d.Train.Pixels != nil {
			t.Error("an error comes with images")
		}
	}
	// Each damage lies in an earlier file than the one before, and is found first.
	overwrite(t, path(5), 9999*RecordSize, []byte{255})
	loadFails(path(5), "byte 30726927: label 255, expected 0 to 9")
	os.Truncate(path(4), 0)
	loadFails(path(4), "the file is empty, expected 30730000 bytes")
	os.Truncate(path(3), FileRecords*RecordSize+1)
	loadFails(path(3), "too long: continues at byte 30730000, expected 30730000 bytes")
	os.Truncate(path(2), FileRecords*RecordSize-1)
	loadFails(path(2), "truncated: ends at byte 30729999, inside the record that starts at byte 30726927 (a record is 3073 bytes)")
	os.Remove(path(1))
	loadFails(path(1), "cannot open: no such file or directory")
	os.Mkdir(path(1), 0o700)
	loadFails(path(1), "a folder, expected a file")

	dir = path(0)
	loadFails(dir, "not a valid .tar.gz archive: gzip: invalid header")
	dir = filepath.Join(t.TempDir(), "none")
	loadFails(dir, "no such file or folder")
}

// TestDigest asserts that the constants agree with each other and that one
// pixel or label anywhere changes the digest.
func TestDigest(t *testing.T) {
	var sums [len(files)]string
	for i, f := range files {
		sums[i] = f.sum
	}
	if got := listDigest(sums); got != OriginalDigest {
		t.Errorf("the digest of the original sums is %s", got)
	}
	d := newData("", nil)
	seen := map[string]bool{d.digest(): true}
	for _, s := range []Set{d.Train, d.Test} {
		s.Pixels[len(s.Pixels)-1]++
		seen[d.digest()] = true
		s.Labels[s.Len()-1]++
		seen[d.digest()] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d digests of 5 data sets", len(seen))
	}
}

func TestVerify(t *testing.T) {
	dir := zeroFolder(t)
	os.Truncate(filepath.Join(dir, files[1].name), 0)
	os.Remove(filepath.Join(dir, files[2].name))
	os.Truncate(filepath.Join(dir, files[4].name), 1<<40) // of which little is read
	got, err := Verify(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := func(k int) string { return filepath.Join(dir, files[k].name) }
	altered := ": altered: 10000 of 10000 records differ, 10000 in image: record 0 (another image), 1 (another image), 2 (another image), …; " + adviceFile
	// Sums of 30730000 bytes of zero and of nothing, by sha256sum.
	const zero, empty = "3a8a84b64bcf861b26141d5cdcae007b8457d57210923dc132103760842ce568",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	black := func(k int) FileCheck {
		return FileCheck{files[k].name, FileRecords * RecordSize, zero, false, at(k) + altered, allOthers(FileRecords)}
	}
	want := []FileCheck{
		black(0),
		{files[1].name, 0, empty, false, at(1) + ": 0 bytes, expected 30730000; " + adviceFile, []Difference{}},
		{files[2].name, 0, "", false, at(2) + ": cannot open: no such file or directory; " + adviceFile, []Difference{}},
		black(3),
		{files[4].name, FileRecords*RecordSize + 1, "", false, at(4) + ": more than the expected 30730000 bytes" + strings.TrimPrefix(altered, ": altered"), allOthers(FileRecords)},
		black(5),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	none := filepath.Join(dir, "none")
	_, err = Verify(none)
	wantInputError(t, err, none, "no such file or folder")
}
