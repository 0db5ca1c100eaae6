package scopes

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A walk finds no fault in what is spared it.
func TestIdiomsNeedNoWalk(t *testing.T) {
	dir, err := filepath.Abs("../../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	spared := 0
	walkAll := *Analyzer
	walkAll.Run = func(pass *analysis.Pass) (any, error) {
		code := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
		if code.Pkg == nil || !concerned(pass) {
			return new(Lifetimes), nil
		}
		p := newProgram(pass, code)
		units := p.units(code.WithInit())
		p.solve(units)
		p.export(units)
		for _, u := range units {
			for _, fn := range u.tree {
				for _, s := range p.sites(fn) {
					if p.idiomatic(s, fn.Function) {
						spared++
						p.checkSpared(t, s, fn)
					}
				}
			}
		}
		return new(Lifetimes), nil
	}
	for _, r := range analysistest.Run(silent{t}, dir, &walkAll, "./scopes/...", "./scopeclose/...", "./inscope/...", "./deferrable/...") {
		if r.Err != nil {
			t.Errorf("%s: %v", r.Pass.Pkg.Path(), r.Err)
		}
	}
	if spared < 10 {
		t.Errorf("%d walks are spared in all fixtures, which have more", spared)
	}
}

func (p *program) checkSpared(t *testing.T, s site, fn *function) {
	t.Helper()
	story := p.tell(s, fn.Function, s.beside())
	l := story.seen.lifetime(s, fn.Function)
	if story.lost || len(story.handed())+len(l.Leaks)+len(l.Losses)+len(l.Misuse)+len(l.Loops) > 0 || l.Unused || story.seen.captured {
		t.Errorf("%s: is spared, a walk finds %+v", p.pass.Fset.Position(s.call.Pos()), *l)
	}
}

// silent is a test to which expectations that are not met are no errors: they are those of other analyzers.
type silent struct{ *testing.T }

func (silent) Errorf(string, ...any) {}
