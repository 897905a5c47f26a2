package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the folder of the project.
var root = filepath.Join("..", "..")

// pages returns README.md, CONTRIBUTING.md and every page below docs/ and scripts/.
func pages(t *testing.T) (paths []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "scripts/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || found == nil {
			t.Fatalf("%s: %v, %d pages", pattern, err, len(found))
		}
		paths = append(paths, found...)
	}
	return paths
}

func readPage(t *testing.T, page string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDocsQuoteCode: code shown in docs/ is the program's own. A block of Go is
// looked for in the file last named before it.
func TestDocsQuoteCode(t *testing.T) {
	named := regexp.MustCompile("`([a-z0-9/]+\\.go)`")
	blocks := 0
	for _, page := range pages(t) {
		file := ""
		for i, part := range strings.Split(readPage(t, page), "```") {
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

// TestDocsNameTests: a test, script, benchmark or fuzz target that a page names is there.
func TestDocsNameTests(t *testing.T) {
	there := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		there[filepath.Base(path)] = true
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
	for _, page := range pages(t) {
		for _, m := range regexp.MustCompile("`((?:Test|Fuzz|Benchmark)\\w+|[\\w-]+\\.txtar)`").FindAllStringSubmatch(readPage(t, page), -1) {
			if !there[m[1]] {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
}

// TestDocsLink: what a page links to is there, file and heading.
func TestDocsLink(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(readPage(t, page), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			target := page
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			} else if m[2] != "" && !slices.Contains(headings(readPage(t, target)), m[2]) {
				t.Errorf("%s: no heading %s in %s", page, m[2], target)
			}
		}
	}
}

// headings returns the anchors of a page's headings, as GitHub makes them.
func headings(text string) (anchors []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		anchors = append(anchors, strings.ReplaceAll(kept, " ", "-"))
	}
	return anchors
}

// TestDocsNameTargets: a target of make that a page says to type is in the Makefile,
// and a file of this repository that it names is there.
func TestDocsNameTargets(t *testing.T) {
	makefile := readPage(t, filepath.Join(root, "Makefile"))
	target := regexp.MustCompile(`\bmake ([a-z][a-z-]*)`)
	file := regexp.MustCompile("(?:^|[\\s`(/])((?:scripts|docs|cmd|train|model|blas|cifar|\\.ci)/[a-z][\\w./-]*\\w)")
	code := regexp.MustCompile("(?m)^    .*$|`[^`]+`")
	targets, files := 0, 0
	for _, page := range pages(t) {
		if filepath.Base(page) == "bad-inputs.md" { // messages, with words that make sentences
			continue
		}
		for _, text := range code.FindAllString(readPage(t, page), -1) {
			typed, _, _ := strings.Cut(text, " #")
			typed = strings.Join(strings.Fields(typed), " ")
			for _, m := range target.FindAllStringSubmatch(typed, -1) {
				targets++
				if !strings.Contains(makefile, "\n"+m[1]+":") {
					t.Errorf("%s: no target %s in the Makefile", page, m[1])
				}
			}
			for _, m := range file.FindAllStringSubmatch(typed, -1) {
				files++
				if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(m[1]))); err != nil {
					t.Errorf("%s: %v", page, err)
				}
			}
		}
	}
	if targets < 20 || files < 20 {
		t.Errorf("%d targets, %d files: this test looks at too little", targets, files)
	}
}

// TestDependencies: docs/dependencies.md has what go.mod requires itself, no other
// module, and the versions of go.mod, the Makefile, scripts/axe-core.sh and
// scripts/*/requirements.txt.
func TestDependencies(t *testing.T) {
	pinned := map[string][]string{} // versions of each name
	modules := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`).FindAllStringSubmatch(readPage(t, filepath.Join(root, "go.mod")), -1) {
		version := regexp.MustCompile(`^(v0\.0\.0-\d{14})-.*$`).ReplaceAllString(m[2], "$1") // without the hash
		pinned[m[1]], modules[m[1]] = []string{version}, true
	}
	found, err := filepath.Glob(filepath.Join(root, "scripts", "*", "requirements.txt"))
	if err != nil || len(found) != 2 {
		t.Fatal(err, found)
	}
	for _, path := range found {
		for _, m := range regexp.MustCompile(`(?m)^(\S+)==(\S+)$`).FindAllStringSubmatch(readPage(t, path), -1) {
			pinned[m[1]] = append(pinned[m[1]], m[2])
		}
	}
	tool := regexp.MustCompile(`honnef\.co/go/tools/cmd/(\w+)@(\S+)`).FindStringSubmatch(readPage(t, filepath.Join(root, "Makefile")))
	pinned[tool[1]] = tool[2:]
	pinned["axe-core"] = regexp.MustCompile(`(?m)^version=(\S+)$`).FindStringSubmatch(readPage(t, filepath.Join(root, "scripts", "axe-core.sh")))[1:]

	checked := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\S.*?) \| (\S+.*?) \| (\S.*?) \| (\S.*?) \|$`).
		FindAllStringSubmatch(readPage(t, filepath.Join(root, "docs", "dependencies.md")), -1) {
		for _, name := range strings.Split(row[1], ", ") {
			if versions := pinned[name]; versions != nil && !slices.Contains(versions, row[2]) {
				t.Errorf("%s: %s, pinned is %q", name, row[2], versions)
			} else if versions == nil && regexp.MustCompile(`^\w+\.\w+/`).MatchString(name) {
				t.Errorf("%s is not in go.mod", name)
			}
			checked[name] = true
		}
	}
	for name := range modules {
		if !checked[name] {
			t.Errorf("%s is not in docs/dependencies.md", name)
		}
	}
	for _, name := range []string{"staticcheck", "axe-core", "torch", "pandas"} {
		if !checked[name] || pinned[name] == nil {
			t.Errorf("%s was not compared", name)
		}
	}
}

// TestArchitecture: every package of the program is drawn in docs/architecture.svg and has its line
// in docs/architecture.md.
func TestArchitecture(t *testing.T) {
	picture := readPage(t, filepath.Join(root, "docs", "architecture.svg"))
	page := readPage(t, filepath.Join(root, "docs", "architecture.md"))
	packages := 0
	err := filepath.WalkDir(root, func(dir string, d os.DirEntry, err error) error {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		name, _ := filepath.Rel(root, dir)
		name = filepath.ToSlash(name)
		if err != nil || !d.IsDir() || files == nil || name == "." || strings.HasPrefix(name, "scripts/") || strings.HasSuffix(name, "test") {
			return err // no package, tools beside the program, or helpers of tests
		}
		packages++
		if !strings.Contains(picture, ">"+name+"</text>") || !strings.Contains(page, "\n| `"+name+"/` |") {
			t.Errorf("docs/architecture: %s is missing", name)
		}
		return nil
	})
	if err != nil || packages < 10 {
		t.Errorf("%d packages: this test looks at too little; error %v", packages, err)
	}
}
