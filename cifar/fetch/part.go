package fetch

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
)

// part is the file in which an archive gathers, from its start to size. All who
// write to it write the same archive, each byte to its place, and nobody shortens
// it: two processes at once waste work but spoil nothing. What turns out to be
// another archive is left to those who write to it, and a new file takes its name.
type part struct {
	f     *os.File
	in    *workplace
	name  string // there
	size  int64
	spent bool // of no more use
}

// openPart opens or makes the file. One longer than limit, to which nobody writes,
// is begun anew.
func openPart(w *workplace, name string, limit int64) (*part, error) {
	f, err := w.openPlain(name)
	if err != nil {
		return nil, err
	}
	p := &part{f: f, in: w, name: name}
	info, err := f.Stat()
	if err == nil {
		p.size = info.Size()
		if p.size > limit {
			p.size, err = 0, f.Truncate(0)
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return p, nil
}

func (p *part) write(b []byte) error {
	n, err := p.f.WriteAt(b, p.size)
	p.size += int64(n)
	return err
}

// anew goes on with an empty file.
func (p *part) anew() error {
	p.remove()
	f, err := p.in.openPlain(p.name)
	if err != nil {
		return err
	}
	p.f.Close()
	p.f, p.size = f, 0
	return nil
}

// remove removes the file, but not another that has taken its name.
func (p *part) remove() {
	mine, err := p.f.Stat()
	if named, statErr := p.in.Lstat(p.name); err == nil && statErr == nil && os.SameFile(mine, named) {
		p.in.Remove(p.name)
	}
}

// reader reads the whole through the open file: whatever other processes do to
// its name, these are the bytes that the sum was taken of.
func (p *part) reader() io.Reader { return io.NewSectionReader(p.f, 0, p.size) }

// sum returns the SHA-256 in hex.
func (p *part) sum(ctx context.Context) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, untilDone{ctx, p.reader()}); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// close closes the file and removes it if it is empty or of no more use. It returns
// how many bytes are kept.
func (p *part) close() int64 {
	defer p.f.Close()
	info, err := p.f.Stat()
	switch {
	case p.spent, err == nil && info.Size() == 0:
		p.remove()
	case err == nil:
		return info.Size()
	}
	return 0
}
