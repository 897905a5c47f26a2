package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Accessible fails the test for each fault of the page as it is now: what axe-core finds, and
// what it does not. Without axe-core, that is a test of its own which is skipped.
func (b *Browser) Accessible(where string) {
	b.t.Helper()
	b.fail(where, append(b.own(), b.fromAxe()...))
}

// Legible fails the test if texts of the page are hard to tell from what is behind them, or
// the page is wider than the screen: what another look at it may have changed.
func (b *Browser) Legible(where string) {
	b.t.Helper()
	b.fail(where, append(b.faint(), b.wide()...))
}

func (b *Browser) fail(where string, faults []string) {
	b.t.Helper()
	for _, fault := range faults {
		b.t.Errorf("%s: %s", where, fault)
	}
}

// own returns the faults that axe-core does not find, and those that must be found without it.
func (b *Browser) own() []string {
	return slices.Concat(b.faint(), b.wide(), b.twice(), b.keyboard())
}

// fromAxe returns what axe-core finds in the page: names and roles of what a screen reader
// meets, headings, landmarks, tables, contrast, sizes of what is clicked.
func (b *Browser) fromAxe() []string {
	b.t.Helper()
	axe := b.axe()
	if axe == "" {
		return nil
	}
	if !Eval[bool](b, `"axe" in window`) {
		b.Do(chromedp.Evaluate(axe, nil))
	}
	return await[[]string](b, `axe.run(document, {rules: {"target-size": {enabled: true}}, resultTypes: ["violations"]}).then((r) =>
		r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 5).map((n) => n.html.slice(0, 120)).join(" ")))`)
}

// axe returns the text of axe-core, of which nothing is part of the program; empty where
// scripts/axe-core.sh has not fetched it.
func (b *Browser) axe() string {
	dir := os.Getenv("BNLAB_AXE")
	if cache, err := os.UserCacheDir(); err == nil && dir == "" {
		dir = filepath.Join(cache, "bnlab", "axe-core")
	}
	text, err := os.ReadFile(filepath.Join(dir, "axe.min.js"))
	if err != nil {
		b.skipped.Do(func() {
			b.t.Run("axe-core", func(t *testing.T) { t.Skipf("%v: scripts/axe-core.sh fetches it", err) })
		})
	}
	return string(text)
}

// await returns what the promise of a JavaScript expression yields.
func await[T any](b *Browser, expression string) (value T) {
	b.t.Helper()
	b.Do(chromedp.Evaluate(expression, &value, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return value
}

// faint returns the texts that are hard to tell from what is behind them, those of charts
// included: below a contrast of 4.5, as WCAG 2.2 computes it.
func (b *Browser) faint() []string {
	return Eval[[]string](b, `(() => {
	const light = (c) => {
		const [r, g, b] = c.match(/[\d.]+/g).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const c = getComputedStyle(e).backgroundColor;
			if (c !== "rgba(0, 0, 0, 0)") return c;
		}
		return "rgb(255, 255, 255)";
	};
	const ink = (e) => getComputedStyle(e)[e instanceof SVGElement ? "fill" : "color"];
	const hasText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
	return [...document.querySelectorAll("body *")].filter((e) => hasText(e) && e.checkVisibility()).flatMap((e) => {
		const a = light(ink(e)), b = light(behind(e)), contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		return contrast < 4.5 ? ["contrast " + contrast.toFixed(1) + ": " + e.textContent.slice(0, 40)] : [];
	});
})()`)
}

// wide returns a fault if the page as a whole is to be scrolled sideways.
func (b *Browser) wide() []string {
	at := Eval[[2]int](b, `[document.documentElement.scrollWidth, innerWidth]`)
	if at[0] > at[1] {
		return []string{fmt.Sprintf("%d pixels wide on a screen of %d", at[0], at[1])}
	}
	return nil
}

// twice returns the ids that several elements have.
func (b *Browser) twice() []string {
	return Eval[[]string](b, `(() => { const all = [...document.querySelectorAll("[id]")].map((e) => e.id);
		return all.filter((id, i) => all.indexOf(id) !== i).map((id) => "several elements with the id " + id); })()`)
}

// keyboard goes through the page by Tab and returns what cannot be reached in the order in
// which it stands there, or does not show that it has the focus.
func (b *Browser) keyboard() []string {
	n := Eval[int](b, `(() => {
	window.stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
		.filter((e) => e.getAttribute("tabindex") !== "-1" && !e.disabled && e.checkVisibility({visibilityProperty: true}));
	window.stopped = [];
	document.addEventListener("focusin", window.onStop = (event) => {
		const e = event.target, style = getComputedStyle(e), at = e.getBoundingClientRect();
		stopped.push({e, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && at.width > 0 && at.height > 0 && at.right > 0});
	});
	document.body.tabIndex = -1; // from the top
	document.body.focus();
	document.body.removeAttribute("tabindex");
	stopped.length = 0;
	return stops.length;
})()`)
	for range n {
		b.Do(chromedp.KeyEvent(kb.Tab))
	}
	return Eval[[]string](b, `(() => {
	document.removeEventListener("focusin", onStop);
	const name = (e) => (e ? e.outerHTML.slice(0, 80) : "nothing");
	const wrong = stops.findIndex((e, i) => !stopped[i] || stopped[i].e !== e);
	const faults = wrong < 0 ? [] : ["key Tab, pressed " + (wrong + 1) + " times: at " + name(stopped[wrong]?.e) + ", want " + name(stops[wrong])];
	return faults.concat(stopped.filter((s) => !s.seen).map((s) => "the focus is not to be seen at " + name(s.e)));
})()`)
}
