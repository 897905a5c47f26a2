package cifar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is one entry of an archive to be made.
type entry struct {
	name string
	kind byte // of tar; 0 for a plain file
	data []byte
}

// tarGz returns a gzipped tar file.
func tarGz(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var file bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&file, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(zipped)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644, Size: int64(len(e.data))}
		if e.kind == 0 {
			h.Typeflag = tar.TypeReg
		} else {
			h.Linkname = "/etc/passwd"
		}
		if err := archive.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// inFile writes an archive into a new folder and returns its path.
func inFile(t *testing.T, archive []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.tar.gz")
	if err := os.WriteFile(path, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// marked returns file k of a data set that is black but for a label and a pixel.
func marked(k int) Set {
	s := newSet(FileRecords)
	s.Labels[k], s.Pixels[100*k+7] = uint8(k), 200
	return s
}

// sixFiles returns the six files in a format, last first, under a folder.
func sixFiles(f format, folder string) []entry {
	var entries []entry
	for k := len(files) - 1; k >= 0; k-- {
		var data bytes.Buffer
		if f.ext == "" {
			data.WriteString(dialects[k%len(dialects)].batch(marked(k)))
		} else {
			marked(k).WriteTo(&data)
		}
		entries = append(entries, entry{name: folder + f.name(k), data: data.Bytes()})
	}
	return entries
}

// strangers are entries that have no place in CIFAR-10.
var strangers = []entry{
	{name: "../../../tmp/data_batch_1.bin", data: []byte("up")},
	{name: "/etc/cron.d/data_batch_1", data: []byte("root")},
	{name: "cifar-10-batches-bin/", kind: tar.TypeDir},
	{name: "cifar-10-batches-bin/link", kind: tar.TypeSymlink},
	{name: "cifar-10-batches-py/batches.meta", data: []byte("\x80\x02cposix\nsystem\n")},
	{name: "data_batch_2", kind: tar.TypeFifo},
	{name: "elsewhere/data_batch_1", data: []byte("not this")},
}

// skipShort skips a test of whole archives, which under the race detector takes a
// minute.
func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("reads whole archives")
	}
}

// TestLoadArchive reads archives of both formats, one directly and one through its
// folder.
func TestLoadArchive(t *testing.T) {
	skipShort(t)
	want := newData("", nil)
	for k := range files {
		copy(want.part(k).Pixels, marked(k).Pixels)
		copy(want.part(k).Labels, marked(k).Labels)
	}
	want.Digest = want.digest()
	for i, f := range formats {
		whole := append(append(strangers[:len(strangers):len(strangers)], sixFiles(f, "./"+f.folder+"/")...), strangers...)
		path := inFile(t, tarGz(t, whole...))
		usual := filepath.Join(filepath.Dir(path), f.archive)
		if err := os.Rename(path, usual); err != nil {
			t.Fatal(err)
		}
		got, err := Load([]string{usual, filepath.Dir(usual)}[i])
		if err != nil {
			t.Fatal(err)
		}
		if !equal(got.Train, want.Train) || !equal(got.Test, want.Test) || got.Digest != want.Digest || got.Name != "cifar10" {
			t.Errorf("form %d: other images, digest %s", i, got.Digest)
		}
	}
}

// TestLoadPickles reads a folder that holds one like torchvision's.
func TestLoadPickles(t *testing.T) {
	skipShort(t)
	root := t.TempDir()
	dir := filepath.Join(root, formats[1].folder)
	os.Mkdir(dir, 0o700)
	for _, e := range sixFiles(formats[1], "") {
		os.WriteFile(filepath.Join(dir, e.name), e.data, 0o600)
	}
	d, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	for k := range files {
		if !equal(marked(k), d.part(k)) {
			t.Errorf("other images in file %d", k)
		}
	}
	os.WriteFile(filepath.Join(dir, "data_batch_3"), []byte("\x80\x02cposix\nsystem\nU\x02id\x85R."), 0o600)
	_, err = Load(dir)
	wantInputError(t, err, filepath.Join(dir, "data_batch_3"), `byte 2: names "posix.system", which no batch of CIFAR-10 has; nothing was executed`)
	os.Remove(filepath.Join(dir, "data_batch_2"))
	_, err = Load(root)
	wantInputError(t, err, filepath.Join(dir, "data_batch_2"), "cannot open: no such file or directory")

	checks, err := Verify(root)
	if err != nil {
		t.Fatal(err)
	}
	for k, problem := range []string{": altered: 10000 of 10000", ": cannot open: no such", ": byte 2: names", ": altered: 10000 of 10000"} {
		read := strings.Contains(problem, "altered")
		if c := checks[k]; c.OK || !strings.HasPrefix(c.Problem, filepath.Join(dir, c.Name)+problem) || strings.Contains(c.Problem, "\n") ||
			(c.Size == fileSize) != read || (c.Size == 0) == read || (c.SHA256 != "") != read {
			t.Errorf("%+v", c)
		}
	}
}

