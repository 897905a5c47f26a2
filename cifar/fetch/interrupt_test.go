package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A stopped fetch keeps what it has received, and the next one resumes it.
func TestInterrupted(t *testing.T) {
	sample := newSample(t)
	ctx, cancel := context.WithCancel(t.Context())
	var asked string
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(sample.Size))
		w.Write(sample.bytes[:7000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Range")
		sample.file(w, r)
	})
	s := newScene(t, sample.Archive, address)
	s.Observer = stopAt{7000, cancel}
	stopped, err := s.Run(ctx, s.dir)
	if !errors.Is(err, context.Canceled) || stopped.Kept != 7000 {
		t.Errorf("error %v, %d bytes kept", err, stopped.Kept)
	}
	if diff := cmp.Diff(map[string]int64{"part": 7000}, s.tree(t)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	s.Observer = s
	got, err := s.Run(t.Context(), s.dir)
	s.wantWhole(t, sample, err)
	if asked != "bytes=7000-" || got.Bytes != sample.Size-7000 {
		t.Errorf("asked for %q, got %d bytes", asked, got.Bytes)
	}
}

// stopAt ends a fetch when so many bytes have come.
type stopAt struct {
	at   int64
	stop func()
}

func (s stopAt) Progress(done, _ int64) {
	if done >= s.at {
		s.stop()
	}
}

func (stopAt) Note(string) {}

// A fetch that is stopped after receiving everything keeps it, and the next one
// contacts no server.
func TestInterruptedInTheEnd(t *testing.T) {
	sample := newSample(t)
	address, requests := serve(t, sample.file)
	s := newScene(t, sample.Archive, address)
	ctx, cancel := context.WithCancel(t.Context())
	s.Observer = stopAt{sample.Size, cancel}
	_, err := s.Run(ctx, s.dir)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(map[string]int64{"part": sample.Size}, s.tree(t)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	s.Observer = s
	_, err = s.Run(t.Context(), s.dir)
	s.wantWhole(t, sample, err)
	if requests() != 1 {
		t.Errorf("%d requests", requests())
	}
}

// Wherever a fetch is stopped, it leaves only the part or has installed all files, and
// the next one does the rest.
func TestInterruptedAnywhere(t *testing.T) {
	sample := newSample(t)
	address, _ := serve(t, sample.file)
	kept, whole := 0, false
	for reads := int64(0); !whole; reads++ {
		s := newScene(t, sample.Archive, address)
		ctx := &endsAfter{Context: t.Context()}
		ctx.left.Store(reads)
		_, err := s.Run(ctx, s.dir)
		whole = err == nil
		if !whole {
			tree := s.tree(t)
			if tree["part"] == sample.Size {
				kept++
			}
			delete(tree, "part")
			if !errors.Is(err, context.Canceled) || len(tree) > 0 {
				t.Fatalf("stopped at read %d: error %v, it left %v", reads, err, tree)
			}
		}
		_, err = s.Run(t.Context(), s.dir)
		s.wantWhole(t, sample, err)
	}
	if kept < 5 { // several of them while it unpacks
		t.Errorf("the whole archive was kept %d times", kept)
	}
}

// endsAfter is a context that ends after it was asked so many times.
type endsAfter struct {
	context.Context
	left atomic.Int64
}

func (e *endsAfter) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}
