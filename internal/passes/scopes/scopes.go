// Package scopes follows airlock scopes from the call that opens them: whether each is closed, and closed rightly, on every path.
//
// For each function it finds what becomes of a scope that it is handed (closed, left, kept, handed back) and which open scopes it
// hands out (as such, in a struct, as a cleanup function); these are facts, so they cross packages. For each call that hands out a
// scope it follows that scope over all paths: a set of worlds at each point, each of which says what is true of the scope on one
// path. Function literals are followed where they are called, with the variables that they share.
//
// Nothing is done for packages that neither import the runtime nor a package that hands scopes around.
package scopes

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer computes what functions do with scopes. Its result is a [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "airlockscopes",
	Doc:        "follow scopes from where they are opened to where they are closed",
	Run:        run,
	Requires:   []*analysis.Analyzer{ssapass.Analyzer, whose.Analyzer},
	FactTypes:  []analysis.Fact{new(Summary), new(Handles)},
	ResultType: reflect.TypeFor[*Lifetimes](),
}

// Lifetimes are the scopes of a package, in the order in which they are opened in its source.
type Lifetimes struct {
	List []*Lifetime
	// Misuse lists the enqueues and flushes that find a scope closed which somebody else opened.
	Misuse []ssa.CallInstruction
}

func run(pass *analysis.Pass) (any, error) {
	code := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	if code.Pkg == nil || !concerned(pass) {
		return new(Lifetimes), nil
	}
	p := newProgram(pass, code)
	units := p.units(code.WithInit())
	p.solve(units)
	p.export(units)
	return &Lifetimes{List: p.lifetimes(units), Misuse: p.borrowed(units)}, nil
}

func newProgram(pass *analysis.Pass, code *ssapass.SSA) *program {
	return &program{
		pass: pass, ssa: code, pkg: pass.Pkg,
		functions: map[*ssa.Function]*function{}, facts: map[*types.Func]*Summary{}, handled: map[*types.Package]bool{}, callees: map[*types.Func]*callee{},
		frames: map[*ssa.Function]*frame{}, contexts: map[nesting]bool{}, carriers: map[nesting]bool{},
	}
}

// concerned reports whether the package can have to do with scopes at all.
func concerned(pass *analysis.Pass) bool {
	for _, imp := range pass.Pkg.Imports() {
		if airlockapi.IsRuntime(imp.Path()) || pass.ImportPackageFact(imp, new(Handles)) {
			return true
		}
	}
	return false
}

func (p *program) export(units []*unit) {
	p.pass.ExportPackageFact(new(Handles))
	for _, u := range units {
		obj, ok := u.Object().(*types.Func)
		if ok && u.summary != nil && !u.summary.empty() {
			p.pass.ExportObjectFact(obj, u.summary)
		}
	}
}

func (p *program) handles(pkg *types.Package) bool {
	known, ok := p.handled[pkg]
	if !ok {
		known = p.pass.ImportPackageFact(pkg, new(Handles))
		p.handled[pkg] = known
	}
	return known
}

func (p *program) imported(fn *types.Func) *Summary {
	s, ok := p.facts[fn]
	if !ok {
		if fact := new(Summary); p.pass.ImportObjectFact(fn, fact) {
			s = fact
		}
		p.facts[fn] = s
	}
	return s
}

// lifetimes lists the verdicts, once all that can be known of the functions is.
func (p *program) lifetimes(units []*unit) []*Lifetime {
	var list []*Lifetime
	for _, u := range units {
		for _, fn := range u.tree {
			for _, s := range fn.stories {
				if s.lost || !s.seen.born {
					continue
				}
				l := s.seen.lifetime(s.site, s.root)
				p.judgeGlobals(l, s.seen)
				list = append(list, l)
			}
		}
	}
	return list
}

// borrowed follows the scopes that are not the function's own to close: its parameters, those in their fields, and what FromContext returns.
func (p *program) borrowed(units []*unit) []ssa.CallInstruction {
	var found []ssa.CallInstruction
	for _, u := range units {
		for _, param := range u.Params {
			if isScope(param.Type()) || onlyRead(param) && p.carrier(param.Type()) && p.matters(param) {
				k, _ := p.handed(u.Function, param, unknown)
				found = append(found, k.misuse()...)
			}
		}
		for _, fn := range u.tree {
			for _, call := range fn.found() {
				found = append(found, p.home(site{call: call, results: []Result{{Guard: 1, Within: -1, Around: -1}}, context: -1}, fn.Function).misuse()...)
			}
		}
	}
	return found
}

// onlyRead reports whether nothing is done with a parameter but to read its fields, so that these stay what they are.
func onlyRead(param *ssa.Parameter) bool {
	for _, ref := range *param.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Field:
		case *ssa.FieldAddr:
			for _, use := range *ref.Referrers() {
				if _, load := use.(*ssa.UnOp); !load {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

func (k *walker) misuse() []ssa.CallInstruction {
	if k.lost {
		return nil
	}
	return k.seen.misuse()
}

func (s *story) misuse() []ssa.CallInstruction {
	if s.lost {
		return nil
	}
	return s.seen.misuse()
}

// found lists the calls in fn by which it gets hold of its context's scope.
func (fn *function) found() []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for _, c := range fn.calls {
		if call, ok := c.CallInstruction.(*ssa.Call); ok && c.callee.name == "FromContext" {
			calls = append(calls, call)
		}
	}
	return calls
}
