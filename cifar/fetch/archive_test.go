package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestHostileArchive: an archive with the requested checksum but with anything other
// than the files in it is refused in one line, and nothing of it is left.
func TestHostileArchive(t *testing.T) {
	good := newSample(t)
	add := func(h tar.Header, data string) []byte {
		h.Mode = 0o777
		return pack(t, append(slices.Clone(good.entries), entry{h, []byte(data)}))
	}
	change := func(i int, f func(e *entry)) []byte {
		entries := slices.Clone(good.entries)
		f(&entries[i])
		return pack(t, entries)
	}
	link := func(kind byte) []byte {
		return change(2, func(e *entry) {
			e.Typeflag, e.Linkname, e.Size, e.data = kind, "/etc/passwd", 0, nil
		})
	}
	for _, c := range []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"parent", add(tar.Header{Name: "../evil", Size: 1}, "x"), `the archive has "../evil", a file that does not belong there`},
		{"parent inside", add(tar.Header{Name: "batches/../../evil", Size: 1}, "x"), `the archive has "batches/../../evil", a file that does not belong there`},
		{"absolute", add(tar.Header{Name: "/tmp/evil", Size: 1}, "x"), `the archive has "/tmp/evil", a file that does not belong there`},
		{"other file", add(tar.Header{Name: "batches/evil", Size: 1}, "x"), `the archive has "batches/evil", a file that does not belong there`},
		{"hidden", add(tar.Header{Name: "batches/\x1b[2J\n", Size: 1}, "x"), `the archive has "batches/\x1b[2J\n", a file that does not belong there`},
		{"other folder", add(tar.Header{Name: "batches/sub/", Typeflag: tar.TypeDir}, ""), `the archive has "batches/sub/", a folder that does not belong there`},
		{"other link", add(tar.Header{Name: "batches/l", Typeflag: tar.TypeSymlink, Linkname: "/"}, ""), `the archive has "batches/l", a symbolic link that does not belong there`},
		{"symbolic link", link(tar.TypeSymlink), `the archive has "batches/1.bin" as a symbolic link, expected a file`},
		{"hard link", link(tar.TypeLink), `the archive has "batches/1.bin" as a hard link, expected a file`},
		{"device", link(tar.TypeChar), `the archive has "batches/1.bin" as a device, expected a file`},
		{"block device", link(tar.TypeBlock), `the archive has "batches/1.bin" as a device, expected a file`},
		{"pipe", link(tar.TypeFifo), `the archive has "batches/1.bin" as an entry of type '6', expected a file`},
		{"folder as file", change(2, func(e *entry) { e.Typeflag, e.Size, e.data = tar.TypeDir, 0, nil }),
			`the archive has "batches/1.bin" as a folder, expected a file`},
		{"folder as link", change(0, func(e *entry) { e.Typeflag, e.Linkname = tar.TypeSymlink, "/tmp" }),
			`the archive has "batches/", a symbolic link that does not belong there`},
		{"huge", change(2, func(e *entry) { e.Size = 1 << 50 }), `the archive has "batches/1.bin" with 1125899906842624 bytes, expected 3073`},
		{"short", change(2, func(e *entry) { e.Size, e.data = 3, e.data[:3] }), `the archive has "batches/1.bin" with 3 bytes, expected 3073`},
		{"huge, without a sum", change(8, func(e *entry) { e.Size = 1 << 50 }), `the archive has "batches/7.bin" with 1125899906842624 bytes, expected 3073`},
		{"other bytes", change(2, func(e *entry) { e.data = make([]byte, 3073) }), `in the archive 1.bin is not the original: its SHA-256 differs`},
		{"twice", pack(t, append(slices.Clone(good.entries), good.entries[3])), `the archive has "batches/2.bin" twice`},
		{"folder thousands of times", pack(t, slices.Repeat(good.entries[:1], 5000)), `the archive has "batches/" twice`},
		{"missing", pack(t, slices.Delete(slices.Clone(good.entries), 6, 7)), `in the archive 5.bin is missing`},
		{"nothing", pack(t, nil), `in the archive 0.bin is missing`},
		{"header without file", pack(t, []entry{{Header: tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "pax_global_header", PAXRecords: map[string]string{"comment": "x"}}}}),
			`the archive has "pax_global_header", an entry of type 'g' that does not belong there`},
		{"truncated tar", zipped(tarOf(good)[:5000]), `the archive is damaged: unexpected EOF`},
		{"noise in gzip", zipped(noise(5000)), `the archive is damaged: archive/tar: invalid tar header`},
		{"truncated gzip", good.bytes[:len(good.bytes)/2], `the archive is damaged: unexpected EOF`},
		{"gzip without its sum", good.bytes[:len(good.bytes)-8], `the archive is damaged: unexpected EOF`},
		{"gzip with a wrong sum", append(slices.Clone(good.bytes[:len(good.bytes)-8]), make([]byte, 8)...), `the archive is damaged: gzip: invalid checksum`},
		{"more after gzip", append(slices.Clone(good.bytes), "more"...), `the archive is damaged: unexpected EOF`},
		{"no gzip", tarOf(good), `the archive is damaged: gzip: invalid header`},
		{"noise", noise(5000), `the archive is damaged: gzip: invalid header`},
		{"one byte", []byte{0x1f}, `the archive is damaged: unexpected EOF`},
		{"bomb after the files", zipped(append(tarOf(good), make([]byte, 1<<21)...)), `the archive is damaged: it unpacks to more than its files`},
		{"bomb of headers", zipped(bytes.Repeat(longName(), 3)), `the archive is damaged: it unpacks to more than its files`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bad := good
			bad.bytes = c.bytes
			bad.Size, bad.SHA256 = 0, bad.sum() // as named by --sha256
			address, _ := serve(t, bad.file)
			s := newScene(t, bad.Archive, address)
			_, err := s.Run(t.Context(), s.dir)
			if err == nil || err.Error() != c.want || !errors.Is(err, ErrCheck) {
				t.Errorf("error\n%v, want\n%s", err, c.want)
			}
			s.wantPart(t, 0, 0)
			if left, _ := os.ReadDir(filepath.Dir(s.dir)); len(left) > 0 {
				t.Errorf("it left %v", left)
			}
		})
	}
}

