package report

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/disk"
	"bnlab/train/experiment"
)

// TestCheckPlace: a report is not written over what it is made of, or is read beside,
// by whatever links and names; links to elsewhere, and a report that is there, are
// in nobody's way.
func TestCheckPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	trials := experiment.Search(train.Default(), []float64{0.001, 0.01}, 1)
	writeRun(t, "runs/search", "search", realData, trials)
	record := "runs/search/trials/" + trials[1].ID + "/result.json"
	for path, text := range map[string]string{"runs/gradcheck.json": "{}", "config.yaml": "", "free": ""} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []struct{ name, to, says string }{
		{"index.html", "", ""},
		{"index.html", "../free", ""},
		{"index.html", "../nothing", ""},
		{"index.html", "../runs/search/plan.json", "page/index.html: the same file as runs/search/plan.json, which is read"},
		{"summary.json", "../" + record, "page/summary.json: the same file as " + record + ", which is read"},
		{"tables.md", "../" + strings.Replace(record, "result.json", "curve.jsonl", 1), "page/tables.md: the same file as runs/search/trials/"},
		{"figures/lambda.svg", "../../runs/gradcheck.json", "page/figures/lambda.svg: the same file as runs/gradcheck.json, which is read"},
		{"figures/old.png", "../../config.yaml", "page/figures/old.png: the same file as config.yaml, which is read"},
		{"tables.md", "index.html", "page/index.html: the same file as page/tables.md; remove one of the two"},
		{"index.html", "figures", "page/index.html: is a folder; give the name of a file"},
		{"index.html", "index.html", "page/index.html: its links lead in a circle"},
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
		if v.says == "" && err != nil || v.says != "" && (!errors.As(err, new(disk.Unfit)) || !strings.HasPrefix(err.Error(), v.says)) {
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
