package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestHostileServer: each server that does not deliver is reported in one line. The
// folder does not appear, nothing is written outside the part, and that never holds
// more than the archive.
func TestHostileServer(t *testing.T) {
	sample := newSample(t)
	size := sample.Size
	altered := newSample(t)
	altered.bytes[size/2] ^= 1
	for _, c := range []struct {
		name     string
		handler  http.HandlerFunc
		want     string // after the address
		check    bool   // whether it tells of something that is not the original
		part     int64  // bytes kept
		requests int
		slow     bool
	}{
		{"wrong checksum", altered.file,
			fmt.Sprintf("%d bytes with SHA-256 %s, expected %s", size, altered.sum(), sample.SHA256), true, 0, 1, false},
		{"truncated always", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(size))
			w.Write(sample.bytes[:5000]) // whatever range was asked for
		}, fmt.Sprintf("ended at byte 5000 of %d, after 3 attempts", size), false, 5000, 6, false},
		{"truncated, no length", func(w http.ResponseWriter, r *http.Request) {
			w.Write(sample.bytes[:5000])
			w.(http.Flusher).Flush()
		}, fmt.Sprintf("ended at byte 5000 of %d, after 3 attempts", size), false, 5000, 6, false},
		{"endless body", endless,
			fmt.Sprintf("continues past byte %d, where the archive ends", size), true, 0, 1, false},
		{"endless after the archive", func(w http.ResponseWriter, r *http.Request) {
			w.Write(sample.bytes)
			endless(w, r)
		}, fmt.Sprintf("continues past byte %d, where the archive ends", size), true, 0, 1, false},
		{"declares too little", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "123")
			w.Write(sample.bytes[:123])
		}, fmt.Sprintf("has 123 bytes, expected %d", size), true, 0, 1, false},
		{"declares too much", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "9000000000000000000")
			w.Write(sample.bytes)
		}, fmt.Sprintf("has 9000000000000000000 bytes, expected %d", size), true, 0, 1, false},
		{"empty", says(200),
			fmt.Sprintf("has 0 bytes, expected %d", size), true, 0, 1, false},
		{"a page instead", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>please log in</html>") },
			fmt.Sprintf("has 26 bytes, expected %d", size), true, 0, 1, false},
		{"not found", says(404), "status 404 Not Found", false, 0, 1, false},
		{"forbidden", says(403), "status 403 Forbidden", false, 0, 1, false},
		{"no content", says(204), "status 204 No Content", false, 0, 1, false},
		{"unknown status", says(799), "status 799, after 3 attempts", false, 0, 3, false},
		{"no range, unasked", says(416), "status 416 Requested Range Not Satisfiable", false, 0, 1, false},
		{"range, unasked", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 7-%d/%d", size-1, size))
			w.WriteHeader(206)
			w.Write(sample.bytes[7:])
		}, fmt.Sprintf(`status 206 with range "bytes 7-%d/%d", asked for bytes 0-, after 3 attempts`, size-1, size), false, 0, 3, false},
		{"storm of 500", says(500), "status 500 Internal Server Error, after 3 attempts", false, 0, 3, false},
		{"asks for a year", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "31536000")
			w.WriteHeader(503)
		}, "status 503 Service Unavailable, after 3 attempts", false, 0, 3, false},
		{"asks for more than time has", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "9223372036854775807")
			w.WriteHeader(429)
		}, "status 429 Too Many Requests, after 3 attempts", false, 0, 3, false},
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) },
			"more than 10 redirects", false, 0, 11, false},
		{"redirect to nowhere", says(302), "status 302 Found", false, 0, 1, false},
		{"redirect to a file", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		},
			`unsupported protocol scheme "file"`, false, 0, 1, false},
		{"redirect, dripping", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/again")
			w.WriteHeader(302)
			drip(w, r)
		}, "more than 10 redirects", false, 0, 11, false},
		{"slow drip", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(size))
			drip(w, r)
		}, fmt.Sprintf("ended at byte N of %d: too slow: fewer than 1024 bytes in 300ms, after 3 attempts", size), false, -1, 3, true},
		{"error, dripping", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500); drip(w, r) },
			"status 500 Internal Server Error, after 3 attempts", false, 0, 3, false},
		{"no answer", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			"net/http: timeout awaiting response headers, after 3 attempts", false, 0, 3, true},
		{"hangs up", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
			"closed the connection without an answer, after 3 attempts", false, 0, 3, false},
		{"not HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n"),
			`net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.2", after 3 attempts`, false, 0, 3, false},
		{"endless header", raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)),
			"net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 65536 bytes; aborted, after 3 attempts", false, 0, 3, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address, requests := serve(t, c.handler)
			s := newScene(t, sample.Archive, address)
			if c.slow {
				s.Patience.Window = 300 * time.Millisecond
			}
			_, err := s.Run(t.Context(), s.dir)
			got := fmt.Sprint(err)
			if c.part < 0 { // it depends on time
				got = bytesKept.ReplaceAllString(got, "byte N")
			}
			if want := address + ": " + c.want + adviceURL; got != want {
				t.Errorf("error\n%s, want\n%s", got, want)
			}
			if check := errors.Is(err, ErrCheck); check != c.check || requests() != c.requests {
				t.Errorf("check %v, want %v; %d requests, want %d", check, c.check, requests(), c.requests)
			}
			s.wantPart(t, c.part, size)
		})
	}
}

var bytesKept = regexp.MustCompile(`byte \d+`)

// A server that sends without end, as fast as it can.
func endless(w http.ResponseWriter, r *http.Request) {
	for {
		if _, err := w.Write(make([]byte, 64<<10)); err != nil {
			return
		}
	}
}

// drip sends a byte every now and then.
func drip(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		w.Write([]byte{0})
		w.(http.Flusher).Flush()
		time.Sleep(20 * time.Millisecond)
	}
}

// raw answers with text that need not be HTTP.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			fmt.Fprint(conn, text)
			conn.Close()
		}
	}
}

// says answers with a status alone.
func says(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }
}
