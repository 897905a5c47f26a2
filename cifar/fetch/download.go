package fetch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// download brings an archive into its part.
type download struct {
	*Fetcher
	part     *part
	client   *retryablehttp.Client
	received int64  // bytes
	source   string // of the last of them

	best    int64     // the longest the part has been
	total   int64     // bytes of the archive; 0 while unknown
	address string    // asked now
	hash    hash.Hash // of the answer that is coming
	etag    string    // of the answers of that address so far
	whole   bool      // ask it for all, not for the rest
	last    error     // what ended the last attempt
}

func newDownload(f *Fetcher, p *part) *download {
	d := &download{Fetcher: f, part: p, best: p.size, total: f.Archive.Size, hash: sha256.New()}
	d.client = &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: newTransport(f), CheckRedirect: checkRedirect},
		RetryMax:     f.Patience.Attempts - 1,
		RetryWaitMin: f.Patience.Wait,
		RetryWaitMax: f.Patience.MaxWait,
		PrepareRetry: d.prepare,
		CheckRetry:   d.judge,
		Backoff:      d.backoff,
		ErrorHandler: giveUp,
	}
	return d
}

// run asks one address after another until the part is the archive.
func (d *download) run(ctx context.Context) error {
	defer d.client.HTTPClient.CloseIdleConnections()
	if d.part.size > 0 && d.part.size == d.total { // the last fetch was stopped after it
		if err := d.checkSum(ctx, 0); err == nil || local(err) {
			return err
		}
		d.note("what was kept of an earlier fetch is damaged, starting anew")
	}
	var failed failures
	for i, address := range d.Archive.URLs {
		shown := redacted(address)
		if d.part.size > 0 {
			d.note("asking %s, from byte %d on", shown, d.part.size)
		} else {
			d.note("asking %s", shown)
		}
		err := d.from(ctx, address)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil || local(err) {
			return err
		}
		failed = append(failed, fmt.Errorf("%s: %w", shown, err))
		if i+1 < len(d.Archive.URLs) {
			d.note("%v", err)
		}
	}
	return failed
}

// from asks one address. Attempts that end early are not held against it as long
// as together they bring at least a hundredth of the archive, so that a line that
// breaks now and then is no hindrance and a hundred rounds are the most.
func (d *download) from(ctx context.Context, address string) error {
	d.address, d.etag, d.whole, d.total = address, "", false, d.Archive.Size
	for {
		before := d.best
		req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return refused(err.Error())
		}
		if err := d.prepare(req.Request); err != nil {
			return err
		}
		req.SetResponseHandler(d.receive)
		_, err = d.client.Do(req)
		if err == nil || final(err) || d.best < before+max(1, d.Archive.limit()/100) {
			return err
		}
	}
}

func (d *download) note(format string, args ...any) {
	d.Observer.Note(plain(fmt.Sprintf(format, args...)))
}

// prepare asks for what is missing.
func (d *download) prepare(req *http.Request) error {
	req.Header = http.Header{"User-Agent": {"bnlab"}, "Accept-Encoding": {"identity"}}
	if d.part.size > 0 && !d.whole {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.part.size))
		if d.etag != "" {
			req.Header.Set("If-Range", d.etag)
		}
	}
	return nil
}

// judge tells whether to try again after an attempt; err is that of the
// connection or of receive.
func (d *download) judge(ctx context.Context, _ *http.Response, err error) (bool, error) {
	if err == nil || ctx.Err() != nil || final(err) {
		return false, err
	}
	d.last = reason(err)
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return false, err
	}
	return retryablehttp.ErrorPropagatedRetryPolicy(ctx, nil, err)
}

// backoff returns how long to wait before the next attempt. The server may ask
// for some time, but not for more than high.
func (d *download) backoff(low, high time.Duration, attempt int, resp *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(low, high, attempt, resp)
	if wait < 0 || wait > high {
		wait = high
	}
	d.note("%v; trying again in %v", d.last, wait)
	return wait
}

// giveUp returns the error of the last attempt.
func giveUp(resp *http.Response, err error, attempts int) (*http.Response, error) {
	if resp != nil {
		resp.Body.Close()
	}
	if err = reason(err); attempts > 1 && !final(err) {
		err = fmt.Errorf("%w, after %d attempts", err, attempts)
	}
	return nil, err
}

// reason strips the address, which our own messages name already.
func reason(err error) error {
	var u *url.Error
	switch {
	case !errors.As(err, &u):
		return err
	case u.Err == io.EOF:
		return errors.New("hung up without an answer")
	}
	return u.Err
}

// redacted returns an address without the password that it may hold.
func redacted(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return address
}
