// Package damage is code that does not compile: packages with a few tokens changed, for tests of what analyzers make of them.
package damage

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A saw damages source text: one token at a time, so that most of the file still makes sense.
type saw struct {
	*rand.Rand
	words []string // that stand in the file
}

func (s *saw) damage(src []byte) []byte {
	type tok struct {
		from, to int
		tok      token.Token
	}
	var toks []tok
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var sc scanner.Scanner
	sc.Init(file, src, nil, 0)
	for {
		pos, t, lit := sc.Scan()
		if t == token.EOF {
			break
		}
		if t == token.IDENT {
			s.words = append(s.words, lit)
		}
		if t.IsOperator() {
			lit = t.String()
		}
		toks = append(toks, tok{file.Offset(pos), file.Offset(pos) + len(lit), t})
	}
	for range 1 + s.IntN(3) {
		t := toks[s.IntN(len(toks))]
		if t.to > len(src) || t.tok == token.SEMICOLON {
			continue
		}
		with := ""
		switch {
		case t.tok == token.IDENT && s.IntN(3) > 0:
			with = []string{"undefined", s.words[s.IntN(len(s.words))], "nil", "7"}[s.IntN(4)]
		case t.tok.IsLiteral():
			with = []string{`"a"`, "1", "nil", "x.y", "undefined()"}[s.IntN(5)]
		case t.tok.IsOperator() && s.IntN(2) > 0:
			with = []string{"+", ",", ".", "&", "*", "<-", "=", ":="}[s.IntN(8)]
		}
		with += strings.Repeat(" ", max(0, t.to-t.from-len(with)))
		if len(with) == t.to-t.from { // later tokens stay where they are
			copy(src[t.from:t.to], with)
		} else {
			return slices.Concat(src[:t.from], []byte(with), src[t.to:])
		}
	}
	return src
}

// Packages returns each package with one of its files damaged, as often as rounds says: always the same. The packages were loaded from
// source, with all that they import.
func Packages(pkgs []*packages.Package, rounds int) ([]*packages.Package, error) {
	pkgs = slices.SortedFunc(slices.Values(pkgs), func(a, b *packages.Package) int { return cmp.Compare(a.PkgPath, b.PkgPath) })
	r := rand.New(rand.NewPCG(4, 7))
	var all []*packages.Package
	for range rounds {
		for _, p := range pkgs {
			c, err := damaged(p, r)
			if err != nil {
				return nil, err
			}
			all = append(all, c)
		}
	}
	return all, nil
}

func damaged(p *packages.Package, r *rand.Rand) (*packages.Package, error) {
	c := *p
	c.Syntax, c.TypeErrors, c.IllTyped = slices.Clone(p.Syntax), nil, true
	i := r.IntN(len(p.CompiledGoFiles))
	src, err := os.ReadFile(p.CompiledGoFiles[i])
	if err != nil {
		return nil, err
	}
	s := &saw{Rand: r}
	f, err := parser.ParseFile(p.Fset, p.CompiledGoFiles[i], s.damage(src), parser.ParseComments|parser.SkipObjectResolution|parser.AllErrors)
	c.Errors = []packages.Error{{Msg: fmt.Sprint(err)}}
	c.Syntax[i] = f
	c.TypesInfo = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	conf := &types.Config{
		Importer:  imports(p.Imports),
		GoVersion: "go1.25",
		Error:     func(err error) { c.TypeErrors = append(c.TypeErrors, err.(types.Error)) },
	}
	c.Types, _ = conf.Check(p.PkgPath, p.Fset, c.Syntax, c.TypesInfo)
	return &c, nil
}

type imports map[string]*packages.Package

func (m imports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := m[path]; p != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("it is not there")
}