// zipped returns data as gzip has it.
func zipped(data []byte) []byte {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	zip.Write(data)
	zip.Close()
	return b.Bytes()
}

// tarOf returns what is inside the gzip of a sample.
func tarOf(s sample) []byte {
	var b bytes.Buffer
	zip, err := gzip.NewReader(bytes.NewReader(s.bytes))
	if err == nil {
		_, err = b.ReadFrom(zip)
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}

func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{2}).Read(b)
	return b
}

// longName returns GNU's header of a name of a megabyte less one block, which a
// reader holds in memory and passes over in search of the entry it belongs to.
func longName() []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	const size = 1<<20 - 512
	w.WriteHeader(&tar.Header{Name: "././@LongLink", Typeflag: tar.TypeReg, Size: size, Format: tar.FormatGNU})
	w.Write(bytes.Repeat([]byte{'a'}, size))
	w.Flush()
	header := b.Bytes()
	header[156] = tar.TypeGNULongName
	sum := 8 * int(' ') // the checksum counts its own field as blanks
	for i, c := range header[:512] {
		if i < 148 || i >= 156 {
			sum += int(c)
		}
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
	return header
}

// Whatever happens to an archive in transit, the folder holds the files or does not
// appear.
func TestDamage(t *testing.T) {
	good := newSample(t)
	rapid.Check(t, func(rt *rapid.T) {
		bad := good
		bad.bytes = slices.Clone(good.bytes)
		for range rapid.IntRange(1, 3).Draw(rt, "damages") {
			at := rapid.IntRange(0, len(bad.bytes)-1).Draw(rt, "at")
			bad.bytes[at] ^= byte(1 << rapid.IntRange(0, 7).Draw(rt, "bit"))
		}
		bad.bytes = bad.bytes[:len(bad.bytes)-rapid.IntRange(0, 600).Draw(rt, "cut")]
		bad.SHA256 = fmt.Sprintf("%x", sha256.Sum256(bad.bytes))
		dir := filepath.Join(t.TempDir(), "data")
		err := bad.install(bytes.NewReader(bad.bytes), dir, dir, func(string) {})
		there, checkErr := good.present(dir)
		if checkErr != nil || there != (err == nil) {
			rt.Fatalf("error %v, but files there: %v, %v", err, there, checkErr)
		}
		if left, _ := os.ReadDir(filepath.Dir(dir)); err != nil && len(left) > 0 {
			rt.Fatalf("it left %v", left)
		}
	})
}

// A forbidden place is a local error: it ends the fetch, names the place and contacts
// no further server.
func TestLocalErrors(t *testing.T) {
	sample := newSample(t)
	address, requests := serve(t, sample.file)
	inTheWay := newScene(t, sample.Archive, address)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(file, "data")
	_, err := inTheWay.Run(t.Context(), below)
	if want := "open " + below + ": not a directory; give another folder"; err == nil || err.Error() != want || requests() != 0 {
		t.Errorf("error %v, %d requests; want %s", err, requests(), want)
	}
}
