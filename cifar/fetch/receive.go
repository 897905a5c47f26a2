package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// receive takes the answer to a request. No error means that the part is the
// archive.
func (d *download) receive(resp *http.Response) error {
	defer resp.Body.Close()
	ctx := resp.Request.Context()
	switch code := resp.StatusCode; {
	case code == http.StatusOK:
		return d.all(ctx, resp)
	case code == http.StatusPartialContent:
		return d.rest(ctx, resp)
	case code == http.StatusRequestedRangeNotSatisfiable && d.part.size > 0 && !d.whole:
		return d.noRest(ctx, resp)
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		return fmt.Errorf("status %s", status(code))
	default:
		return refused("status " + status(code))
	}
}

// status writes a status code in our words: the server's may hold anything.
func status(code int) string { return strings.TrimSpace(fmt.Sprint(code, " ", http.StatusText(code))) }

// all takes an answer that starts at byte 0, asked for or not.
func (d *download) all(ctx context.Context, resp *http.Response) error {
	if err := d.expect(resp.ContentLength); err != nil {
		return err
	}
	if d.part.size > 0 {
		d.note("the server starts again at byte 0")
		d.part.size = 0 // what is there may be another process's, and is written over
	}
	return d.fill(ctx, resp)
}

// rest takes an answer that starts where the part ends.
func (d *download) rest(ctx context.Context, resp *http.Response) error {
	var start, end, total int64
	header := resp.Header.Get("Content-Range")
	n, _ := fmt.Sscanf(header, "bytes %d-%d/%d", &start, &end, &total)
	if n < 2 || start != d.part.size {
		d.whole = true
		return fmt.Errorf("status 206 with range %.50q, asked for bytes %d-", header, d.part.size)
	}
	if n < 3 { // the total is *
		total = -1
	}
	if err := d.expect(total); err != nil {
		return err
	}
	return d.fill(ctx, resp)
}

// noRest takes the answer that there is nothing after the part: because it is
// all, or because the server knows no ranges or has another file.
func (d *download) noRest(ctx context.Context, resp *http.Response) error {
	if resp.Header.Get("Content-Range") == fmt.Sprintf("bytes */%d", d.part.size) && d.Archive.Size == 0 {
		return d.checkSum(ctx, d.part.size)
	}
	d.whole = true
	return fmt.Errorf("status %s", status(resp.StatusCode))
}

// expect compares the bytes that a server says the archive has, negative for
// unknown, with what is known.
func (d *download) expect(total int64) error {
	switch known, limit := d.Archive.Size, d.Archive.limit(); {
	case total < 0:
		return nil
	case known > 0 && total != known:
		return wrongf("has %d bytes, the archive has %d", total, known)
	case total > limit:
		return wrongf("has %d bytes, such an archive at most %d", total, limit)
	}
	d.total = total
	return nil
}

// fill appends the body of an answer to the part, but nothing past the end of
// the archive.
func (d *download) fill(ctx context.Context, resp *http.Response) error {
	start, limit := d.part.size, d.Archive.limit()
	if d.total > 0 {
		limit = d.total
	}
	d.source, d.etag = redacted(d.address), strongETag(resp.Header)
	body := newPace(resp.Body, d.Patience.Window, d.Patience.Least)
	defer body.stop()
	d.hash.Reset()
	buffer := make([]byte, 64<<10)
	for {
		n, err := body.Read(buffer)
		if d.part.size+int64(n) > limit {
			return d.past(start, limit)
		}
		if err := d.take(buffer[:n]); err != nil {
			return err
		}
		switch {
		case err == nil:
		case d.total > 0 && d.part.size == d.total, d.total == 0 && err == io.EOF:
			return d.checkSum(ctx, start)
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return fmt.Errorf("ended at byte %d of %s", d.part.size, d.length())
		default:
			return fmt.Errorf("ended at byte %d of %s: %w", d.part.size, d.length(), err)
		}
	}
}

// past forgets an answer, which began at byte start, for going on past the limit.
func (d *download) past(start, limit int64) error {
	d.part.size = start
	if start == 0 {
		if err := d.part.anew(); err != nil {
			return err
		}
	}
	return wrongf("goes on past byte %d, where the archive ends", limit)
}

// length writes the size of the archive.
func (d *download) length() string {
	if d.total == 0 {
		return "an unknown number"
	}
	return fmt.Sprint(d.total)
}

// take appends bytes to the part.
func (d *download) take(b []byte) error {
	if err := d.part.write(b); err != nil {
		return err
	}
	d.hash.Write(b)
	d.received += int64(len(b))
	d.best = max(d.best, d.part.size)
	d.Observer.Progress(d.part.size, d.total)
	return nil
}

// checkSum compares the part with the archive's sum and forgets it if it is
// another. One that several answers have brought, the last from byte start on, is
// worth another attempt: the file may have changed between them. So is one of which
// the last answer was all, and right: another process has written something else.
func (d *download) checkSum(ctx context.Context, start int64) error {
	sum, err := d.part.sum(ctx)
	if err != nil || sum == d.Archive.SHA256 {
		return err
	}
	size := d.part.size
	if err := d.part.anew(); err != nil {
		return err
	}
	return &wrong{
		text:  fmt.Sprintf("%d bytes with the SHA-256 %s, the archive has %s", size, sum, d.Archive.SHA256),
		again: start > 0 || fmt.Sprintf("%x", d.hash.Sum(nil)) == d.Archive.SHA256,
	}
}

// strongETag returns the tag that stands for the very bytes of a file.
func strongETag(h http.Header) string {
	if tag := h.Get("ETag"); !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return ""
}
