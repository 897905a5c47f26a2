package fetch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// part is the file of a partial download, from its start to size. All writers write the
// same archive, each byte to its place, and nobody truncates it: two concurrent
// processes waste work but do no harm. If it turns out to be another archive, it is
// left to its writers, and a new file takes its name.
type part struct {
	f     *os.File
	size  int64
	limit int64 // maximum size of the archive, in bytes
}

// openPart opens or creates the file at path, which must be a regular file without a
// second name, so that writing changes no other file. One longer than limit, which
// nobody writes to, is started anew.
func openPart(path string, limit int64) (*part, error) {
	// A pipe would wait for a reader.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o666)
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK) || errors.Is(err, syscall.ENXIO) {
		err = &fs.PathError{Op: "open", Path: path, Err: errNotPlain}
	}
	if err != nil {
		return nil, err
	}
	p := &part{f: f, limit: limit}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular() || info.Sys().(*syscall.Stat_t).Nlink > 1:
		err = &fs.PathError{Op: "open", Path: path, Err: errNotPlain}
	case info.Size() > limit:
		err = f.Truncate(0)
	default:
		p.size = info.Size()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return p, nil
}

// anew continues with an empty file.
func (p *part) anew() error {
	p.remove()
	fresh, err := openPart(p.f.Name(), p.limit)
	if err != nil {
		return err
	}
	p.f.Close()
	p.f, p.size = fresh.f, 0
	return nil
}

// remove removes the file, but not another that has taken its name.
func (p *part) remove() {
	mine, err := p.f.Stat()
	if named, statErr := os.Lstat(p.f.Name()); err == nil && statErr == nil && os.SameFile(mine, named) {
		os.Remove(p.f.Name())
	}
}

// reader reads the whole file, until ctx ends, through the open file: whatever other
// processes do to its name, these are the bytes whose checksum was computed.
func (p *part) reader(ctx context.Context) io.Reader {
	return untilDone{ctx, io.NewSectionReader(p.f, 0, p.size)}
}

// untilDone reads from r until ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// close closes the file and removes it if it is empty or no longer needed. It returns
// how many bytes are kept.
func (p *part) close(spent bool) int64 {
	defer p.f.Close()
	info, err := p.f.Stat()
	switch {
	case spent, err == nil && info.Size() == 0:
		p.remove()
	case err == nil:
		return info.Size()
	}
	return 0
}
