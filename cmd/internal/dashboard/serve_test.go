package dashboard

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bnlab/train/message"
)

// ask returns the answer to a request.
func ask(h http.Handler, method, host, target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://"+host+"/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestRequests: only what reads the page, under a name of this machine, is answered; no path
// leads to a file.
func TestRequests(t *testing.T) {
	f := folder(t, trialsOf(4, "bn"), 1, 1)
	d, err := New(f.Dir)
	must(t, err)
	at, err := Listen("127.0.0.1:0")
	must(t, err)
	defer at.Close()
	h := d.Handler(at)
	for _, v := range []struct {
		method, host, target string
		code                 int
	}{
		{"GET", "127.0.0.1:8080", "/", 200},
		{"HEAD", "localhost", "/", 200},
		{"GET", "[::1]:80", "/state", 200},
		{"GET", "127.0.0.1", "/state?seen=1", 204},
		{"GET", "127.0.0.1", "/state?seen=0", 200},
		{"GET", "127.0.0.1", "/chart?plan=0&chart=1&dark&narrow", 200},
		{"GET", "127.0.0.1", "/chart?plan=0&chart=2", 404},
		{"GET", "127.0.0.1", "/chart?plan=-1&chart=0", 404},
		{"GET", "127.0.0.1", "/chart?plan=x&chart=0", 404},
		{"GET", "127.0.0.1", "/chart", 404},
		{"POST", "127.0.0.1", "/", 405},
		{"PUT", "127.0.0.1", "/state", 405},
		{"DELETE", "127.0.0.1", "/plan.json", 405},
		{"OPTIONS", "127.0.0.1", "/", 405},
		{"GET", "127.0.0.1", "/plan.json", 404},
		{"GET", "127.0.0.1", "/../run/plan.json", 404},
		{"GET", "127.0.0.1", "//etc/passwd", 404},
		{"GET", "127.0.0.1", "/state/../../../../etc/passwd", 404},
		{"GET", "127.0.0.1", f.Dir + "/plan.json", 404},
		{"GET", "evil.example", "/", 403},
		{"GET", "evil.example:8080", "/state", 403},
		{"GET", "127.0.0.1.evil.example", "/", 403},
		{"GET", "localhost.evil.example", "/", 403},
		{"GET", "10.0.0.1", "/", 403},
		{"POST", "evil.example", "/", 403},
	} {
		w := ask(h, v.method, v.host, v.target)
		if w.Code != v.code || w.Code == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s of %s: %d, want %d", v.method, v.target, v.host, w.Code, v.code)
		}
		if strings.Contains(w.Body.String(), "root:") || w.Code != 200 && strings.Contains(w.Body.String(), "synthetic") {
			t.Errorf("%s %s of %s shows a file:\n%.200s", v.method, v.target, v.host, w.Body)
		}
	}
}

// TestPolicy: the page allows its own script and style alone, by a nonce that is new each
// time, loads nothing from elsewhere, and makes no markup of text.
func TestPolicy(t *testing.T) {
	d, err := New(folder(t, trialsOf(1, "bn"), 0, 0).Dir)
	must(t, err)
	at, err := Listen("127.0.0.1:0")
	must(t, err)
	defer at.Close()
	seen := map[string]bool{}
	for range 2 {
		w := ask(d.Handler(at), "GET", "localhost", "/")
		policy := w.Header().Get("Content-Security-Policy")
		nonce := regexp.MustCompile(`script-src 'nonce-(\w+)'; style-src 'nonce-(\w+)'`).FindStringSubmatch(policy)
		if nonce == nil || nonce[1] != nonce[2] || seen[nonce[1]] || !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
			t.Fatalf("policy %q", policy)
		}
		seen[nonce[1]] = true
		page := w.Body.String()
		if n := strings.Count(page, `nonce="`+nonce[1]+`"`); n != 2 {
			t.Errorf("%d elements with the nonce, want 2", n)
		}
		if found := regexp.MustCompile(`https?://|innerHTML|insertAdjacentHTML|document\.write|eval\(|\son\w+=|\sstyle=`).FindString(page); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
}