func TestLoadBadArchive(t *testing.T) {
	skipShort(t)
	black := bytes.Repeat(make([]byte, RecordSize), FileRecords)
	first := entry{name: "cifar-10-batches-bin/data_batch_1.bin", data: black}
	sound := tarGz(t, first)
	zeros := tarGz(t, entry{name: "zeros", data: make([]byte, 16<<20)})
	for name, c := range map[string]struct {
		archive []byte
		where   string // in the archive
		problem string
	}{
		"no gzip":     {[]byte("PK\x03\x04 something else"), "", "not a valid .tar.gz archive: gzip: invalid header"},
		"empty":       {nil, "", "not a valid .tar.gz archive: EOF"},
		"no tar":      {gzipped(t, strings.Repeat("no tar", 1000)), "", "not a valid .tar.gz archive: archive/tar: invalid tar header"},
		"cut":         {sound[:len(sound)/2], "", "not a valid .tar.gz archive: unexpected EOF"},
		"cut at end":  {sound[:len(sound)-1], "", "not a valid .tar.gz archive: unexpected EOF"},
		"wrong sum":   {append(bytes.Clone(sound[:len(sound)-8]), make([]byte, 8)...), "", "not a valid .tar.gz archive: gzip: invalid checksum"},
		"nothing":     {tarGz(t), "", "holds none of the files of CIFAR-10"},
		"strangers":   {tarGz(t, strangers...), "", "holds none of the files of CIFAR-10"},
		"one alone":   {sound, "", "cifar-10-batches-bin/data_batch_2.bin is missing"},
		"both forms":  {tarGz(t, first, entry{name: "cifar-10-batches-py/data_batch_2", data: []byte(".")}), "", "cifar-10-batches-bin/data_batch_2.bin is missing"},
		"twice":       {tarGz(t, first, first), "", "cifar-10-batches-bin/data_batch_1.bin appears twice"},
		"a link":      {tarGz(t, entry{name: first.name, kind: tar.TypeSymlink}), "", "cifar-10-batches-bin/data_batch_1.bin is not a regular file"},
		"too short":   {tarGz(t, entry{name: first.name, data: black[:RecordSize]}), first.name, "truncated: ends at byte 3073, expected 30730000 bytes"},
		"too long":    {tarGz(t, entry{name: first.name, data: append(black, 0)}), first.name, "too long: continues at byte 30730000, expected 30730000 bytes"},
		"a shell":     {tarGz(t, entry{name: "cifar-10-batches-py/data_batch_1", data: []byte("\x80\x02cposix\nsystem\n")}), "cifar-10-batches-py/data_batch_1", `byte 2: names "posix.system", which no batch of CIFAR-10 has; nothing was executed`},
		"endless":     {endlessArchive(t), "", fmt.Sprintf("not a valid .tar.gz archive: it unpacks to more than %d bytes", maxUnpacked)},
		"zeros after": {append(bytes.Clone(zeros), bytes.Repeat(gzipped(t, strings.Repeat("\x00", 16<<20)), 16)...), "", fmt.Sprintf("not a valid .tar.gz archive: it unpacks to more than %d bytes", maxUnpacked)},
	} {
		t.Run(name, func(t *testing.T) {
			path := inFile(t, c.archive)
			d, err := Load(path)
			where := path
			if c.where != "" {
				where += ": " + c.where
			}
			wantInputError(t, err, where, c.problem)
			if d.Train.Pixels != nil {
				t.Error("an error comes with images")
			}
		})
	}
}

func gzipped(t *testing.T, text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// endlessArchive returns an archive that states one file of 8 GB and repeats zeros for it.
func endlessArchive(t *testing.T) []byte {
	var header bytes.Buffer
	if err := tar.NewWriter(&header).WriteHeader(&tar.Header{Name: "zeros", Typeflag: tar.TypeReg, Size: 8 << 30}); err != nil {
		t.Fatal(err)
	}
	return append(gzipped(t, header.String()), bytes.Repeat(gzipped(t, strings.Repeat("\x00", 16<<20)), 40)...)
}
