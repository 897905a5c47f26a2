package fetch

import (
	"net/http"
)

// newTransport returns a transport with bounds on what a server may do before
// the body of its answer.
func newTransport(f *Fetcher) http.RoundTripper {
	t := f.transport.Clone()
	t.DisableCompression = true // the archive is wanted as it lies there
	t.ResponseHeaderTimeout = f.Patience.Window
	t.MaxResponseHeaderBytes = 64 << 10
	return bareRedirects{t}
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

// maxRedirects is how often an address may lead to another.
const maxRedirects = 10

// checkRedirect refuses endless redirects and those out of an encrypted connection.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return refused("more than 10 redirects")
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return refused("redirects from https to " + req.URL.Redacted() + ", which is not encrypted")
	}
	return nil
}
