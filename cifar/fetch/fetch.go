// Package fetch downloads an archive of known files over HTTP and puts the files
// into a folder, all of them or none.
//
// It trusts no server. The size and SHA-256 of the archive, and the name, size and
// SHA-256 of each file, are known beforehand. Nothing is unpacked before the archive's
// checksum is verified, no name in an archive ever becomes a path, and a new folder
// appears by one rename after every file has been checked. An existing folder gets its
// files one by one, each checked and complete. If a fetch stops, for whatever reason,
// the partial download stays in a file, and the next fetch resumes it.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Fetcher fetches one archive.
type Fetcher struct {
	Archive  Archive
	Patience Patience
	Observer Observer

	transport *http.Transport
	free      func(folder string) (int64, error) // bytes free
}

// New returns a Fetcher for servers on the internet, which reports to o. It tolerates
// rates down to half a kilobyte per second.
func New(a Archive, o Observer) *Fetcher {
	return &Fetcher{
		Archive:   a,
		Patience:  Patience{Attempts: 6, Wait: time.Second, MaxWait: 30 * time.Second, Window: 30 * time.Second, Least: 16 << 10},
		Observer:  o,
		transport: http.DefaultTransport.(*http.Transport),
		free:      freeSpace,
	}
}

// Result is the outcome of a fetch.
type Result struct {
	There bool   // whether the files were already there, so that nothing was done
	Bytes int64  // received in this fetch
	URL   string // source of the last of them; empty for none
	Kept  int64  // bytes of the archive kept in its part for the next fetch
}

// Run puts the archive's files into the folder dir. A new folder appears whole or not
// at all; an existing one may hold some of the files and gets the others. If all are
// there, with the right checksums, no server is contacted.
//
// Errors are one line. They wrap [ErrCheck] if something that arrived, or is in dir
// already, is not the original. If ctx ends, the error is that of ctx. Any other error
// means that no server delivered the archive, or that this machine has no space for it.
func (f *Fetcher) Run(ctx context.Context, dir string) (Result, error) {
	r, err := f.run(ctx, filepath.Clean(dir))
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return r, withAdvice(err)
}

func (f *Fetcher) run(ctx context.Context, dir string) (r Result, err error) {
	a := f.Archive
	if r.There, err = a.present(dir); err != nil || r.There {
		return r, err
	}
	stem := stem(dir)
	if err := os.MkdirAll(filepath.Dir(stem), 0o777); err != nil {
		return r, err
	}
	p, err := openPart(a.partName(stem), a.limit())
	if err != nil {
		return r, err
	}
	d, spent := newDownload(a, f.Patience, f.Observer, f.transport, p), false
	if err = f.checkSpace(filepath.Dir(stem), p.size); err == nil {
		err = d.run(ctx)
	}
	if err == nil {
		f.Observer.Note("unpacking")
		err = a.install(p.reader(ctx), stem, dir, f.Observer.Note)
		spent = err == nil || errors.Is(err, ErrCheck) && ctx.Err() == nil
	}
	return Result{Bytes: d.received, URL: d.source, Kept: p.close(spent)}, err
}

// checkSpace returns an error if there is not enough space in the folder for the
// archive, of which have bytes exist, and its files.
func (f *Fetcher) checkSpace(folder string, have int64) error {
	free, err := f.free(folder)
	if err != nil {
		return nil // then a full disk ends the download
	}
	archive, files := f.Archive.limit()-have, f.Archive.unpacked()
	if free >= archive+files {
		return nil
	}
	return fmt.Errorf("%s: %s free, %s needed (%s to download, %s unpacked); make room or give another folder",
		folder, megabytes(free), megabytes(archive+files), megabytes(archive), megabytes(files))
}

// freeSpace returns the bytes that the user may still write below folder.
func freeSpace(folder string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
