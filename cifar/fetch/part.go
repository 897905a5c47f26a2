package fetch

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
)

// part is the file in which an archive gathers, from its start to size. All who
// write to it write the same archive, each byte to its place: two processes at
// once waste work but spoil nothing, and should anything be spoilt, the sum tells.
type part struct {
	f     *os.File
	size  int64
	spent bool // of no more use
}

// openPart opens or makes the file. One longer than limit is begun anew.
func openPart(path string, limit int64) (*part, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	p := &part{f: f}
	info, err := f.Stat()
	if err == nil {
		p.size = info.Size()
		if p.size > limit {
			err = p.cut(0)
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

// cut forgets what lies past size.
func (p *part) cut(size int64) error {
	p.size = size
	return p.f.Truncate(size)
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

// close closes the file and removes it if it is of no more use.
func (p *part) close() {
	if p.spent || p.size == 0 {
		os.Remove(p.f.Name())
	}
	p.f.Close()
}
