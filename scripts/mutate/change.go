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
	"strconv"
	"strings"
)

// mutant is the code with one change.
type mutant struct {
	pkg      goPackage
	file     string // path
	line     int
	function string
	old, new string // the expression or statement changed
	text     []byte // the whole file, changed
}

func (m mutant) String() string { return fmt.Sprintf("%s:%d %s", m.name(), m.line, m.change()) }

// key is the change without its line, which other changes move.
func (m mutant) key() string { return fmt.Sprintf("%s %s: %s", m.name(), m.function, m.change()) }

func (m mutant) change() string { return fmt.Sprintf("%s → %s", m.old, m.new) }

// name returns the file's path below the module.
func (m mutant) name() string {
	if path, err := filepath.Rel(m.pkg.Module.Dir, m.file); err == nil {
		return filepath.ToSlash(path)
	}
	return m.file
}

// swaps are the operators that are confused with each other.
var swaps = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

// finder collects the changes of a file. Each is made by cutting a piece out of the
// text and putting another in its place, so that all else stays as it is.
type finder struct {
	pkg      goPackage
	path     string
	set      *token.FileSet
	source   []byte
	siblings map[string][]string
	function string
	around   []ast.Node // the nodes that the one visited lies in
	found    []mutant
}

// mutantsOf returns all changes of a package's code.
func mutantsOf(p goPackage, siblings map[string][]string) (all []mutant, err error) {
	for _, name := range append(append([]string(nil), p.GoFiles...), p.CgoFiles...) {
		f := finder{pkg: p, path: filepath.Join(p.Dir, name), set: token.NewFileSet(), siblings: siblings}
		if f.source, err = os.ReadFile(f.path); err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(f.set, f.path, f.source, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			if function, ok := d.(*ast.FuncDecl); ok && function.Body != nil {
				f.function = function.Name.Name
				ast.Inspect(function.Body, f.visit)
			}
		}
		all = append(all, f.found...)
	}
	return all, nil
}

// visit adds the changes of a node; nil ends the one visited before.
func (f *finder) visit(n ast.Node) bool {
	if n == nil {
		f.around = f.around[:len(f.around)-1]
		return false
	}
	defer func() { f.around = append(f.around, n) }()
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if other, ok := swaps[n.Op]; ok {
			f.add(n, f.of(n.X)+" "+other.String()+" "+f.of(n.Y))
		}
	case *ast.IfStmt:
		f.add(n.Cond, "!("+f.of(n.Cond)+")")
	case *ast.BasicLit:
		if v, err := strconv.Atoi(n.Value); err == nil && n.Kind == token.INT {
			f.replace(f.shown(n), n.Pos(), n.End(), strconv.Itoa(v+1))
		}
	case *ast.CallExpr:
		f.swapArguments(n)
	case *ast.SelectorExpr:
		for _, sibling := range f.siblings[n.Sel.Name] {
			f.add(n, f.of(n.X)+"."+sibling)
		}
	case *ast.ReturnStmt:
		f.swallow(n)
	case *ast.BlockStmt:
		for _, s := range n.List {
			f.drop(s)
		}
	}
	return true
}

// shown returns the expression that a literal stands in, which tells it from others.
func (f *finder) shown(n ast.Node) ast.Node {
	if outer, ok := f.around[len(f.around)-1].(ast.Expr); ok {
		return outer
	}
	return n
}

// swapArguments exchanges neighbouring arguments of a call. Where their types
// differ, the compiler refuses it.
func (f *finder) swapArguments(call *ast.CallExpr) {
	for i := 1; i < len(call.Args); i++ {
		a, b := call.Args[i-1], call.Args[i]
		if f.of(a) != f.of(b) && !isText(a) && !isText(b) {
			f.replace(call, a.Pos(), b.End(), f.of(b)+", "+f.of(a))
		}
	}
}

func isText(e ast.Expr) bool {
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING
}

// swallow returns nil in place of err.
func (f *finder) swallow(r *ast.ReturnStmt) {
	if n := len(r.Results); n > 0 {
		if id, ok := r.Results[n-1].(*ast.Ident); ok && id.Name == "err" {
			f.replace(r, id.Pos(), id.End(), "nil")
		}
	}
}

// drop leaves out a statement that only has an effect.
func (f *finder) drop(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt:
		f.add(s, "{}")
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			f.add(s, "{}")
		}
	}
}

func (f *finder) add(n ast.Node, new string) { f.replace(n, n.Pos(), n.End(), new) }

// replace adds the change of the text between two places; whole is what is shown.
func (f *finder) replace(whole ast.Node, from, to token.Pos, new string) {
	at := func(p token.Pos) int { return f.set.Position(p).Offset }
	text := bytes.Join([][]byte{f.source[:at(from)], []byte(new), f.source[at(to):]}, nil)
	shown := string(f.source[at(whole.Pos()):at(from)]) + new + string(f.source[at(to):at(whole.End())])
	f.found = append(f.found, mutant{
		pkg: f.pkg, file: f.path, line: f.set.Position(from).Line, function: f.function,
		old: short(f.of(whole)), new: short(shown), text: text,
	})
}

// of returns the source of a node.
func (f *finder) of(n ast.Node) string {
	return string(f.source[f.set.Position(n.Pos()).Offset:f.set.Position(n.End()).Offset])
}

// short returns a piece of code in one line of at most 90 letters.
func short(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if letters := []rune(code); len(letters) > 90 {
		code = string(letters[:89]) + "…"
	}
	return code
}

// structSiblings returns for each name of a struct's field those of the fields of the
// same type beside it: a loss in place of a cost is the mistake that compiles.
func structSiblings(packages []goPackage) (map[string][]string, error) {
	siblings := map[string][]string{}
	for _, p := range packages {
		for _, name := range p.GoFiles {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.StructType); ok {
					addSiblings(siblings, set, s)
				}
				return true
			})
		}
	}
	return siblings, nil
}

func addSiblings(siblings map[string][]string, set *token.FileSet, s *ast.StructType) {
	byType := map[string][]string{}
	for _, field := range s.Fields.List {
		var kind bytes.Buffer
		printer.Fprint(&kind, set, field.Type)
		for _, name := range field.Names {
			byType[kind.String()] = append(byType[kind.String()], name.Name)
		}
	}
	for _, names := range byType {
		for i, name := range names {
			if next := names[(i+1)%len(names)]; next != name {
				siblings[name] = append(siblings[name], next)
			}
		}
	}
}
