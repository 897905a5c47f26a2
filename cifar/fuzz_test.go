package cifar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// FuzzArchive: no archive makes the reader panic, write a file, or use more memory than
// its buffers, whatever it unpacks to. Each refusal is one line. The tar file is
// compressed here unless raw, so that it passes the checksums of gzip.
func FuzzArchive(f *testing.F) {
	var whole bytes.Buffer
	w := tar.NewWriter(&whole)
	for _, e := range append(strangers, entry{name: "cifar-10-batches-py/data_batch_1", data: []byte(dialects[0].batch(someImages(1)))}) {
		if e.kind == 0 {
			e.kind = tar.TypeReg
		}
		if err := w.WriteHeader(&tar.Header{Name: e.name, Typeflag: e.kind, Linkname: "/etc/passwd", Size: int64(len(e.data))}); err != nil {
			f.Fatal(err)
		}
		w.Write(e.data)
	}
	w.Close()
	f.Add(false, whole.Bytes())
	f.Add(false, whole.Bytes()[:600])
	f.Add(false, []byte(nil))
	f.Add(true, []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"))
	d := newData("", nil)
	dir := f.TempDir()
	path := filepath.Join(dir, "a.tar.gz")
	f.Fuzz(func(t *testing.T, raw bool, file []byte) {
		if !raw {
			var zipped bytes.Buffer
			z := gzip.NewWriter(&zipped)
			z.Write(file)
			z.Close()
			file = zipped.Bytes()
		}
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		errs := readArchive(path, d)
		runtime.ReadMemStats(&after)
		// The tables of tar's extensions are at most a megabyte each time.
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(4<<20+64*len(file)) {
			t.Errorf("%d bytes allocated for %d", used, len(file))
		}
		for _, err := range errs {
			if err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v", err)
			}
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%d files, error %v", len(left), err)
		}
	})
}
