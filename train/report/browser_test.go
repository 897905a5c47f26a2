package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bnlab/train/report/browsertest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openPage writes the page of the study and opens it from its file in a headless Chromium;
// without one the test is skipped.
func openPage(t *testing.T, s *Study) *browser {
	t.Helper()
	page, err := s.contents(s.Charts()).page()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		t.Fatal(err)
	}
	b := &browser{browsertest.Open(t, "file://"+filepath.ToSlash(path)), t}
	b.Do(chromedp.WaitVisible("figure .panel svg", chromedp.ByQuery))
	return b
}

// browser is the page of a report in a real Chromium.
type browser struct {
	*browsertest.Browser
	t *testing.T
}

func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	return browsertest.Eval[T](b.Browser, expression)
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
	b.Do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
}

// press sends keys to whatever has the focus.
func (b *browser) press(keys string) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(keys))
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
	b.Shot("hover")
	b.testReading()
	b.testHiding()
	b.testLooks()
	b.testPaper()
	if len(b.Wrong()) > 0 {
		t.Errorf("the browser reports: %q", b.Wrong())
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
	b.Do(chromedp.MouseEvent("mouseMoved", 2, 2))
	if text := eval[string](b, tipText); text != "" {
		b.t.Errorf("the values stay when the mouse leaves: %q", text)
	}
	b.Do(chromedp.Focus(".panel svg", chromedp.ByQuery))
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
	b.Do(chromedp.Click(".legend button", chromedp.ByQuery))
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
		b.Look(scheme, 1280)
		colors[scheme] = eval[string](b, `getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector(".curve")).stroke`)
		for _, width := range []int64{1280, 900, 360} {
			b.Look(scheme, width)
			b.Do(chromedp.Sleep(200 * time.Millisecond))
			b.Shot(fmt.Sprintf("%s-%d", scheme, width))
			b.Legible(fmt.Sprintf("%s, %d pixels", scheme, width))
			if cut := eval[[]string](b, cutTitles); len(cut) > 0 {
				b.t.Errorf("at %d pixels titles do not fit: %q", width, cut)
			}
		}
	}
	b.Look("light", 390)
	b.Accessible("390 pixels")
	if colors["light"] == colors["dark"] {
		b.t.Errorf("dark looks as light does: %s", colors["dark"])
	}
}

// testPaper looks at the page as it is printed: nothing reaches over its edge, long tables are
// open, and addresses of files are there.
func (b *browser) testPaper() {
	b.Paper()
	b.Do(chromedp.Sleep(200 * time.Millisecond))
	b.Shot("paper")
	if over := eval[[]string](b, `[...document.querySelectorAll("table, pre, svg, h1, h2, h3, p")].filter((e) => e.checkVisibility() &&
		(e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1)).map((e) => e.outerHTML.slice(0, 80))`); len(over) > 0 {
		b.t.Errorf("over the edge of the paper: %q", over)
	}
	if closed := eval[int](b, `[...document.querySelectorAll("section > details table")].filter((e) => !e.checkVisibility({contentVisibilityAuto: true})).length`); closed > 0 {
		b.t.Errorf("%d long tables are not printed", closed)
	}
	if address := eval[string](b, `getComputedStyle(document.querySelector(".files a"), "::after").content`); !strings.Contains(address, "attr(href)") && !strings.Contains(address, "figures/") {
		b.t.Errorf("of a figure's files the paper shows %s", address)
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
	if len(b.Wrong()) > 0 {
		t.Errorf("the browser reports: %q", b.Wrong())
	}
}
