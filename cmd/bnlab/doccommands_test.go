package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bnlab/cmd/internal/shell"
)

// elsewhere are the files that a page names and its commands here do not make.
var elsewhere = map[string]string{
	"runs/wide/slurm/9-gather.log": "the cluster writes it: make test-slurm",
	"runs/wide/report/index.html":  "the cluster writes it: make test-slurm",
	"runs/timing":                  "scripts/timing.sh writes it: TestTiming",
}

// TestDocCommands: what a page says to type runs, as in TestExamples, in a folder of
// its own for each page; and the files of runs/ that the page names are there then.
// docs/bad-inputs.md has a test of its own.
func TestDocCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("runs what all pages show")
	}
	texts := map[string]string{} // read before leaving the folder
	for _, page := range pages(t) {
		texts[strings.TrimPrefix(filepath.ToSlash(page), "../../")] = readPage(t, page)
	}
	delete(texts, "docs/bad-inputs.md")
	seen := map[string]bool{} // once is enough of what leaves no file that others need
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		lines, names := commandsOf(text)
		if len(lines)+len(names) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			exampleFolder(t)
			for _, line := range names {
				if named(line) == nil {
					t.Errorf("no command %s", line)
				}
			}
			for _, line := range lines {
				line = strings.TrimPrefix(line, "bin/")
				if seen[line] && !strings.Contains(line, " --out ") && !strings.Contains(line, " --save ") {
					continue
				}
				seen[line] = true
				for _, e := range examples("Examples:\n  " + line) {
					t.Run(strings.Join(e.args, " "), e.check)
				}
			}
			for _, path := range regexp.MustCompile(`\bruns/[a-z][\w/.-]*\w`).FindAllString(text, -1) {
				if _, err := os.Stat(path); err != nil && elsewhere[path] == "" {
					t.Errorf("%s: no command of the page makes it", path)
				}
			}
			for _, shown := range regexp.MustCompile(`(?m)^    \$ ls (\S+)\n    (.*)$`).FindAllStringSubmatch(text, -1) {
				entries, _ := os.ReadDir(shown[1])
				var there []string
				for _, e := range entries {
					there = append(there, e.Name())
				}
				if !slices.Equal(there, strings.Fields(shown[2])) {
					t.Errorf("%s holds %q, the page says %s", shown[1], there, shown[2])
				}
			}
		})
	}
}

var (
	// A line to type: indented or fenced, perhaps after env or what feeds parallel.
	typed = regexp.MustCompile(`^(?:\$ )?(?:env (?:-u \w+ )*|seq \d+ \| parallel (?:-\S+ \d+ )*)?((?:bin/)?bnlab [a-z].*)$`)
	span  = regexp.MustCompile("`([^`]+)`")
)

// commandsOf returns the lines of a page that call bnlab, and the names of commands
// that its text mentions: both without more than a name, as `bnlab info`, and the
// further ones of a cell, as `run` after `bnlab sweep plan`.
func commandsOf(text string) (lines, names []string) {
	var prose strings.Builder
	fenced, prompts := false, false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			continue
		}
		code, indented := strings.CutPrefix(strings.TrimRight(line, "\n"), "    ")
		if !indented && !fenced {
			prompts = false
			prose.WriteString(line)
			names = append(names, furtherNames(line)...)
			continue
		}
		prompt := strings.HasPrefix(code, "$ ")
		prompts = prompts || prompt // between prompts there is output
		if m := typed.FindStringSubmatch(code); m != nil && (prompt || !prompts) {
			lines = append(lines, strings.ReplaceAll(m[1], "{}", "1"))
		}
	}
	for _, m := range span.FindAllStringSubmatch(prose.String(), -1) {
		line := strings.Join(strings.Fields(m[1]), " ")
		args, ok := strings.CutPrefix(line, "bnlab ")
		switch {
		case !ok || strings.Contains(line, "…"):
		case regexp.MustCompile(`^[a-z]+( [a-z]+)?$`).MatchString(args):
			names = append(names, args)
		default:
			lines = append(lines, line)
		}
	}
	return lines, names
}

// furtherNames returns the commands that follow the first one in the first cell of a
// row: beside it, or below the same command as it.
func furtherNames(row string) (names []string) {
	if !strings.HasPrefix(row, "| `bnlab ") {
		return nil
	}
	cell, _, _ := strings.Cut(row[2:], " |")
	all := span.FindAllStringSubmatch(cell, -1)
	parent, _, _ := strings.Cut(strings.TrimPrefix(all[0][1], "bnlab "), " ")
	for _, m := range all[1:] {
		if name := parent + " " + m[1]; named(name) != nil {
			names = append(names, name)
		} else {
			names = append(names, m[1])
		}
	}
	return names
}

// named returns the command of that name, as "sweep plan", or nil.
func named(name string) (found *shell.Command) {
	eachCommand(func(full string, c *shell.Command) {
		if full == "bnlab "+name {
			found = c
		}
	})
	return found
}

func TestCommandsOf(t *testing.T) {
	lines, names := commandsOf("As `bnlab a --b\nc`, `bnlab info` or `bnlab …`:\n\n    $ bnlab d e\n    bnlab 1.2\n\n" +
		"| `bnlab sweep plan`, `run`, `eval` | `x` |\n\n    env -u X bin/bnlab f\n    bnlab  \n    seq 4 | parallel -j 2 bnlab g {}/4\n\n```sh\nbnlab h > i\n```\n")
	if want := []string{"bnlab d e", "bin/bnlab f", "bnlab g 1/4", "bnlab h > i", "bnlab a --b c"}; !slices.Equal(lines, want) {
		t.Errorf("lines %q, want %q", lines, want)
	}
	if want := []string{"sweep run", "eval", "info", "sweep plan"}; !slices.Equal(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
}
