// Package fetch downloads an archive of known files over HTTP and puts the files
// into a folder, all of them or none.
//
// It trusts no server. The size and SHA-256 of the archive, and the name, size and
// SHA-256 of each file, are known beforehand. Nothing is unpacked before the
// archive's sum holds, no name in an archive ever becomes a path, and a new folder
// appears by one rename after every file has been checked. A folder that already
// exists gets its files one by one, each checked and whole. If a fetch stops, for
// whatever reason, what has arrived stays in a file, and the next fetch continues
// from there.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Archive is a gzipped tar file with one folder of known files.
type Archive struct {
	URLs   []string // where it lies, the same bytes at each; tried in this order
	Size   int64    // bytes; 0 when unknown
	SHA256 string   // in hex
	Folder string   // name of the folder in the archive
	Files  []File   // what the folder may hold
}

// File is a file of an archive.
type File struct {
	Name   string // in the folder, no path
	Size   int64  // bytes; the most it may have when there is no SHA256
	SHA256 string // in hex; empty for a file that may be missing
}

// Part returns the name of the file that gathers the archive for the folder dir.
// The start of the sum in it keeps archives apart.
func (a Archive) Part(dir string) string { return a.part(stem(dir)) }

func (a Archive) part(stem string) string { return fmt.Sprintf("%s.%.8s.part", stem, a.SHA256) }

// stem returns what the names of all files and folders begin with that a fetch
// makes for itself. They lie beside dir, so that a rename leads there. Where dir is
// there already they lie in it: it may be a link or a mount point, and its parent
// another disk or not ours to write to.
func stem(dir string) string {
	if _, err := os.Stat(dir); err != nil {
		return filepath.Clean(dir)
	}
	return filepath.Join(dir, inside)
}

// inside is the stem in a folder.
const inside = "fetch"

// unpacked returns the most bytes that the files have together.
func (a Archive) unpacked() int64 {
	sum := int64(0)
	for _, f := range a.Files {
		sum += f.Size
	}
	return sum
}

// limit returns the most bytes that the archive may have: gzip makes nothing
// longer by more than a hundredth.
func (a Archive) limit() int64 {
	if a.Size > 0 {
		return a.Size
	}
	return a.unpacked() + a.unpacked()/100 + overhead
}

// overhead is more than the headers and the padding of a tar file of a few files.
const overhead = 1 << 20

// Observer follows the progress of a fetch.
type Observer interface {
	// Progress is called when bytes have arrived: done of total are there. The
	// total is 0 while it is unknown.
	Progress(done, total int64)
	// Note is called with a line about an event: a server asked, a failure that will
	// be retried.
	Note(line string)
}

// Patience limits how long a fetch puts up with a slow or failing server.
type Patience struct {
	Attempts int           // in a row without progress, at each address
	Wait     time.Duration // before the second attempt; doubles each time
	MaxWait  time.Duration // between two attempts, whatever the server asks for
	Window   time.Duration // to answer, and to bring Least bytes
	Least    int64         // bytes in each Window, below which an attempt is given up
}

// Fetcher fetches one archive.
type Fetcher struct {
	Archive  Archive
	Patience Patience
	Observer Observer

	transport *http.Transport
	free      func(folder string) (int64, error) // bytes free
}

// New returns a Fetcher for servers on the internet: it tolerates rates down to half
// a kilobyte a second. A nil Observer is allowed.
func New(a Archive, o Observer) *Fetcher {
	f := &Fetcher{
		Archive:  a,
		Patience: Patience{Attempts: 6, Wait: time.Second, MaxWait: 30 * time.Second, Window: 30 * time.Second, Least: 16 << 10},
		Observer: o,
		free:     freeSpace,
	}
	if o == nil {
		f.Observer = silent{}
	}
	f.transport = http.DefaultTransport.(*http.Transport)
	return f
}

type silent struct{}

func (silent) Progress(int64, int64) {}
func (silent) Note(string)           {}

// Result is the outcome of a fetch.
type Result struct {
	There bool   // whether the files were there already, so that nothing was done
	Bytes int64  // that arrived in this fetch
	URL   string // from where the last of them came; empty for none
	Kept  int64  // bytes of the archive that stay in its part for the next fetch
}

// Run puts the archive's files into the folder dir. A new folder appears whole or
// not at all; one that already exists may hold some of the files and gets the
// others. If all are there, each with its sum, no server is asked.
//
// Errors are one line. They wrap [ErrCheck] if something that arrived, or is in dir
// already, is not the original. If ctx ends, the error is that of ctx. Any other
// error means that no server had the archive, or that this machine has no room for
// it.
func (f *Fetcher) Run(ctx context.Context, dir string) (Result, error) {
	r, err := f.run(ctx, filepath.Clean(dir))
	return r, advised(err)
}

func (f *Fetcher) run(ctx context.Context, dir string) (r Result, err error) {
	a := f.Archive
	if r.There, err = a.present(dir); err != nil || r.There {
		return r, err
	}
	w, err := openWorkplace(dir)
	if err != nil {
		return r, err
	}
	defer w.Close()
	p, err := openPart(w, a.part(w.stem), a.limit())
	if err != nil {
		return r, err
	}
	defer func() { r.Kept = p.close() }()
	if err := f.checkSpace(w.Name(), p.size); err != nil {
		return r, err
	}
	d := newDownload(f, p)
	err = d.run(ctx)
	if err == nil {
		f.Observer.Note("unpacking")
		err = a.place(ctx, p.reader(), w, f.Observer.Note)
		p.spent = err == nil || errors.Is(err, ErrCheck)
	}
	r.Bytes, r.URL = d.received, d.source
	return r, err
}
