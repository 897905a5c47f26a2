package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestBrokenServer: each of these servers finally delivers the archive, with these
// requests.
func TestBrokenServer(t *testing.T) {
	sample, old := newSample(t), newSample(t)
	old.bytes[1000] ^= 1
	size := sample.Size
	// start sends the start of a file and hangs up.
	start := func(of []byte, tag string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", tag)
			w.Header().Set("Content-Length", fmt.Sprint(size))
			w.Write(of[:5000])
		}
	}
	tagged := func(w http.ResponseWriter, r *http.Request) { w.Header().Set("ETag", `"new"`); sample.file(w, r) }
	noRanges := func(w http.ResponseWriter, r *http.Request) { r.Header.Del("Range"); sample.file(w, r) }
	for _, c := range []struct {
		name     string
		handlers []http.HandlerFunc
		want     []string // Range and If-Range of each request
	}{
		{"breaks once", []http.HandlerFunc{start(sample.bytes, ""), sample.file}, []string{" ", "bytes=5000- "}},
		{"knows no ranges", []http.HandlerFunc{start(sample.bytes, ""), noRanges}, []string{" ", "bytes=5000- "}},
		{"refuses ranges", []http.HandlerFunc{start(sample.bytes, ""), says(416), sample.file}, []string{" ", "bytes=5000- ", " "}},
		{"another range", []http.HandlerFunc{start(sample.bytes, ""), func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Range", "bytes=4999-")
			sample.file(w, r)
		}, sample.file}, []string{" ", "bytes=5000- ", " "}},
		{"changes its file, tells", []http.HandlerFunc{start(old.bytes, `"old"`), tagged}, []string{" ", `bytes=5000- "old"`}},
		{"changes its file in secret", []http.HandlerFunc{start(old.bytes, `"same"`), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"same"`)
			sample.file(w, r)
		}}, []string{" ", `bytes=5000- "same"`, " "}},
		{"weak tag", []http.HandlerFunc{start(sample.bytes, `W/"x"`), sample.file}, []string{" ", "bytes=5000- "}},
		{"fails twice", []http.HandlerFunc{says(500), says(429), sample.file}, []string{" ", " ", " "}},
		{"drips at first", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200); drip(w, r) }, noRanges}, nil},
		{"slow, but as fast as it must be", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
			for at := 0; at < int(size); at += 2500 {
				w.Write(sample.bytes[at:min(at+2500, int(size))])
				w.(http.Flusher).Flush()
				time.Sleep(100 * time.Millisecond)
			}
		}}, []string{" "}},
		{"stays open after the archive", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
			w.Write(sample.bytes)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}}, nil},
		{"breaks often", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
			from := 0
			fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
			to := min(from+1500, int(size))
			if from > 0 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/*", from, to-1))
				w.WriteHeader(206)
			}
			w.Write(sample.bytes[from:to])
			w.(http.Flusher).Flush()
		}}, nil},
		{"redirects", []http.HandlerFunc{start(sample.bytes, ""), func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/moved", http.StatusMovedPermanently)
		}, sample.file}, []string{" ", "bytes=5000- ", "bytes=5000- "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var got []string
			handlers := make([]http.HandlerFunc, len(c.handlers))
			for i, h := range c.handlers {
				handlers[i] = func(w http.ResponseWriter, r *http.Request) {
					mu.Lock()
					got = append(got, r.Header.Get("Range")+" "+r.Header.Get("If-Range"))
					mu.Unlock()
					h(w, r)
				}
			}
			address, _ := serve(t, handlers...)
			s := newScene(t, sample.Archive, address)
			switch {
			case strings.Contains(c.name, "drips"), strings.Contains(c.name, "open"):
				s.Patience.Window = 200 * time.Millisecond
			case strings.Contains(c.name, "slow"):
				s.Patience.Window = 600 * time.Millisecond
			}
			_, err := s.Run(t.Context(), s.dir)
			s.wantWhole(t, sample, err)
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff(c.want, got); c.want != nil && diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// If one address fails the next resumes its download, and if all fail each is reported.
func TestMirrors(t *testing.T) {
	sample := newSample(t)
	half, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"half"`) // which is none of the next one's, as what it says of ranges
		w.Header().Set("Content-Length", fmt.Sprint(sample.Size))
		w.Write(sample.bytes[:9000])
	}, says(416), says(404))
	var asked string
	whole, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Range") + r.Header.Get("If-Range")
		sample.file(w, r)
	})
	none, _ := serve(t, says(404))
	s := newScene(t, sample.Archive, none, half, whole)
	got, err := s.Run(t.Context(), s.dir)
	s.wantWhole(t, sample, err)
	if asked != "bytes=9000-" || got.URL != whole || got.Bytes != sample.Size {
		t.Errorf("asked for %q, %+v", asked, got)
	}
	for i, note := range s.notes {
		s.notes[i] = pauses.ReplaceAllString(note, "in a while")
	}
	if diff := cmp.Diff([]string{
		"asking " + none, none + ": status 404 Not Found", "asking " + half,
		fmt.Sprintf("ended at byte 9000 of %d; trying again in a while", sample.Size),
		"status 416 Requested Range Not Satisfiable; trying again in a while", half + ": status 404 Not Found",
		"asking " + whole + ", from byte 9000 on", "unpacking",
	}, s.notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}

	page, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "sold") })
	s = newScene(t, sample.Archive, none, page, "http://u:secret@127.0.0.1:1/a")
	_, err = s.Run(t.Context(), s.dir)
	want := fmt.Sprintf("none of 3 addresses has it: %s: status 404 Not Found; %s: has 4 bytes, expected %d; "+
		"http://u:xxxxx@127.0.0.1:1/a: dial tcp 127.0.0.1:1: connect: connection refused, after 3 attempts", none, page, sample.Size) + adviceURL
	if err == nil || err.Error() != want || !errors.Is(err, ErrCheck) {
		t.Errorf("error %v, want %s", err, want)
	}
	s.wantPart(t, 0, 0)
	for _, note := range s.notes {
		if strings.Contains(note, "secret") || strings.Contains(note, "\n") {
			t.Errorf("note %q", note)
		}
	}
}

