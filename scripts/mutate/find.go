package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mutant is a file with one change: a piece of its text gives way to another, and all
// else stays as it is.
type mutant struct {
	*source
	function string
	from, to int // the piece, in bytes
	by       string
	old, new string // the expression or statement that it lies in, before and after
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d %s → %s", m.name(), 1+bytes.Count(m.text[:m.from], []byte("\n")), m.old, m.new)
}

// key is the change without its line, which other changes move.
func (m mutant) key() string {
	return fmt.Sprintf("%s %s: %s → %s", m.name(), m.function, m.old, m.new)
}

// changed returns the whole file with the change.
func (m mutant) changed() []byte {
	return slices.Concat(m.text[:m.from], []byte(m.by), m.text[m.to:])
}

// source is a file of a package.
type source struct {
	pkg  goPackage
	path string
	text []byte
	ast  *ast.File
}

// name returns the file's path below the module.
func (s *source) name() string {
	if path, err := filepath.Rel(s.pkg.Module.Dir, s.path); err == nil {
		return filepath.ToSlash(path)
	}
	return s.path
}

// at returns the offset of a place in the text: each file is parsed as the first of
// its set, which counts from 1.
func at(p token.Pos) int { return int(p) - 1 }

// of returns the source of a node.
func (s *source) of(n ast.Node) string { return string(s.text[at(n.Pos()):at(n.End())]) }

// parse reads the files of a package.
func parse(p goPackage) (files []*source, err error) {
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		s := &source{pkg: p, path: filepath.Join(p.Dir, name)}
		if s.text, err = os.ReadFile(s.path); err == nil {
			s.ast, err = parser.ParseFile(token.NewFileSet(), s.path, s.text, parser.SkipObjectResolution)
		}
		if err != nil {
			return nil, err
		}
		files = append(files, s)
	}
	return files, nil
}

// siblings are, for each name of a struct's field, those of the fields of the same
// type beside it: a loss in place of a cost is the mistake that compiles.
type siblings map[string][]string

// add adds those of the structs in a file.
func (all siblings) add(s *source) {
	for n := range ast.Preorder(s.ast) {
		of, ok := n.(*ast.StructType)
		if !ok {
			continue
		}
		byType := map[string][]string{}
		for _, field := range of.Fields.List {
			var kind strings.Builder
			printer.Fprint(&kind, token.NewFileSet(), field.Type)
			for _, name := range field.Names {
				byType[kind.String()] = append(byType[kind.String()], name.Name)
			}
		}
		for _, names := range byType {
			for i, name := range names {
				if next := names[(i+1)%len(names)]; next != name {
					all[name] = append(all[name], next)
				}
			}
		}
	}
}

// swaps are the operators that are confused with each other.
var swaps = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

// finder collects the changes of a file.
type finder struct {
	*source
	siblings siblings
	function string
	found    []mutant
}

// mutants returns all changes of a file.
func (s *source) mutants(siblings siblings) []mutant {
	f := finder{source: s, siblings: siblings}
	for _, d := range s.ast.Decls {
		if function, ok := d.(*ast.FuncDecl); ok && function.Body != nil {
			f.function = function.Name.Name
			ast.PreorderStack(function.Body, nil, f.visit)
		}
	}
	return f.found
}

// visit adds the changes of a node, which lies in those around it.
func (f *finder) visit(n ast.Node, around []ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if other, ok := swaps[n.Op]; ok {
			f.replace(n, f.of(n.X)+" "+other.String()+" "+f.of(n.Y))
		}
	case *ast.IfStmt:
		f.replace(n.Cond, "!("+f.of(n.Cond)+")")
	case *ast.BasicLit:
		if v, err := strconv.Atoi(n.Value); err == nil && n.Kind == token.INT {
			var shown ast.Node = n // in the expression around it, which tells it from others
			if outer, ok := around[len(around)-1].(ast.Expr); ok {
				shown = outer
			}
			f.replaceIn(shown, n.Pos(), n.End(), strconv.Itoa(v+1))
		}
	case *ast.CallExpr:
		f.swapArguments(n)
	case *ast.SelectorExpr:
		for _, sibling := range f.siblings[n.Sel.Name] {
			f.replace(n, f.of(n.X)+"."+sibling)
		}
	case *ast.ReturnStmt:
		f.dropError(n)
	case *ast.BlockStmt:
		for _, s := range n.List {
			f.dropStatement(s)
		}
	}
	return true
}

// swapArguments exchanges neighbouring arguments of a call. Where their types
// differ, the compiler refuses it.
func (f *finder) swapArguments(call *ast.CallExpr) {
	isText := func(e ast.Expr) bool {
		lit, ok := e.(*ast.BasicLit)
		return ok && lit.Kind == token.STRING
	}
	for i := 1; i < len(call.Args); i++ {
		a, b := call.Args[i-1], call.Args[i]
		if f.of(a) != f.of(b) && !isText(a) && !isText(b) {
			f.replaceIn(call, a.Pos(), b.End(), f.of(b)+", "+f.of(a))
		}
	}
}

// dropError returns nil in place of err.
func (f *finder) dropError(r *ast.ReturnStmt) {
	if n := len(r.Results); n > 0 {
		if id, ok := r.Results[n-1].(*ast.Ident); ok && id.Name == "err" {
			f.replaceIn(r, id.Pos(), id.End(), "nil")
		}
	}
}

// dropStatement leaves out a statement that only has an effect.
func (f *finder) dropStatement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt:
		f.replace(s, "{}")
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			f.replace(s, "{}")
		}
	}
}

// replace adds the change of a whole node.
func (f *finder) replace(n ast.Node, by string) { f.replaceIn(n, n.Pos(), n.End(), by) }

// replaceIn adds the change of the text between two places in a node, which is shown
// whole.
func (f *finder) replaceIn(n ast.Node, from, to token.Pos, by string) {
	shown := string(f.text[at(n.Pos()):at(from)]) + by + string(f.text[at(to):at(n.End())])
	f.found = append(f.found, mutant{f.source, f.function, at(from), at(to), by, short(f.of(n)), short(shown)})
}

// short returns a piece of code in one line of at most 90 letters.
func short(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if letters := []rune(code); len(letters) > 90 {
		code = string(letters[:89]) + "…"
	}
	return code
}
