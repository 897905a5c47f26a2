package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bnlab/train/report/browsertest"
)

// hostile is the name of a group that would run, were it taken for markup.
const hostile = `<img src=x onerror="window.broken=1">"'</script><script>window.broken=2</script>`

const shown = `[...document.querySelectorAll("figure img")].filter((i) => i.complete && i.naturalWidth > 0).length === 2`

// TestPageInBrowser: the page shows what is there, light and dark, wide and narrow, with
// names that are markup as text; it follows what happens, by itself, and can be read by
// keyboard.
func TestPageInBrowser(t *testing.T) {
	f := asked(t, strings.NewReplacer("Does it help?", strconv.Quote(hostile), "<b>it</b> does", strconv.Quote(hostile)[1:len(strconv.Quote(hostile))-1]).Replace(question), 8, 2)
	trials := f.Plan.Trials
	d, url := serve(t, f.Dir)
	b := browsertest.Open(t, url)
	b.Until("the charts", shown)
	text := browsertest.Eval[string](b, "document.body.innerText")
	for _, want := range []string{"8 of 12 trials done, 2 in training, 2 missing", hostile, trials[8].ID, "Claims; provisional, 4 trials missing", "paired by seed", "Validation accuracy", "Results so far"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not show %q:\n%s", want, text)
		}
	}
	if browsertest.Eval[bool](b, `"broken" in window || document.querySelector("img[src=x]") !== null`) {
		t.Error("the name of a group ran as a script or became an element")
	}
	looks(t, b, "12")
	b.Accessible("1400 pixels")
	named(t, b)
	keyboard(t, b)

	grow(t, f, trials[8], 0.9)
	must(t, d.look())
	b.Until("a new point", `document.querySelector("details").textContent.includes("1576")`)
	finish(t, f, trials[8])
	must(t, d.look())
	b.Until("a trial that has ended", `document.body.innerText.includes("9 of 12 trials done, 1 in training")`)
	if !browsertest.Eval[bool](b, `document.querySelector("details").open`) {
		t.Error("what was opened is closed again")
	}
	must(t, os.Rename(f.Dir, f.Dir+".away"))
	_ = d.look()
	b.Until("a folder that is gone", `document.querySelector("[role=alert]").innerText.includes("no ")`)
	must(t, os.Rename(f.Dir+".away", f.Dir))
	must(t, d.look())
	b.Until("a folder that is back", `document.querySelector("[role=alert]").hidden`)
	if wrong := b.Wrong(); len(wrong) > 0 {
		t.Errorf("the browser reports: %q", wrong)
	}
}

// looks looks at the page in all its forms.
func looks(t *testing.T, b *browsertest.Browser, name string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1400, 390} {
			b.Look(scheme, width)
			b.Until(fmt.Sprintf("the charts, %s, %d pixels", scheme, width), fmt.Sprintf(`%s && [...document.querySelectorAll("figure img")]
				.every((i) => i.currentSrc.includes("dark") === %v && i.currentSrc.includes("narrow") === %v)`, shown, scheme == "dark", width < 600))
			b.Shot(fmt.Sprintf("watch-%s-%s-%d", name, scheme, width))
			b.Legible(fmt.Sprintf("%s, %d pixels", scheme, width))
		}
	}
	b.Look("light", 1400)
}

// named fails the test if something that a screen reader stops at has no name.
func named(t *testing.T, b *browsertest.Browser) {
	t.Helper()
	var nodes []*accessibility.Node
	b.Do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		nodes, err = accessibility.GetFullAXTree().Do(ctx)
		return err
	}))
	seen := map[string]int{}
	for _, n := range nodes {
		role := axText(n.Role)
		if n.Ignored || !slices.Contains([]string{"image", "progressbar", "region", "table", "main", "heading", "columnheader", "DisclosureTriangle"}, role) {
			continue
		}
		if seen[role]++; axText(n.Name) == "" {
			t.Errorf("a %s without a name", role)
		}
	}
	for _, role := range []string{"image", "progressbar", "region", "table", "heading", "columnheader", "DisclosureTriangle"} {
		if seen[role] == 0 {
			t.Errorf("a screen reader finds no %s: %v", role, seen)
		}
	}
}

// axText returns the text of a value of the accessibility tree.
func axText(v *accessibility.Value) (s string) {
	if v != nil {
		_ = json.Unmarshal(v.Value, &s)
	}
	return s
}

// keyboard reads the first chart as a table, by keys alone.
func keyboard(t *testing.T, b *browsertest.Browser) {
	t.Helper()
	on := func() string {
		return browsertest.Eval[string](b, `document.activeElement.tagName`)
	}
	for range 10 {
		if b.Do(chromedp.KeyEvent(kb.Tab)); on() == "SUMMARY" {
			b.Do(chromedp.KeyEvent(kb.Enter))
			break
		}
	}
	if !browsertest.Eval[bool](b, `document.querySelector("details").open`) {
		t.Errorf("keys do not open the table; the focus is on %s", on())
	}
}

// TestPageLooks draws the page of small and large runs, where pictures are asked for.
func TestPageLooks(t *testing.T) {
	if os.Getenv("BROWSER_SHOTS") == "" {
		t.Skip("BROWSER_SHOTS names no folder for pictures")
	}
	for _, v := range []struct{ n, done, training int }{{2, 0, 2}, {40, 25, 4}, {2000, 1500, 16}} {
		t.Run(fmt.Sprint(v.n), func(t *testing.T) {
			f := folder(t, trialsOf(v.n, "bn=true"), v.done, v.training)
			_, url := serve(t, f.Dir)
			looks(t, browsertest.Open(t, url), fmt.Sprint(v.n))
		})
	}
}