var pauses = regexp.MustCompile(`in \d+ms`)

// A name that does not exist is tried once, an unreachable server again.
func TestNoSuchHost(t *testing.T) {
	for err, want := range map[error]string{
		&net.DNSError{Err: "no such host", Name: "a.example", IsNotFound: true}: "lookup a.example: no such host",
		&net.DNSError{Err: "server misbehaving", Name: "a.example"}:             "lookup a.example: server misbehaving, after 3 attempts",
		errors.New("valid for \x1b[2J\nalone"):                                  `valid for \x1b[2J\nalone, after 3 attempts`,
		os.ErrDeadlineExceeded:                                                  "i/o timeout, after 3 attempts",
		dialTimeout(t):                                                          "dial tcp 127.0.0.1:1: i/o timeout, after 3 attempts",
	} {
		s := newScene(t, newSample(t).Archive, "https://a.example")
		s.transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, err }}
		_, got := s.Run(t.Context(), s.dir)
		if want := "https://a.example: " + want + adviceURL; got == nil || got.Error() != want {
			t.Errorf("error %v, want %s", got, want)
		}
		if notes := strings.Join(s.notes, ""); notes != plain(notes) {
			t.Errorf("notes %q", notes)
		}
	}
}

// dialTimeout returns the error of a connection that takes too long, which must
// not be taken for the end of a fetch though it matches context.DeadlineExceeded.
func dialTimeout(t *testing.T) error {
	t.Helper()
	dialer := net.Dialer{Deadline: time.Now().Add(-time.Second)}
	_, err := dialer.Dial("tcp", "127.0.0.1:1")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v does not match context.DeadlineExceeded", err)
	}
	return err
}

// No redirect leads from an encrypted connection to a plain one, and certificates must
// be valid.
func TestHTTPS(t *testing.T) {
	sample := newSample(t)
	plain, requests := serve(t, sample.file)
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down":
			http.Redirect(w, r, plain+"/x", http.StatusFound)
		case "/file":
			sample.file(w, r)
		default:
			http.Redirect(w, r, "/file", http.StatusFound)
		}
	}))
	defer secure.Close()
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	trusting := secure.Client().Transport.(*http.Transport)

	s := newScene(t, sample.Archive, secure.URL+"/down")
	s.transport = trusting
	_, err := s.Run(t.Context(), s.dir)
	want := secure.URL + "/down: redirects from https to " + plain + "/x, which is not encrypted" + adviceURL
	if err == nil || err.Error() != want || requests() > 0 {
		t.Errorf("error %v, %d plain requests; want %s", err, requests(), want)
	}
	s.wantPart(t, 0, 0)

	s = newScene(t, sample.Archive, secure.URL)
	_, err = s.Run(t.Context(), s.dir)
	want = secure.URL + ": tls: failed to verify certificate: x509: certificate signed by unknown authority" + adviceURL
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}

	s.transport = trusting
	_, err = s.Run(t.Context(), s.dir)
	s.wantWhole(t, sample, err)
}

// Between attempts it waits twice as long each time, or as long as the server requests,
// but never longer than MaxWait.
func TestBackoff(t *testing.T) {
	p := Patience{Wait: time.Second, MaxWait: 30 * time.Second}
	for _, c := range []struct {
		attempt int
		asks    string
		want    time.Duration
	}{
		{1, "", time.Second}, {2, "", 2 * time.Second}, {5, "", 16 * time.Second}, {6, "", 30 * time.Second}, {5000, "", 30 * time.Second},
		{1, "7", 7 * time.Second}, {1, "31536000", 30 * time.Second}, {1, "9223372036854775807", 30 * time.Second},
		{1, "-5", time.Second}, {1, "soon", time.Second}, {1, "Fri, 31 Dec 2199 23:59:59 GMT", 30 * time.Second},
	} {
		resp := &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {c.asks}}}
		if got := p.wait(c.attempt, resp); got != c.want {
			t.Errorf("attempt %d, server asks for %q: waits %v, want %v", c.attempt, c.asks, got, c.want)
		}
	}
}
