package fetch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFetch(t *testing.T) {
	sample := newSample(t)
	address, requests := serve(t, sample.file)
	s := newScene(t, sample.Archive, address)
	got, err := s.Run(t.Context(), s.dir+"/")
	s.wantWhole(t, sample, err)
	if want := (Result{Bytes: sample.Size, URL: address}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for path, mode := range map[string]fs.FileMode{s.dir: fs.ModeDir | 0o755, filepath.Join(s.dir, "0.bin"): 0o644} {
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("%s: mode %v, want %v, error %v", path, info.Mode(), mode, err)
		}
	}
	// Again: nothing to do, whatever lies beside the files.
	if err := os.WriteFile(filepath.Join(s.dir, "notes"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	got, err = s.Run(t.Context(), s.dir)
	if want := (Result{There: true}); err != nil || got != want || requests() != 1 {
		t.Errorf("%+v, error %v, %d requests; want %+v", got, err, requests(), want)
	}
}

// An archive of unknown size, such as one that the user names by its checksum.
func TestUnknownSize(t *testing.T) {
	sample := newSample(t)
	a := sample.Archive
	a.Size = 0
	cut := func(w http.ResponseWriter, r *http.Request) { // declares all, sends a part
		w.Header().Set("Content-Length", fmt.Sprint(sample.Size))
		w.Write(sample.bytes[:10000])
	}
	chunked := func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		w.Write(sample.bytes)
	}
	for name, handlers := range map[string][]http.HandlerFunc{
		"declared": {sample.file}, "chunked": {chunked}, "resumed": {cut, sample.file},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serve(t, handlers...)
			s := newScene(t, a, address)
			_, err := s.Run(t.Context(), s.dir)
			s.wantWhole(t, sample, err)
		})
	}
	t.Run("complete", func(t *testing.T) { // the server says that nothing is missing
		address, requests := serve(t, sample.file)
		s := newScene(t, a, address)
		s.keep(t, sample.bytes)
		got, err := s.Run(t.Context(), s.dir)
		s.wantWhole(t, sample, err)
		if got.Bytes != 0 || requests() != 1 {
			t.Errorf("%d bytes in %d requests", got.Bytes, requests())
		}
	})
}

// A part longer than the archive does not belong to it: everything is fetched from the
// start.
func TestLongPart(t *testing.T) {
	sample := newSample(t)
	address, requests := serve(t, sample.file)
	s := newScene(t, sample.Archive, address)
	long := append(sample.bytes[:sample.Size:sample.Size], 'x')
	s.keep(t, long)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := s.Run(ctx, s.dir); !errors.Is(err, context.Canceled) || got.Kept > 0 {
		t.Errorf("%+v, error %v", got, err)
	}
	s.keep(t, long)
	got, err := s.Run(t.Context(), s.dir)
	s.wantWhole(t, sample, err)
	if got.Bytes != sample.Size || requests() != 1 {
		t.Errorf("%d bytes in %d requests, want %d in one", got.Bytes, requests(), sample.Size)
	}
}

