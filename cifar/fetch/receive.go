package fetch

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// receive processes the answer to a request, which stop ends. No error means that the
// part is the archive.
func (d *download) receive(ctx context.Context, resp *http.Response, stop context.CancelCauseFunc) error {
	start, total, err := d.extent(resp)
	if err != nil {
		return err
	}
	switch known, limit := d.archive.Size, d.archive.limit(); {
	case total < 0:
	case known > 0 && total != known:
		return notOriginal("has %d bytes, expected %d", total, known)
	case total > limit:
		return notOriginal("has %d bytes, expected at most %d", total, limit)
	default:
		d.total = total
	}
	if start < d.part.size {
		d.note("the server starts again at byte 0")
		d.part.size = 0 // the existing bytes may be another process's, and are overwritten
	}
	return d.fill(ctx, resp, stop)
}

// extent returns the byte at which an answer starts, 0 or the end of the part, and the
// size of the archive according to the server, negative if unknown.
func (d *download) extent(resp *http.Response) (start, total int64, err error) {
	size, extent := d.part.size, resp.Header.Get("Content-Range")
	code := resp.StatusCode
	// In our words: the server's may hold anything.
	status := strings.TrimSpace(fmt.Sprint("status ", code, " ", http.StatusText(code)))
	switch {
	case code == http.StatusOK: // asked for or not
		return 0, resp.ContentLength, nil
	case code == http.StatusPartialContent:
		var end int64
		n, _ := fmt.Sscanf(extent, "bytes %d-%d/%d", &start, &end, &total)
		switch {
		case n < 2 || start != size:
			err = fmt.Errorf("status 206 with range %.50q, asked for bytes %d-", extent, size)
		case n < 3: // the total is *
			total = -1
		}
	case code == http.StatusRequestedRangeNotSatisfiable && size > 0 && !d.whole:
		// Because the part is complete, or because the server does not support ranges
		// or has another file.
		if extent == fmt.Sprintf("bytes */%d", size) && d.archive.Size == 0 {
			resp.Body = http.NoBody
			return size, size, nil
		}
		err = errors.New(status)
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		return 0, 0, errors.New(status)
	default:
		return 0, 0, refused(status)
	}
	d.whole = d.whole || err != nil
	return start, total, err
}

// fill appends the body of an answer to the part.
func (d *download) fill(ctx context.Context, resp *http.Response, stop context.CancelCauseFunc) error {
	d.etag = strongETag(resp.Header)
	slow := fmt.Errorf("too slow: fewer than %d bytes in %v", d.patience.Least, d.patience.Window)
	d.window, d.inWindow = time.AfterFunc(d.patience.Window, func() { stop(slow) }), 0
	defer d.window.Stop()
	start, sum := d.part.size, sha256.New()
	_, err := io.Copy(io.MultiWriter(d, sum), resp.Body)
	switch {
	case errors.Is(err, ErrCheck): // it continues past the end: forget it
		if d.part.size = start; start == 0 {
			err = cmp.Or(d.part.anew(), err)
		}
		return err
	case isLocal(err):
		return err
	case d.total > 0 && d.part.size == d.total, d.total == 0 && err == nil:
		// A part from several answers is worth another attempt: the file may have
		// changed between them. So is one that came whole and correct in this answer:
		// another process has written something else.
		return d.checkSum(ctx, start > 0 || fmt.Sprintf("%x", sum.Sum(nil)) == d.archive.SHA256)
	}
	length := "an unknown number"
	if d.total > 0 {
		length = fmt.Sprint(d.total)
	}
	if cause := context.Cause(resp.Request.Context()); cause != nil {
		err = cause
	}
	if err == nil || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("ended at byte %d of %s", d.part.size, length)
	}
	return fmt.Errorf("ended at byte %d of %s: %w", d.part.size, length, err)
}

// Write appends bytes to the part, but nothing past the end of the archive.
func (d *download) Write(b []byte) (int, error) {
	end := cmp.Or(d.total, d.archive.limit())
	if d.part.size+int64(len(b)) > end {
		return 0, notOriginal("continues past byte %d, where the archive ends", end)
	}
	n, err := d.part.f.WriteAt(b, d.part.size)
	d.part.size += int64(n)
	d.received += int64(n)
	d.source = d.address
	d.observer.Progress(d.part.size, d.total)
	if d.inWindow += int64(n); d.inWindow >= d.patience.Least {
		d.inWindow = 0
		d.window.Reset(d.patience.Window)
	}
	return n, err
}

// checkSum compares the part with the archive's checksum and discards it if it differs.
// The error then says whether another attempt may help.
func (d *download) checkSum(ctx context.Context, again bool) error {
	h := sha256.New()
	_, err := io.Copy(h, d.part.reader(ctx))
	sum := fmt.Sprintf("%x", h.Sum(nil))
	if err != nil || sum == d.archive.SHA256 {
		return err
	}
	text := fmt.Sprintf("%d bytes with SHA-256 %s, expected %s", d.part.size, sum, d.archive.SHA256)
	return cmp.Or(d.part.anew(), error(&problem{text: text, check: true, final: !again}))
}

// strongETag returns the tag that identifies the exact bytes of a file.
func strongETag(h http.Header) string {
	if tag := h.Get("ETag"); !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return ""
}
