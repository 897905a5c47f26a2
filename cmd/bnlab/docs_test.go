package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocsQuoteCode: code shown in docs/ is the program's own. A block of Go is
// looked for in the file last named before it.
func TestDocsQuoteCode(t *testing.T) {
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z0-9/]+\\.go)`")
	blocks := 0
	for _, page := range pages {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(raw), "```")
		file := ""
		for i, part := range parts {
			if i%2 == 0 {
				if all := named.FindAllStringSubmatch(part, -1); len(all) > 0 {
					file = all[len(all)-1][1]
				}
				continue
			}
			code, ok := strings.CutPrefix(part, "go\n")
			if !ok {
				continue
			}
			blocks++
			source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
			if err != nil {
				t.Errorf("%s: code without the name of its file: %v", page, err)
			} else if !strings.Contains(string(source), code) {
				t.Errorf("%s: %s has no such lines:\n%s", page, file, code)
			}
		}
	}
	if blocks == 0 {
		t.Error("no code in docs: this test looks at nothing")
	}
}

// TestDocsNameTests: a test or fuzz target named in docs/ is there.
func TestDocsNameTests(t *testing.T) {
	root := filepath.Join("..", "..")
	there := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range function.FindAllSubmatch(source, -1) {
			there[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllSubmatch(text, -1) {
			if !there[string(m[1])] {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
}