// Existing files that are not the originals stay unchanged, and no server is contacted.
func TestInTheWay(t *testing.T) {
	sample := newSample(t)
	put := func(dir string, i int, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, sample.Files[i].Name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const advice = "; remove that file, or give another folder"
	for want, spoil := range map[string]func(dir string){
		": 1.bin has 2 bytes, expected 3073" + advice:               func(dir string) { put(dir, 1, []byte("me")) },
		": 5.bin is not the original: its SHA-256 differs" + advice: func(dir string) { put(dir, 5, make([]byte, 3073)) },
		": 4.bin has 0 bytes, expected 3073" + advice: func(dir string) {
			os.Remove(filepath.Join(dir, "0.bin")) // which would be fetched
			put(dir, 4, nil)
		},
		`: 0.bin is missing, and "my\nnotes" does not belong there; give an empty folder`: func(dir string) {
			os.Rename(filepath.Join(dir, "0.bin"), filepath.Join(dir, "my\nnotes"))
		},
	} {
		s := newScene(t, sample.Archive, "http://127.0.0.1:1")
		if err := os.MkdirAll(s.dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for i := range sample.Files {
			put(s.dir, i, sample.entries[i+1].data)
		}
		spoil(s.dir)
		before := s.tree(t)
		_, err := s.Run(t.Context(), s.dir)
		if !errors.Is(err, ErrCheck) || err.Error() != s.dir+want || len(s.notes) > 0 {
			t.Errorf("error %v, notes %q", err, s.notes)
		}
		if diff := cmp.Diff(before, s.tree(t)); diff != "" {
			t.Errorf("files (-before +after):\n%s", diff)
		}
	}
}

// Free space is checked before the first request: for the rest of the archive and for
// the files.
func TestSpace(t *testing.T) {
	sample := newSample(t)
	address, requests := serve(t, sample.file)
	s := newScene(t, sample.Archive, address)
	s.keep(t, sample.bytes[:5000])
	need := sample.Size - 5000 + 8*3073
	s.free = func(folder string) (int64, error) {
		if folder != filepath.Dir(s.dir) {
			t.Errorf("asked for the room in %s", folder)
		}
		return need - 1, nil
	}
	_, err := s.Run(t.Context(), s.dir)
	want := filepath.Dir(s.dir) + ": 0.0 MB free, 0.0 MB needed (0.0 MB to download, 0.0 MB unpacked); make room or give another folder"
	if err == nil || err.Error() != want || errors.Is(err, ErrCheck) || requests() > 0 {
		t.Errorf("error %v, %d requests; want %s", err, requests(), want)
	}
	s.free = func(string) (int64, error) { return need, nil }
	_, err = s.Run(t.Context(), s.dir)
	s.wantWhole(t, sample, err)

	if free, err := freeSpace(t.TempDir()); err != nil || free <= 0 {
		t.Errorf("%d bytes free here, error %v", free, err)
	}
}

// Several fetches into one folder at once: each ends well.
func TestAtOnce(t *testing.T) {
	sample := newSample(t)
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
		sample.file(w, r)
	})
	s := newScene(t, sample.Archive, address)
	s.Observer = stopAt{at: math.MaxInt64}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.Run(t.Context(), s.dir) })
	}
	wg.Wait()
	s.wantWhole(t, sample, errors.Join(errs...))
}

// Two fetches at once, of which the second begins when the first has half of the
// archive, whichever ends first: neither destroys what the other has received.
func TestTwoAtOnce(t *testing.T) {
	good, altered, late := newSample(t), newSample(t), newSample(t)
	altered.bytes[100] ^= 1
	late.bytes[len(late.bytes)-1000] ^= 1
	for name, c := range map[string]struct {
		second      sample // what the second gets
		ranges      bool   // whether its server knows ranges
		secondFirst bool   // whether it ends first
		want        bool   // whether it ends well
	}{
		"no ranges":                     {good, false, false, true},
		"no ranges, second first":       {good, false, true, true},
		"ranges":                        {good, true, false, true},
		"ranges, second first":          {good, true, true, true},
		"altered":                       {altered, false, false, false},
		"altered, second first":         {altered, false, true, false},
		"altered, ranges":               {altered, true, false, true},
		"altered, ranges, second first": {altered, true, true, true},
		"altered late":                  {late, true, false, false},
		"altered late, second first":    {late, true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			half, firstDone, secondBegun, secondDone := make(chan bool), make(chan bool), make(chan bool), make(chan bool)
			one, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(good.Size))
				w.Write(good.bytes[:good.Size/2])
				w.(http.Flusher).Flush()
				<-secondBegun
				if c.secondFirst {
					<-secondDone
				}
				w.Write(good.bytes[good.Size/2:])
			}, good.file)
			two, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				from, status := 0, http.StatusOK
				if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); n == 1 && c.ranges {
					w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, good.Size-1, good.Size))
					status = http.StatusPartialContent
				} else {
					from = 0
				}
				w.WriteHeader(status)
				w.Write(c.second.bytes[from:][:1000])
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond) // until it is in the part
				close(secondBegun)
				if !c.secondFirst {
					<-firstDone
				}
				w.Write(c.second.bytes[from:][1000:])
			}, c.second.file)
			s := newScene(t, good.Archive, one)
			first, second := *s.Fetcher, *s.Fetcher
			first.Observer = stopAt{good.Size / 2, sync.OnceFunc(func() { close(half) })}
			second.Observer, second.Archive.URLs = stopAt{at: math.MaxInt64}, []string{two}
			var errs [2]error
			var wg sync.WaitGroup
			wg.Go(func() { _, errs[0] = first.Run(t.Context(), s.dir); close(firstDone) })
			<-half
			wg.Go(func() { _, errs[1] = second.Run(t.Context(), s.dir); close(secondDone) })
			wg.Wait()
			s.wantWhole(t, good, errs[0])
			if (errs[1] == nil) != c.want {
				t.Errorf("the second: error %v", errs[1])
			}
		})
	}
}
