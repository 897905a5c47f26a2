package report

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
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is the page in a real Chromium, and what the browser complained of.
type browser struct {
	context.Context
	t     *testing.T
	mutex sync.Mutex
	wrong []string // console messages, exceptions, requests for anything but the page
}

// openPage writes the page of the study and opens it from its file in a
// headless Chromium; without one the test is skipped.
func openPage(t *testing.T, s *Study) *browser {
	t.Helper()
	path := chromium(t)
	page, err := s.contents(s.Charts()).page()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), page, 0o644); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(profileDir(t)))
	// Not the context of t, which ends before the browser is asked to.
	ctx, stop := context.WithTimeout(context.Background(), 60*time.Second)
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
	b := &browser{Context: ctx, t: t}
	url := "file://" + filepath.ToSlash(filepath.Join(dir, "index.html"))
	chromedp.ListenTarget(ctx, func(event any) { b.watch(event, url) })
	b.do(network.Enable(), runtime.Enable(), chromedp.EmulateViewport(1280, 900), chromedp.Navigate(url),
		chromedp.WaitVisible("figure .panel svg", chromedp.ByQuery))
	return b
}

// profileDir returns a folder for the browser's own files. It goes with the test,
// but what the browser's last processes still write there does not fail it.
func profileDir(t *testing.T) string {
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

func (b *browser) watch(event any, url string) {
	var what string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		what = fmt.Sprintf("console %s", e.Type)
	case *runtime.EventExceptionThrown:
		what = "exception: " + e.ExceptionDetails.Error()
	case *network.EventRequestWillBeSent:
		if e.Request.URL == url || strings.HasPrefix(e.Request.URL, "data:") {
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

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// eval returns what a JavaScript expression yields.
func eval[T any](b *browser, expression string) (value T) {
	b.t.Helper()
	b.do(chromedp.Evaluate(expression, &value))
	return value
}

// hover moves the mouse to a place in the n-th panel of the page, in fractions of
// its width and height.
func (b *browser) hover(n int, x, y float64) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(() => {
		const e = document.querySelectorAll(".panel svg")[%d];
		e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect();
		return [r.left + %g * r.width, r.top + %g * r.height];
	})()`, n, x, y))
	b.do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
}

// press sends keys to whatever has the focus.
func (b *browser) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// shot keeps a picture of the whole page where REPORT_SHOTS names a folder.
func (b *browser) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("REPORT_SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	b.do(chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

const (
	tipText   = `(() => { const t = [...document.querySelectorAll(".tip")].find((t) => !t.hidden); return t ? t.innerText : ""; })()`
	nSeries   = `document.querySelectorAll("figure .panel .series").length`
	firstName = `document.querySelector(".legend button").innerText.trim()`
)

func TestPageInBrowser(t *testing.T) {
	b := openPage(t, read(t, studyDir(t)))
	if n := eval[int](b, `document.querySelectorAll("figure").length`); n != 18 {
		t.Errorf("%d charts, want 18", n)
	}
	if n := eval[int](b, `[...document.querySelectorAll(".curve")].filter((p) => p.getTotalLength() > 100).length`); n < 20 {
		t.Errorf("%d curves are drawn, want two in each of ten panels at least", n)
	}
	if eval[bool](b, `document.documentElement.innerHTML.includes("NaN")`) {
		t.Error("a NaN in the page")
	}
	same := `(() => { const ticks = (p) => [...p.querySelectorAll("text")].map((t) => t.textContent).filter((t) => /^[0-9.]+$/.test(t)).join();
		const p = document.querySelectorAll(".panel svg"); return ticks(p[0]) === ticks(p[1]); })()`
	if !eval[bool](b, same) {
		t.Error("the panels with and without batch normalisation have different axes")
	}
	b.hover(0, 0.5, 0.5)
	b.shot("hover")
	b.testReading()
	b.testHiding()
	b.testLooks()
	if len(b.wrong) > 0 {
		t.Errorf("the browser reports: %q", b.wrong)
	}
}

// testReading reads values by mouse, then by keyboard.
func (b *browser) testReading() {
	b.hover(0, 0.5, 0.5)
	text := eval[string](b, tipText)
	for _, want := range []string{"step ", "training loss", "validation loss", " ± ", "n = 3"} {
		if !strings.Contains(text, want) {
			b.t.Errorf("hovering shows %q, without %q", text, want)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("figure:first-of-type .cursor").length`); n != 2 {
		b.t.Errorf("%d cursors, want one in both panels", n)
	}
	b.do(chromedp.MouseEvent("mouseMoved", 2, 2))
	if text := eval[string](b, tipText); text != "" {
		b.t.Errorf("the values stay when the mouse leaves: %q", text)
	}
	b.do(chromedp.Focus(".panel svg", chromedp.ByQuery))
	var read []string
	for _, key := range []string{kb.Home, kb.ArrowRight, kb.ArrowRight, kb.ArrowLeft, kb.End} {
		b.press(key)
		read = append(read, strings.SplitN(eval[string](b, tipText), "\n", 2)[0])
	}
	if want := "step 1,step 450,step 900,step 450,step 9000"; strings.Join(read, ",") != want {
		b.t.Errorf("keys read %q, want %q", read, want)
	}
	if spoken := eval[string](b, `document.querySelector(".spoken").textContent`); !strings.Contains(spoken, "step 9000") {
		b.t.Errorf("a screen reader is told %q", spoken)
	}
	b.press(kb.Escape)
	if text := eval[string](b, tipText); text != "" {
		b.t.Errorf("Escape leaves %q", text)
	}
}

// testHiding hides a series by click, shows it by Enter and hides it by Space.
func (b *browser) testHiding() {
	before := eval[int](b, nSeries)
	name := eval[string](b, firstName)
	step := func(how string, want int) {
		b.t.Helper()
		if n := eval[int](b, nSeries); n != want {
			b.t.Errorf("%s: %d series, want %d", how, n, want)
		}
		pressed := eval[string](b, `document.querySelector(".legend button").getAttribute("aria-pressed")`)
		if pressed != fmt.Sprint(want == before) {
			b.t.Errorf("%s: aria-pressed is %s", how, pressed)
		}
	}
	b.do(chromedp.Click(".legend button", chromedp.ByQuery))
	step("click", before-2) // of both panels
	b.hover(0, 0.5, 0.5)
	if text := eval[string](b, tipText); strings.Contains(text, name) || text == "" {
		b.t.Errorf("%s is hidden, and read as %q", name, text)
	}
	b.press(kb.Enter)
	step("Enter", before)
	b.press(" ")
	step("Space", before-2)
	b.press(" ")
	step("Space again", before)
}

// testLooks goes through light and dark, wide and narrow.
func (b *browser) testLooks() {
	colors := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
		colors[scheme] = eval[string](b, `getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector(".curve")).stroke`)
		for _, width := range []int64{1280, 900, 360} {
			b.do(chromedp.EmulateViewport(width, 900), chromedp.Sleep(200*time.Millisecond))
			b.shot(fmt.Sprintf("%s-%d", scheme, width))
			if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > width {
				b.t.Errorf("at %d pixels the page is %d wide", width, wide)
			}
			if cut := eval[[]string](b, cutTitles); len(cut) > 0 {
				b.t.Errorf("at %d pixels titles do not fit: %q", width, cut)
			}
		}
	}
	if colors["light"] == colors["dark"] {
		b.t.Errorf("dark looks as light does: %s", colors["dark"])
	}
}

// cutTitles lists the titles of panels that run over the edge of their drawing.
const cutTitles = `[...document.querySelectorAll("svg .head")].filter(t => {
	const at = t.getBoundingClientRect(), room = t.ownerSVGElement.getBoundingClientRect();
	return at.left < room.left - 1 || at.right > room.right + 1;
}).map(t => t.textContent)`

func TestHostileTextInBrowser(t *testing.T) {
	dir := t.TempDir()
	writeHostile(t, dir)
	b := openPage(t, read(t, dir))
	b.hover(0, 0.5, 0.5)
	if eval[bool](b, `"broken" in window || document.querySelector("img") !== null`) {
		t.Error("the name of a group ran as a script or became an element")
	}
	if !eval[bool](b, `document.body.innerText.includes("</script><script>")`) {
		t.Error("the name of the group is not shown as it is")
	}
	if len(b.wrong) > 0 {
		t.Errorf("the browser reports: %q", b.wrong)
	}
}
