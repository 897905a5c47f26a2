package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entry is one of a tar file.
type entry struct {
	tar.Header
	data []byte
}

// sample is a small archive of the same make as CIFAR-10's: six files with sums,
// two without. Its bytes are random, so that gzip does not shrink it.
type sample struct {
	Archive
	entries []entry
	bytes   []byte
}

func newSample(t *testing.T) sample {
	s := sample{Archive: Archive{Folder: "batches"}}
	random := rand.NewChaCha8([32]byte{1})
	s.entries = []entry{{Header: tar.Header{Name: "batches/", Typeflag: tar.TypeDir, Mode: 0o755}}}
	for i := range 8 {
		f := File{Name: fmt.Sprintf("%d.bin", i), Size: 3073}
		data := make([]byte, f.Size)
		random.Read(data)
		if i < 6 {
			f.SHA256 = fmt.Sprintf("%x", sha256.Sum256(data))
		}
		s.Files = append(s.Files, f)
		s.entries = append(s.entries, entry{tar.Header{Name: "batches/" + f.Name, Typeflag: tar.TypeReg, Mode: 0o644, Size: f.Size}, data})
	}
	s.bytes = pack(t, s.entries)
	s.Size, s.SHA256 = int64(len(s.bytes)), fmt.Sprintf("%x", sha256.Sum256(s.bytes))
	return s
}

// pack writes the entries as a gzipped tar file. It ends with the first that
// declares more bytes than it has.
func pack(t *testing.T, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	for _, e := range entries {
		if err := w.WriteHeader(&e.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
		if int64(len(e.data)) < e.Size { // a lie, with which the file ends
			zip.Close()
			return b.Bytes()
		}
	}
	w.Close()
	zip.Close()
	return b.Bytes()
}

// file is the sample as a web server of the standard library gives it, with
// ranges and all.
func (s sample) file(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.bytes))
}

// sum returns the SHA-256 of what the sample has become.
func (s sample) sum() string { return fmt.Sprintf("%x", sha256.Sum256(s.bytes)) }

// scene is a fetch from servers of a test, into a folder of its own.
type scene struct {
	*Fetcher
	dir   string
	notes []string
}

// newScene returns a fetch with little patience from the given addresses.
func newScene(t *testing.T, a Archive, urls ...string) *scene {
	s := &scene{dir: filepath.Join(t.TempDir(), "at", "data")}
	a.URLs = urls
	s.Fetcher = New(a, s)
	s.Patience = Patience{Attempts: 3, Wait: time.Millisecond, MaxWait: 5 * time.Millisecond, Window: time.Minute, Least: 1 << 10}
	t.Cleanup(s.transport.CloseIdleConnections)
	return s
}

func (s *scene) Progress(int64, int64) {}

func (s *scene) Note(line string) { s.notes = append(s.notes, line) }

// serve starts a server whose n-th request, from 0, gets to the n-th handler,
// later ones to the last. It returns its address and a count of requests.
func serve(t *testing.T, handlers ...http.HandlerFunc) (address string, requests func() int) {
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		handler := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL, func() int { mu.Lock(); defer mu.Unlock(); return n }
}

// keep leaves a part as of an earlier fetch.
func (s *scene) keep(t *testing.T, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.dir), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Archive.Part(s.dir), data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// tree lists all files below the folder above dir, with their sizes.
func (s *scene) tree(t *testing.T) map[string]int64 {
	t.Helper()
	top, files := filepath.Dir(filepath.Dir(s.dir)), map[string]int64{}
	err := filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		name, _ := filepath.Rel(top, path)
		if strings.HasSuffix(name, ".part") {
			name = "part"
		}
		files[name] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// whole is the tree after a fetch of the sample.
func whole() map[string]int64 {
	files := map[string]int64{}
	for i := range 8 {
		files[fmt.Sprintf("at/data/%d.bin", i)] = 3073
	}
	return files
}

// wantWhole asserts that the fetch has brought the sample, byte by byte, and
// nothing beside it.
func (s *scene) wantWhole(t *testing.T, sample sample, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole(), s.tree(t)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, e := range sample.entries[1:] {
		got, err := os.ReadFile(filepath.Join(s.dir, filepath.Base(e.Name)))
		if err != nil || !bytes.Equal(got, e.data) {
			t.Errorf("%s: other bytes than in the archive, error %v", e.Name, err)
		}
	}
}

// wantPart asserts that the fetch has left so many bytes, some for a negative
// number, and no other file.
func (s *scene) wantPart(t *testing.T, bytes, limit int64) {
	t.Helper()
	tree := s.tree(t)
	if kept := tree["part"]; bytes >= 0 && kept != bytes || kept > limit {
		t.Errorf("%d bytes kept, want %d", kept, bytes)
	}
	delete(tree, "part")
	if len(tree) > 0 {
		t.Errorf("it left %v", tree)
	}
}
