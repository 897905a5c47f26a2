package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Observer follows the progress of a fetch.
type Observer interface {
	// Progress is called when bytes have arrived: done of total are there. The
	// total is 0 while it is unknown.
	Progress(done, total int64)
	// Note is called with a line about an event: a request, a failure that will be
	// retried.
	Note(line string)
}

// Patience limits how long a fetch tolerates a slow or failing server.
type Patience struct {
	Attempts int           // in a row without progress, at each address
	Wait     time.Duration // before the second attempt; doubles each time
	MaxWait  time.Duration // between two attempts, whatever the server asks for
	Window   time.Duration // to answer, and to deliver Least bytes
	Least    int64         // bytes in each Window, below which an attempt is abandoned
}

// download fetches an archive into its part.
type download struct {
	archive  Archive
	patience Patience
	observer Observer
	client   *http.Client
	part     *part
	received int64  // bytes
	source   string // of the last of them

	// Of the address that is asked now:
	address string // without its password
	total   int64  // size of the archive there, in bytes; 0 while unknown
	etag    string // of its answers so far
	whole   bool   // request everything, not the rest

	window   *time.Timer // ends an answer that delivers too little in Patience.Window
	inWindow int64       // bytes so far
}

func newDownload(a Archive, p Patience, o Observer, t *http.Transport, to *part) *download {
	t = t.Clone()
	t.DisableCompression = true // the archive is wanted unchanged
	t.ResponseHeaderTimeout = p.Window
	t.MaxResponseHeaderBytes = 64 << 10
	client := &http.Client{Transport: bareRedirects{t}, CheckRedirect: checkRedirect}
	return &download{archive: a, patience: p, observer: o, client: client, part: to, total: a.Size}
}

func (d *download) note(format string, args ...any) {
	d.observer.Note(plain(fmt.Sprintf(format, args...)))
}

// run tries one address after another until the part is the archive.
func (d *download) run(ctx context.Context) error {
	defer d.client.CloseIdleConnections()
	if d.part.size > 0 && d.part.size == d.total { // the last fetch was stopped after it
		if err := d.checkSum(ctx, false); !errors.Is(err, ErrCheck) {
			return err
		}
		d.note("the partial download is damaged, starting over")
	}
	var failed []string
	check := false
	for i, address := range d.archive.URLs {
		err := d.fetch(ctx, address)
		if err == nil || ctx.Err() != nil || isLocal(err) {
			return err
		}
		failed = append(failed, fmt.Sprintf("%s: %v", d.address, err))
		check = check || errors.Is(err, ErrCheck)
		if i+1 < len(d.archive.URLs) {
			d.note("%s", failed[i])
		}
	}
	text := strings.Join(failed, "; ")
	if len(failed) > 1 {
		text = fmt.Sprintf("none of %d addresses has it: %s", len(failed), text)
	}
	return &problem{text: plain(text) + adviceURL, check: check}
}

// fetch tries one address. Attempts that end early do not count as long as together
// they deliver at least a hundredth of the archive, so that an unstable connection does
// not matter and there are at most a hundred rounds.
func (d *download) fetch(ctx context.Context, address string) error {
	d.address, d.total, d.etag, d.whole = redacted(address), d.archive.Size, "", false
	from := ""
	if d.part.size > 0 {
		from = fmt.Sprintf(", from byte %d on", d.part.size)
	}
	d.note("asking %s%s", d.address, from)
	longest := d.part.size
	for before, attempt := longest, 1; ; attempt++ {
		resp, err := d.attempt(ctx, address)
		if err == nil || ctx.Err() != nil || isFinal(err) {
			return err
		}
		longest = max(longest, d.part.size)
		if attempt >= d.patience.Attempts {
			if longest < before+max(1, d.archive.limit()/100) {
				return fmt.Errorf("%w, after %d attempts", err, attempt)
			}
			before, attempt = longest, 0
			continue
		}
		wait := d.patience.wait(attempt, resp)
		d.note("%v; trying again in %v", err, wait)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// wait returns how long to wait after an attempt, counted from 1. The server may
// request a time, up to MaxWait.
func (p Patience) wait(attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(p.Wait, p.MaxWait, attempt-1, resp)
	if wait < 0 || wait > p.MaxWait {
		return p.MaxWait
	}
	return wait
}

// attempt requests what is missing and receives the answer. No error means that the
// part is the archive.
func (d *download) attempt(ctx context.Context, address string) (*http.Response, error) {
	request, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	req, err := http.NewRequestWithContext(request, http.MethodGet, address, nil)
	if err != nil {
		return nil, refused(err.Error())
	}
	req.Header = http.Header{"User-Agent": {"bnlab"}, "Accept-Encoding": {"identity"}}
	if d.part.size > 0 && !d.whole {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.part.size))
		if d.etag != "" {
			req.Header.Set("If-Range", d.etag)
		}
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, connectError(ctx, err)
	}
	defer resp.Body.Close()
	return resp, d.receive(ctx, resp, stop)
}

// connectError returns why there is no answer, without the address, which our messages
// already name.
func connectError(ctx context.Context, err error) error {
	again, _ := retryablehttp.ErrorPropagatedRetryPolicy(ctx, nil, err)
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	if err == io.EOF {
		err = errors.New("closed the connection without an answer")
	}
	if name := (*net.DNSError)(nil); !again || errors.As(err, &name) && name.IsNotFound {
		return refused(err.Error())
	}
	return err
}

// redacted returns an address without its password, if any.
func redacted(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return address
}

// bareRedirects drops the body of a redirect, for which http.Client would wait.
type bareRedirects struct{ *http.Transport }

func (t bareRedirects) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.Transport.RoundTrip(req)
	if err == nil && resp.StatusCode/100 == 3 {
		resp.Body.Close()
		resp.Body, resp.ContentLength = http.NoBody, 0
	}
	return resp, err
}

// checkRedirect refuses endless redirects and those out of an encrypted connection.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > 10 {
		return refused("more than 10 redirects")
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return refused("redirects from https to " + req.URL.Redacted() + ", which is not encrypted")
	}
	return nil
}
