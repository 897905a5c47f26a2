// Package browsertest opens pages in a headless Chromium, for tests.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is a page in a real Chromium, and what the browser complained of.
type Browser struct {
	context.Context
	t       *testing.T
	url     string
	skipped sync.Once // axe-core is not there: said once
	mutex   sync.Mutex
	wrong   []string
}

// Open opens a page in a headless Chromium; without one the test is skipped.
func Open(t *testing.T, url string) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(profile(t)))
	// Not the context of t, which ends before the browser is asked to.
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	ctx, stopBrowser := chromedp.NewExecAllocator(ctx, options...)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil { // waits for the browser to end
			t.Log("closing the browser: ", err)
		}
		stopTab()
		stopBrowser()
		stop()
	})
	b := &Browser{Context: ctx, t: t, url: url}
	chromedp.ListenTarget(ctx, b.watch)
	b.Do(network.Enable(), runtime.Enable(), log.Enable(), chromedp.EmulateViewport(1400, 900), chromedp.Navigate(url))
	return b
}

// profile returns a folder for the browser's own files. It goes with the test, but what the
// browser's last processes still write there does not fail it.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bnlab-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 20 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Logf("%s: not removed", dir)
	})
	return dir
}

func chromium(t *testing.T) string {
	if testing.Short() {
		t.Skip("a browser takes seconds")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium on the PATH: the page is not tested in a browser (Debian: apt-get install chromium)")
	return ""
}

// watch notes console messages, exceptions, what the page's policy has stopped, and
// requests for anything but the page's own.
func (b *Browser) watch(event any) {
	var what string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		what = fmt.Sprintf("console %s", e.Type)
	case *runtime.EventExceptionThrown:
		what = "exception: " + e.ExceptionDetails.Error()
	case *log.EventEntryAdded:
		if e.Entry.Source == log.SourceNetwork { // a server that has ended, for one
			return
		}
		what = fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, b.url) || strings.HasPrefix(e.Request.URL, "data:") {
			return
		}
		what = "request for " + e.Request.URL
	default:
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.wrong = append(b.wrong, what)
}

// Wrong returns what the browser complained of.
func (b *Browser) Wrong() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.wrong
}

// Do does what a reader does, which must succeed.
func (b *Browser) Do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// Eval returns what a JavaScript expression yields.
func Eval[T any](b *Browser, expression string) (value T) {
	b.t.Helper()
	b.Do(chromedp.Evaluate(expression, &value))
	return value
}

// Until waits until a JavaScript expression is true, for a minute at most.
func (b *Browser) Until(what, expression string) {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); !Eval[bool](b, expression); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("%s: not within a minute; the page shows\n%s", what, Eval[string](b, "document.body.innerText"))
		}
	}
}

// Look looks at the page light or dark, so many pixels wide.
func (b *Browser) Look(scheme string, width int64) {
	b.t.Helper()
	b.Do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.EmulateViewport(width, 900))
}

// Paper looks at the page as it is printed on A4, between margins of a centimetre.
func (b *Browser) Paper() {
	b.t.Helper()
	b.Do(emulation.SetEmulatedMedia().WithMedia("print"), chromedp.EmulateViewport(718, 1047))
}

// Shot keeps a picture of the whole page where the variable BROWSER_SHOTS names a folder.
func (b *Browser) Shot(name string) {
	b.t.Helper()
	dir := os.Getenv("BROWSER_SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	b.Do(chromedp.Sleep(300*time.Millisecond), chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
