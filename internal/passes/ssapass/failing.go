package ssapass

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Fails marks a function whose last result is an error that is never nil: one that makes errors.
type Fails struct{}

func (*Fails) AFact()         {}
func (*Fails) String() string { return "fails" }

// failing answers which errors are not nil.
type failing struct {
	pass  *analysis.Pass
	pkg   *ssa.Package
	known map[*types.Func]bool
}

// export states the facts of the package.
func (f *failing) export(funcs []*ssa.Function) {
	for _, fn := range funcs {
		obj, ok := fn.Object().(*types.Func)
		if ok && fn.Parent() == nil && f.fails(obj, fn) {
			f.pass.ExportObjectFact(obj, new(Fails))
		}
	}
}

// Fails reports whether the error that fn returns last is never nil, as far as its body shows.
func (s *SSA) Fails(fn *types.Func) bool { return s.failing != nil && s.failing.never(fn) }

// never reports whether the error of fn is never nil.
func (f *failing) never(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	fn = fn.Origin()
	switch fn.Pkg().Path() {
	case "errors":
		return fn.Name() == "New"
	case "fmt":
		return fn.Name() == "Errorf"
	case "net/http": // a server serves until it fails
		return strings.HasPrefix(fn.Name(), "ListenAndServe") || fn.Name() == "Serve" || fn.Name() == "ServeTLS"
	}
	if fn.Pkg() == f.pass.Pkg {
		return f.fails(fn, f.pkg.Prog.FuncValue(fn))
	}
	known, ok := f.known[fn]
	if !ok {
		known = f.pass.ImportObjectFact(fn, new(Fails))
		f.known[fn] = known
	}
	return known
}

// fails is never for a function of the package. One that returns what it returns itself, in a circle, is not known to fail.
func (f *failing) fails(obj *types.Func, fn *ssa.Function) bool {
	known, ok := f.known[obj]
	if !ok {
		f.known[obj] = false
		known = f.alwaysFails(fn)
		f.known[obj] = known
	}
	return known
}

func (f *failing) alwaysFails(fn *ssa.Function) bool {
	if fn == nil {
		return false
	}
	last := fn.Signature.Results().Len() - 1
	if last < 0 || !isErrorType(fn.Signature.Results().At(last).Type()) {
		return false
	}
	var returns []*ssa.Return
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		if IsNil(ret.Results[last]) {
			return false // as most do, somewhere
		}
		returns = append(returns, ret)
	}
	return len(returns) > 0 && !slices.ContainsFunc(returns, func(ret *ssa.Return) bool {
		q := &question{failing: f, seen: map[ssa.Value]bool{}}
		return !q.notNil(Returned(ret, last), ret)
	})
}
