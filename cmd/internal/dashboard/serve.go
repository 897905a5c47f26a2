package dashboard

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"log"
	"net/http"
	"strconv"
	"time"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS template.CSS

//go:embed page.js
var pageJS template.JS

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// Serve shows the dashboard at the address, and follows the folder, until ctx ends.
func (d *Dashboard) Serve(ctx context.Context, at Address) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	server := newServer(d.Handler(at))
	go d.follow(ctx)
	go func() {
		<-ctx.Done()
		soon, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		if server.Shutdown(soon) != nil {
			server.Close()
		}
	}()
	if err := server.Serve(at); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// newServer returns a server that cuts off clients that are slow or say too much.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // of clients' mistakes
	}
}

// Handler answers requests for the page, its state and its charts, which name this machine
// or the address and only read. Nothing in a request becomes the name of a file.
func (d *Dashboard) Handler(at Address) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !at.allows(r.Host):
			http.Error(w, "open this page under the address that bnlab watch has printed", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "this page is only read", http.StatusMethodNotAllowed)
		case r.URL.Path == "/":
			servePage(w)
		case r.URL.Path == "/state":
			d.serveState(w, r)
		case r.URL.Path == "/chart":
			d.serveChart(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}

func servePage(w http.ResponseWriter) {
	nonce := rand.Text()
	var html bytes.Buffer
	if err := pageTemplate.Execute(&html, struct {
		Nonce string
		CSS   template.CSS
		JS    template.JS
	}{nonce, pageCSS, pageJS}); err != nil {
		http.Error(w, "the page cannot be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-"+nonce+"'; style-src 'nonce-"+nonce+
		"'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_, _ = w.Write(html.Bytes())
}

// serveState sends the page as JSON, or nothing if the browser has seen that version.
func (d *Dashboard) serveState(w http.ResponseWriter, r *http.Request) {
	p := d.now()
	if r.URL.Query().Get("seen") == strconv.Itoa(p.Version) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	text, err := json.Marshal(p)
	if err != nil {
		http.Error(w, "the state cannot be sent", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

func (d *Dashboard) serveChart(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	plan, err := strconv.Atoi(q.Get("plan"))
	number, bad := strconv.Atoi(q.Get("chart"))
	svg, found, failed := d.svg(drawing{chartKey{plan, number}, q.Has("dark"), q.Has("narrow")})
	switch {
	case err != nil || bad != nil || !found:
		http.NotFound(w, r)
	case failed != nil:
		http.Error(w, "the chart cannot be drawn", http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'") // opened by itself
		_, _ = w.Write(svg)
	}
}
