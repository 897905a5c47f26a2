package browsertest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sound is a page without faults; fault stands in its place in the main part.
const sound = `<!DOCTYPE html><html lang="en"><head><title>Page</title><style>body { background: #fff; color: #000 }</style></head><body>
<header><h1>Page</h1></header><main><h2>Part</h2><p>Text and <a href="#x">a link</a>.</p><button>A button</button>
<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>
<svg role="img" aria-label="A chart" width="40" height="20"><text x="0" y="15">7</text></svg>FAULT</main></body></html>`

// TestFaults: each fault of a page is found, and none in a page that has none. Those of the
// first kind are axe-core's.
func TestFaults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(sound), 0o644); err != nil {
		t.Fatal(err)
	}
	b := Open(t, "file://"+path)
	b.Look("light", 390)
	show := func(old, new string) (axe, own []string) {
		page, err := json.Marshal(strings.Replace(strings.Replace(sound, old, new, 1), "FAULT", "", 1))
		if err != nil {
			t.Fatal(err)
		}
		Eval[any](b, `(() => { const page = new DOMParser().parseFromString(`+string(page)+`, "text/html").documentElement;
			for (const name of document.documentElement.getAttributeNames()) document.documentElement.removeAttribute(name);
			for (const a of page.attributes) document.documentElement.setAttribute(a.name, a.value);
			document.documentElement.innerHTML = page.innerHTML; return null; })()`)
		return b.fromAxe(), b.own()
	}
	if axe, own := show("", ""); len(axe)+len(own) > 0 {
		t.Errorf("a sound page: %q, %q", axe, own)
	}
	for _, v := range []struct{ old, new, want string }{
		{` lang="en"`, "", "html-has-lang: "},
		{"<title>Page</title>", "", "document-title: "},
		{"<h1>Page</h1>", "", "page-has-heading-one: "},
		{"FAULT", "<h4>Deep</h4>", "heading-order: "},
		{"main>", "div>", "landmark-one-main: "},
		{"FAULT", "</main><p>Elsewhere</p>", "region: "},
		{"A button", "", "button-name: "},
		{"a link", "", "link-name: "},
		{`aria-label="A chart"`, "", "svg-img-alt: "},
		{"FAULT", `<img src="data:,">`, "image-alt: "},
		{`<th scope="row">`, `<th scope="cell">`, "scope-attr-valid: "},
		{"<button", `<button tabindex="1"`, "tabindex: "},
		{"<button", `<button aria-pressed="perhaps"`, "aria-valid-attr-value: "},
		{"<button", `<button aria-presed="true"`, "aria-valid-attr: "},
		{"FAULT", `<p role="chart">A</p>`, "aria-roles: "},
		{"FAULT", `<div style="height: 20px; overflow: auto"><p style="height: 90px">Much</p></div>`, "scrollable-region-focusable: "},
		{"FAULT", `<button style="padding: 0; border: 0; width: 12px; height: 12px">x</button><button style="padding: 0; border: 0; width: 12px; height: 12px">y</button>`, "target-size: "},
		{"<p>", `<p style="color: #888">`, "color-contrast: "},
	} {
		if axe, _ := show(v.old, v.new); b.axe() != "" && !strings.Contains(strings.Join(axe, "\n"), v.want) {
			t.Errorf("%s for %s: found %q, want %s", v.new, v.old, axe, v.want)
		}
	}
	for _, v := range []struct{ old, new, want string }{
		{"<p>", `<p style="color: #888">`, "contrast 3.5: Text and"},
		{"<text", `<text fill="#ddd"`, "contrast 1.4: 7"},
		{"<p>", `<p style="width: 500px">`, "pixels wide on a screen of 390"},
		{"FAULT", `<i id="a"></i><i id="a"></i>`, "several elements with the id a"},
		{"<button", `<button tabindex="1"`, "key Tab, pressed"},
		{"<button", `<button style="display: flex" onfocus="this.blur()"`, "key Tab"},
		{"<button", `<button style="outline: 0"`, "the focus is not to be seen at <button"},
		{"<button", `<button style="position: absolute; left: -99rem"`, "the focus is not to be seen at <button"},
	} {
		if _, own := show(v.old, v.new); !strings.Contains(strings.Join(own, "\n"), v.want) {
			t.Errorf("%s for %s: found %q, want %s", v.new, v.old, own, v.want)
		}
	}
}
