// Command mutate changes the code in one place at a time and runs the tests: a change
// that no test notices shows where one is missing.
//
//	go run ./scripts/mutate [-n 60] [-seed 1] [-list] [PACKAGE…]
//
// The changes are drawn at random, the same for the same seed and code, and spread
// evenly over the packages. Nothing is written to the source: go's -overlay has the
// compiler read the changed file instead. A change that does not compile is drawn
// again. Exit code 3 when a change survives that judged.txt does not explain.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// judged has a line for each change that survives and may: the change as it is
// printed, two spaces, and the reason.
//
//go:embed judged.txt
var judged string

func main() {
	n := flag.Int("n", 60, "how many changes to try")
	seed := flag.Uint64("seed", 1, "seed of the draw")
	list := flag.Bool("list", false, "print the changes and do not test them")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	survived, err := run(ctx, *n, *seed, *list, flag.Args())
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	case survived > 0:
		os.Exit(3)
	}
}

// run tries n changes in the packages and returns how many survive unexplained.
func run(ctx context.Context, n int, seed uint64, list bool, patterns []string) (survived int, err error) {
	packages, err := listPackages(ctx, patterns)
	if err != nil {
		return 0, err
	}
	mutants, err := draw(packages, seed)
	if err != nil {
		return 0, err
	}
	if !list {
		if err := sound(ctx); err != nil {
			return 0, err
		}
		return testAll(ctx, mutants, n)
	}
	for _, m := range mutants[:min(n, len(mutants))] {
		fmt.Println(m)
	}
	return 0, nil
}

// sound returns an error where the tests do not pass as the code is: each change would
// count as noticed.
func sound(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "go", "test", "-timeout", "30m", "./...").Output()
	if err != nil {
		return fmt.Errorf("the tests do not pass without a change: %w\n%s", err, out)
	}
	return nil
}

// testAll tests the first n changes that compile.
func testAll(ctx context.Context, mutants []mutant, n int) (survived int, err error) {
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)
	counts := map[string]int{}
	tried := 0
	for _, m := range mutants {
		if tried == n || ctx.Err() != nil {
			break
		}
		began := time.Now()
		verdict, by, err := m.test(ctx, temp)
		if err != nil {
			return 0, err
		}
		if verdict == "does not compile" {
			continue
		}
		tried++
		if reason := judgement(m); verdict == "survived" && reason != "" {
			verdict, by = "judged", reason
		}
		counts[verdict]++
		fmt.Printf("%3d  %-8s  %s  %s (%.0f s)\n", tried, verdict, m, by, time.Since(began).Seconds())
	}
	fmt.Printf("%d killed, %d survived, %d survived and judged harmless\n", counts["killed"], counts["survived"], counts["judged"])
	return counts["survived"], ctx.Err()
}

// draw lists all changes in random order, one of each package in turn.
func draw(packages []goPackage, seed uint64) (drawn []mutant, err error) {
	files, siblings := make([][]*source, len(packages)), siblings{}
	for i, p := range packages {
		if files[i], err = parse(p); err != nil {
			return nil, err
		}
		for _, s := range files[i] {
			siblings.add(s)
		}
	}
	random := rand.New(rand.NewPCG(seed, 0))
	of := make([][]mutant, len(packages))
	most := 0
	for i := range packages {
		for _, s := range files[i] {
			of[i] = append(of[i], s.mutants(siblings)...)
		}
		random.Shuffle(len(of[i]), func(j, k int) { of[i][j], of[i][k] = of[i][k], of[i][j] })
		most = max(most, len(of[i]))
	}
	random.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	for j := range most {
		for _, all := range of {
			if j < len(all) {
				drawn = append(drawn, all[j])
			}
		}
	}
	return drawn, nil
}

// judgement returns why a change may survive, "" where nobody has said so.
func judgement(m mutant) string {
	for line := range strings.Lines(judged) {
		if reason, ok := strings.CutPrefix(strings.TrimSpace(line), m.key()+"  "); ok {
			return strings.TrimSpace(reason)
		}
	}
	return ""
}

// goPackage is what go list says of a package.
type goPackage struct {
	ImportPath, Dir                    string
	GoFiles, CgoFiles                  []string
	Imports, TestImports, XTestImports []string
	Module                             struct{ Dir string }
	importers                          []string // packages whose tests see this one
}

// listPackages returns the packages with code, all of the module where none is named,
// but for what only tests and developers run.
func listPackages(ctx context.Context, patterns []string) (packages []goPackage, err error) {
	all, err := goList(ctx, "./...")
	if err != nil {
		return nil, err
	}
	named := all
	if len(patterns) > 0 {
		if named, err = goList(ctx, patterns...); err != nil {
			return nil, err
		}
	}
	for _, p := range all {
		tool := strings.Contains(p.ImportPath, "/scripts/") || strings.HasSuffix(p.ImportPath, "test")
		if !tool && slices.ContainsFunc(named, func(n goPackage) bool { return n.ImportPath == p.ImportPath }) {
			p.importers = importers(all, p.ImportPath)
			packages = append(packages, p)
		}
	}
	return packages, nil
}

func goList(ctx context.Context, patterns ...string) (packages []goPackage, err error) {
	command := exec.CommandContext(ctx, "go", append([]string{"list", "-json"}, patterns...)...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	for d := json.NewDecoder(bytes.NewReader(out)); err == nil; {
		var p goPackage
		if err = d.Decode(&p); err == nil {
			packages = append(packages, p)
		}
	}
	if err != io.EOF {
		return nil, err
	}
	return packages, nil
}

// importers returns the packages that import path, at any depth, nearest first.
func importers(packages []goPackage, path string) []string {
	found := []string{path}
	for i := 0; i < len(found); i++ {
		for _, p := range packages {
			if slices.Contains(slices.Concat(p.Imports, p.TestImports, p.XTestImports), found[i]) && !slices.Contains(found, p.ImportPath) {
				found = append(found, p.ImportPath)
			}
		}
	}
	return found[1:]
}

// test runs the tests of the change's package, and if they pass those of the packages
// that import it, and returns what became of it and which package noticed.
func (m mutant) test(ctx context.Context, temp string) (verdict, by string, err error) {
	changed, overlay := filepath.Join(temp, "changed.go"), filepath.Join(temp, "overlay.json")
	table, err := json.Marshal(map[string]map[string]string{"Replace": {m.path: changed}})
	if err = errors.Join(err, os.WriteFile(changed, m.changed(), 0o644), os.WriteFile(overlay, table, 0o644)); err != nil {
		return "", "", err
	}
	if !goRuns(ctx, overlay, "vet", m.pkg.ImportPath) {
		return "does not compile", "", ctx.Err()
	}
	for _, path := range append([]string{m.pkg.ImportPath}, m.pkg.importers...) {
		if !goRuns(ctx, overlay, "test", "-failfast", "-timeout", "10m", path) {
			return "killed", "by " + path, ctx.Err()
		}
	}
	return "survived", "", ctx.Err()
}

// goRuns reports whether the go command succeeds with the overlay, which the commands
// that tests start see too.
func goRuns(ctx context.Context, overlay string, args ...string) bool {
	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), "GOFLAGS=-overlay="+overlay)
	err := command.Run()
	return err == nil || !errors.As(err, new(*exec.ExitError))
}