// TestStateShows: what is said follows from the folder, and what cannot be read is named
// beside what was seen before.
func TestStateShows(t *testing.T) {
	f := folder(t, trialsOf(12, "bn"), 6, 2)
	d, err := New(f.Dir)
	must(t, err)
	at, err := Listen("127.0.0.1:0")
	must(t, err)
	defer at.Close()
	state := func() (p page) {
		must(t, json.Unmarshal(ask(d.Handler(at), "GET", "localhost", "/state").Body.Bytes(), &p))
		return p
	}
	first := state()
	plan := first.Plans[0]
	if plan.Line != "6 of 12 trials done, 2 in training, 4 missing" || first.Over || plan.Share < 0.57 || len(plan.Training.Rows) != 2 || len(plan.Charts) != 2 || len(plan.Groups.Rows) != 2 {
		t.Errorf("%+v", first)
	}
	must(t, os.Rename(f.Dir, f.Dir+".away"))
	for range 2 {
		if err := d.look(); err == nil {
			t.Error("no error without the folder")
		}
	}
	gone := state()
	if !strings.Contains(gone.Problem, "plan.json") || gone.Version != first.Version+1 || gone.Plans[0].Line != plan.Line {
		t.Errorf("%+v", gone)
	}
	must(t, os.Rename(f.Dir+".away", f.Dir))
	for _, trial := range f.Plan.Trials[6:] {
		finish(t, f, trial)
	}
	must(t, d.look())
	if over := state(); over.Problem != "" || !over.Over || over.Plans[0].Line != "12 of 12 trials done" || len(over.Plans[0].Training.Rows) != 0 {
		t.Errorf("%+v", over)
	}
}

// TestServeEnds: the server ends with its context, cuts off who is slow, and leaves the
// address free.
func TestServeEnds(t *testing.T) {
	d, err := New(folder(t, trialsOf(1, "bn"), 0, 0).Dir)
	must(t, err)
	at, err := Listen("127.0.0.1:0")
	must(t, err)
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Serve(ctx, at) }()
	answer, err := http.Get(at.URL())
	must(t, err)
	answer.Body.Close()
	if _, err := Listen(at.Addr().String()); !errors.Is(err, syscall.EADDRINUSE) || strings.Contains(err.Error(), "\n") {
		t.Errorf("the port is in use: error %v", err)
	}
	slow, err := net.Dial("tcp", at.Addr().String()) // and says nothing
	must(t, err)
	defer slow.Close()
	fmt.Fprint(slow, "GET / HTTP/1.1\r\nHost: local")
	end()
	must(t, <-ended)
	must(t, slow.SetReadDeadline(time.Now().Add(time.Minute)))
	if _, err := io.ReadAll(bufio.NewReader(slow)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a slow client is kept")
	}
	again, err := Listen(at.Addr().String())
	must(t, err)
	again.Close()
}

// TestServerBounds: every wait for a client has an end.
func TestServerBounds(t *testing.T) {
	s := newServer(http.NotFoundHandler())
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("%+v", s)
	}
	s.ReadHeaderTimeout = 20 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go s.Serve(listener)
	defer s.Close()
	slow, err := net.Dial("tcp", listener.Addr().String())
	must(t, err, slow.SetReadDeadline(time.Now().Add(time.Minute)))
	defer slow.Close()
	fmt.Fprint(slow, "GET / HTTP/1.1\r\n")
	if _, err := io.ReadAll(slow); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a client that does not end its request is kept")
	}
}

// TestListen: an address that is none is a usage error, and others than this machine's own
// are known as such.
func TestListen(t *testing.T) {
	for _, address := range []string{"", "8080", "127.0.0.1", "127.0.0.1:http:1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:x", "::1:80"} {
		if _, err := Listen(address); !errors.As(err, new(*message.FieldError)) {
			t.Errorf("%q: error %v", address, err)
		}
	}
	if _, err := Listen("nowhere.invalid:0"); err == nil || strings.Contains(err.Error(), "lookup") || !strings.HasPrefix(err.Error(), "nowhere.invalid:0: ") {
		t.Errorf("a name that is none: error %v", err)
	}
	for address, foreign := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "0.0.0.0:0": true, ":0": true} {
		at, err := Listen(address)
		must(t, err)
		if at.Foreign() != foreign || !strings.HasPrefix(at.URL(), "http://127.0.0.1:") && !strings.HasPrefix(at.URL(), "http://[::1]:") || !strings.HasPrefix(at.SSH(), "ssh -N -L ") {
			t.Errorf("%s: foreign %v, %s, %s", address, at.Foreign(), at.URL(), at.SSH())
		}
		name, _ := os.Hostname()
		for host, allowed := range map[string]bool{name: foreign, "10.1.2.3:80": foreign, "evil.example": false, "": false, "localhost:1": true} {
			if at.allows(host) != allowed && host != "localhost" {
				t.Errorf("%s allows %q: %v", address, host, !allowed)
			}
		}
		at.Close()
	}
}

// TestColours: a group keeps its colour while others come and go.
func TestColours(t *testing.T) {
	f := folder(t, trialsOf(20, "bn"), 0, 20)
	d, err := New(f.Dir)
	must(t, err)
	before := d.slots[f.Dir]
	for _, trial := range f.Plan.Trials[:5] {
		finish(t, f, trial)
	}
	must(t, d.look())
	after := d.slots[f.Dir]
	if len(before) != 4 || len(after) != 3 {
		t.Fatalf("%v, then %v", before, after)
	}
	for group, slot := range after {
		if before[group] != slot {
			t.Errorf("%s had colour %d, has %d", group, before[group], slot)
		}
	}
}
