package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
)

// files returns everything below dir by its path.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, dir)] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t testing.TB, s *Study, dir string) {
	t.Helper()
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
}

// The same records give the same bytes, however often and however they are named.
func TestReportIsTheSameByteForByte(t *testing.T) {
	if testing.Short() {
		t.Skip("draws every figure twice")
	}
	dir := studyDir(t)
	one, two := t.TempDir(), t.TempDir()
	write(t, read(t, dir), one)
	t.Chdir(dir)
	write(t, read(t, "."), two)
	first, second := files(t, one), files(t, two)
	size := 0
	for name, content := range first {
		size += len(content)
		if content != second[name] {
			t.Errorf("%s differs", name)
		}
		if filepath.Ext(name) == ".png" {
			if img, err := png.Decode(strings.NewReader(content)); err != nil || img.Bounds().Dx() < 1000 {
				t.Errorf("%s: %v, or not wide enough", name, err)
			}
		}
	}
	if len(first) != len(second) || len(first) != 4+3*18 {
		t.Errorf("%d files, then %d", len(first), len(second))
	}
	if size > 3<<20 {
		t.Errorf("%d bytes in all, want less than 3 MB", size)
	}
}

func TestSummaryJSON(t *testing.T) {
	dir := studyDir(t)
	raw, err := read(t, dir).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range regexp.MustCompile(`"([^"]*)": `).FindAllSubmatch(raw, -1) {
		if !regexp.MustCompile(`^[a-z0-9_]+$`).Match(key[1]) {
			t.Errorf("key %q is not snake_case", key[1])
		}
	}
	var s struct {
		Format int
		Claims []Claim
		Runs   []struct {
			Name, Stage string
			Backend     struct{ Core string }
			Groups      []struct{ N int }
			Trials      int
		}
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	trials := 0
	for _, r := range s.Runs {
		trials += r.Trials
		if r.Backend.Core != backend.Core {
			t.Errorf("%s: core %q is not that of the records", r.Name, r.Backend.Core)
		}
	}
	if s.Format != Format || trials != 71 || len(s.Claims) != 14 || s.Runs[1].Stage != "coarse" {
		t.Errorf("format %d, %d trials, %d claims", s.Format, trials, len(s.Claims))
	}
}

const hostile = `</script><script>window.broken = true</script><img src=x onerror="window.broken = true">`

// writeHostile writes a run with a group whose name is markup.
func writeHostile(t testing.TB, dir string) {
	t.Helper()
	c := train.Default()
	writeRun(t, dir, "own", realData, []experiment.Trial{
		{ID: "a", Group: hostile, Config: c}, {ID: "b", Group: hostile + " BN", Config: c},
	})
}

// Text from a plan never ends the script or becomes an element.
func TestPageEscapesText(t *testing.T) {
	dir := t.TempDir()
	writeHostile(t, dir)
	s := read(t, dir)
	page, err := s.contents(s.Charts()).page()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(page, []byte("<script>window")) || bytes.Contains(page, []byte("<img src=x")) {
		t.Error("the name of a group is markup in the page")
	}
	if strings.Contains(string(pageJS), "innerHTML") || strings.Contains(string(pageJS), "insertAdjacentHTML") {
		t.Error("the script makes elements of text")
	}
	if n := bytes.Count(page, []byte("</script>")); n != 2 {
		t.Errorf("%d scripts end, want 2", n)
	}
}

// TestCheckPlace: a report does not overwrite its inputs, through any links and names;
// links to elsewhere, and an existing report, are allowed.
func TestCheckPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	trials := lambdas(t, train.Default(), []float64{0.001, 0.01}, 1)
	writeRun(t, "runs/search", "search", realData, trials)
	record := "runs/search/trials/" + trials[1].ID + "/result.json"
	for path, text := range map[string]string{"runs/gradcheck.json": "{}", "config.yaml": "", "free": "", "runs/search/study.yaml": ""} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []struct{ name, to, says string }{
		{"index.html", "", ""},
		{"index.html", "../free", ""},
		{"index.html", "../nothing", ""},
		{"index.html", "../runs/search/plan.json", "page/index.html: the same file as runs/search/plan.json, which is an input"},
		{"summary.json", "../" + record, "page/summary.json: the same file as " + record + ", which is an input"},
		{"tables.md", "../" + strings.Replace(record, "result.json", "curve.jsonl", 1), "page/tables.md: the same file as runs/search/trials/"},
		{"figures/lambda.svg", "../../runs/gradcheck.json", "page/figures/lambda.svg: the same file as runs/gradcheck.json, which is an input"},
		{"study.yaml", "../runs/search/study.yaml", "page/study.yaml: the same file as runs/search/study.yaml, which is an input"},
		{"figures/old.png", "../../config.yaml", "page/figures/old.png: the same file as config.yaml, which is an input"},
		{"tables.md", "index.html", "page/index.html: the same file as page/tables.md; remove one of the two"},
		{"index.html", "figures", "page/index.html: is a folder; give a file name"},
		{"index.html", "index.html", "page/index.html: its links form a loop"},
	} {
		if err := errors.Join(os.RemoveAll("page"), os.MkdirAll("page/figures", 0o777), os.WriteFile("page/index.html", nil, 0o666)); err != nil {
			t.Fatal(err)
		}
		if v.to != "" {
			os.Remove(filepath.Join("page", v.name))
			if err := os.Symlink(v.to, filepath.Join("page", v.name)); err != nil {
				t.Fatal(err)
			}
		}
		err := CheckPlace("page", []string{"runs"}, "config.yaml", "")
		if v.says == "" && err != nil || v.says != "" && (!errors.As(err, new(atomicfile.Unfit)) || !strings.HasPrefix(err.Error(), v.says)) {
			t.Errorf("%s to %s: error %v, want %q", v.name, v.to, err, v.says)
		}
	}
	if err := errors.Join(os.Remove("page/index.html"), os.Link(record, "page/index.html")); err != nil {
		t.Fatal(err)
	}
	if err := CheckPlace("page", []string{"runs"}); err == nil || !strings.Contains(err.Error(), record) {
		t.Errorf("a hard link: error %v", err)
	}
	if err := CheckPlace("nowhere", []string{"none"}); err != nil {
		t.Errorf("no folder yet: %v", err)
	}
}
