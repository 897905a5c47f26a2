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
	temp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)

	mutants, err := draw(packages, seed)
	if err != nil {
		return 0, err
	}
	counts := map[string]int{}
	for tried := 0; tried < n && ctx.Err() == nil; {
		m, ok := mutants.next()
		if !ok {
			break
		}
		if list {
			fmt.Println(m)
			tried++
			continue
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
	TestGoFiles, XTestGoFiles          []string
	Module                             struct{ Dir string }
	importers                          []string // packages whose tests see this one
}

// listPackages returns the packages with code, all of the module where none is named.
func listPackages(ctx context.Context, patterns []string) ([]goPackage, error) {
	all, err := goList(ctx, "./...")
	if err != nil || len(patterns) == 0 {
		return skipTools(all), err
	}
	wanted, err := goList(ctx, patterns...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(skipTools(all), func(p goPackage) bool {
		return !slices.ContainsFunc(wanted, func(w goPackage) bool { return w.ImportPath == p.ImportPath })
	}), nil
}

// skipTools leaves out what only tests and developers run.
func skipTools(packages []goPackage) []goPackage {
	return slices.DeleteFunc(packages, func(p goPackage) bool {
		return strings.Contains(p.ImportPath, "/scripts/") || strings.HasSuffix(p.ImportPath, "test")
	})
}

func goList(ctx context.Context, patterns ...string) (packages []goPackage, err error) {
	command := exec.CommandContext(ctx, "go", append([]string{"list", "-json"}, patterns...)...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); err != nil {
			break
		}
		packages = append(packages, p)
	}
	for i := range packages {
		packages[i].importers = importers(packages, packages[i].ImportPath)
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
	changed := filepath.Join(temp, "changed.go")
	if err := os.WriteFile(changed, m.text, 0o644); err != nil {
		return "", "", err
	}
	overlay := filepath.Join(temp, "overlay.json")
	table, err := json.Marshal(map[string]map[string]string{"Replace": {m.file: changed}})
	if err != nil {
		return "", "", err
	}
	if err := os.WriteFile(overlay, table, 0o644); err != nil {
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

// goRuns tells whether the go command succeeds with the overlay, which the commands
// that tests start see too.
func goRuns(ctx context.Context, overlay string, args ...string) bool {
	command := exec.CommandContext(ctx, "go", args...)
	command.Env = append(os.Environ(), "GOFLAGS=-overlay="+overlay)
	err := command.Run()
	return err == nil || !errors.As(err, new(*exec.ExitError))
}

// draws hands out the changes of several packages in turn.
type draws struct {
	perPackage [][]mutant
	turn       int
}

// draw lists all changes and puts those of each package into random order.
func draw(packages []goPackage, seed uint64) (*draws, error) {
	d := &draws{}
	random := rand.New(rand.NewPCG(seed, 0))
	siblings, err := structSiblings(packages)
	if err != nil {
		return nil, err
	}
	for _, p := range packages {
		all, err := mutantsOf(p, siblings)
		if err != nil {
			return nil, err
		}
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		d.perPackage = append(d.perPackage, all)
	}
	random.Shuffle(len(d.perPackage), func(i, j int) {
		d.perPackage[i], d.perPackage[j] = d.perPackage[j], d.perPackage[i]
	})
	return d, nil
}

// next returns a change of the next package that has one left.
func (d *draws) next() (mutant, bool) {
	for range d.perPackage {
		list := &d.perPackage[d.turn%len(d.perPackage)]
		d.turn++
		if len(*list) > 0 {
			m := (*list)[0]
			*list = (*list)[1:]
			return m, true
		}
	}
	return mutant{}, false
}
