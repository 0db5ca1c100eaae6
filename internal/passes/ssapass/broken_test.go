package ssapass_test

import (
	"go/ast"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/internal/damage"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// Whatever is wrong with a package, what type errors do not reach is looked into, in every function.
func TestBroken(t *testing.T) {
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	cfg := &packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: "../../../testdata/src"}
	pkgs, err := packages.Load(cfg, "./effects/...", "./scopeclose/...", "./ssapass/...")
	if err != nil {
		t.Fatal(err)
	}
	all, err := damage.Packages(pkgs, rounds)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{ssapass.Analyzer}, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		switch {
		case act.Err != nil:
			t.Errorf("%s: %v\n%s", act, act.Err, excerpt(act.Package))
		case act.Analyzer == ssapass.Analyzer:
			for _, lost := range withoutBody(act) {
				t.Errorf("%s is lost: %v\n%s", lost, act.Result.(*ssapass.SSA).Failed, excerpt(act.Package))
			}
		}
	}
}

// A package variable whose name is taken is initialised all the same.
func TestRedeclaredVariable(t *testing.T) {
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	const src = `package redeclared

func first() int { return 1 }
func second() (int, int) { return 2, 3 }

var m = first()
var m, n = second()

func use() int { return m + n }
`
	cfg := &packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir, Overlay: map[string][]byte{
		filepath.Join(dir, "redeclared", "redeclared.go"): []byte(src),
	}}
	pkgs, err := packages.Load(cfg, "./redeclared")
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{ssapass.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := graph.Roots[0].Result.(*ssapass.SSA)
	if s.Failed != nil {
		t.Fatal(s.Failed)
	}
	var called []string
	for _, call := range s.CallsIn(s.Pkg.Func("init")) {
		if fn := call.Common().StaticCallee(); fn != nil {
			called = append(called, fn.Name())
		}
	}
	if !slices.Contains(called, "first") || !slices.Contains(called, "second") {
		t.Errorf("the initialiser calls %v, want first and second among them", called)
	}
	if lost := withoutBody(graph.Roots[0]); len(lost) > 0 {
		t.Errorf("%v are lost", lost)
	}
}

// withoutBody names the functions that have a body, and of which nothing is known.
func withoutBody(act *checker.Action) []string {
	s := act.Result.(*ssapass.SSA)
	built := map[token.Pos]bool{}
	for _, fn := range s.Funcs {
		if len(fn.Blocks) > 0 {
			built[fn.Pos()] = true
		}
	}
	lost := map[string]bool{}
	for _, f := range act.Package.Syntax {
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && act.Package.TypesInfo.Defs[fn.Name] != nil && !built[fn.Name.Pos()] && fn.Name.Name != "_" {
				lost[fn.Name.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(lost))
}

func excerpt(p *packages.Package) string {
	var lines []string
	for _, err := range p.TypeErrors {
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}
