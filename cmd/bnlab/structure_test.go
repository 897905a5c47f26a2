package main

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostInCircle is how many files of a package may all reach one another: a type and its
// neighbours. A package with larger circles can only be read as a whole.
const mostInCircle = 3

// TestCircles: no package has a larger circle of files that name one another's functions,
// types, variables or constants, built with oneDNN or without.
func TestCircles(t *testing.T) {
	for _, tags := range [][]string{nil, {"onednn"}} {
		with := build.Default
		with.BuildTags = tags
		checkCircles(t, with)
	}
}

func checkCircles(t *testing.T, with build.Context) {
	packages := 0
	err := filepath.WalkDir(root, func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		pkg, err := with.ImportDir(dir, 0)
		if err != nil {
			return nil // no package
		}
		packages++
		uses := usesOf(t, dir, slices.Concat(pkg.GoFiles, pkg.CgoFiles))
		for _, file := range slices.Sorted(maps.Keys(uses)) {
			if c := circle(uses, file); len(c) > mostInCircle && c[0] == file {
				t.Errorf("%s, tags %v: %d files name one another in a circle: %s", dir, with.BuildTags, len(c), strings.Join(c, " "))
			}
		}
		return nil
	})
	if err != nil || packages < 30 {
		t.Errorf("%d packages: this test looks at too little; error %v", packages, err)
	}
}

// usesOf returns which files of a package each of them names something of.
func usesOf(t *testing.T, dir string, names []string) map[string]map[string]bool {
	owner, files := map[string]string{}, map[string]*ast.File{}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = f
		for thing := range f.Scope.Objects {
			owner[thing] = name
		}
	}
	uses := map[string]map[string]bool{}
	for name, f := range files {
		uses[name] = map[string]bool{}
		for _, id := range f.Unresolved { // in the file itself
			if of := owner[id.Name]; of != "" && of != name {
				uses[name][of] = true
			}
		}
	}
	return uses
}

// circle returns the files that a file reaches and that reach it, itself among them, sorted.
func circle(uses map[string]map[string]bool, file string) []string {
	from := reached(uses, file)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(from)), func(other string) bool { return !reached(uses, other)[file] })
}

func reached(uses map[string]map[string]bool, from string) map[string]bool {
	seen, next := map[string]bool{from: true}, []string{from}
	for len(next) > 0 {
		file := next[0]
		next = next[1:]
		for of := range uses[file] {
			if !seen[of] {
				seen[of] = true
				next = append(next, of)
			}
		}
	}
	return seen
}
