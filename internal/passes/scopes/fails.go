package scopes

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// failures finds out when fn's error is not nil.
func (p *program) failures(fn *ssa.Function, s *Summary) {
	results := fn.Signature.Results()
	last := results.Len() - 1
	if last < 0 {
		return
	}
	if t := results.At(last).Type(); !isError(t) {
		if last == 0 && types.Identical(t, types.Typ[types.Bool]) {
			p.predicate(fn, s)
		}
		return
	}
	if s.NonNil = !p.mayReturnNil(fn, last) && p.alwaysFails(fn, nil, last); s.NonNil {
		return
	}
	for i, param := range fn.Params {
		if isError(param.Type()) && p.alwaysFails(fn, param, last) {
			s.NonNilIf = append(s.NonNilIf, i)
		}
	}
}

// predicate finds out which parameters are errors wherever fn is true.
func (p *program) predicate(fn *ssa.Function, s *Summary) {
	for i, param := range fn.Params {
		if isError(param.Type()) && p.falseForNil(fn, param) {
			s.Errors = append(s.Errors, i)
		}
	}
}

func (p *program) falseForNil(fn *ssa.Function, param *ssa.Parameter) bool {
	k := p.walker(fn, origin{context: -1})
	k.until = func(e ending) bool { return val(e.results[0]) != isFalse }
	endings := k.run(fn, k.start(param, isNil))
	return len(endings) > 0 && !k.ended && !k.lost
}

func (p *program) alwaysFails(fn *ssa.Function, param *ssa.Parameter, result int) bool {
	k := p.walker(fn, origin{context: -1})
	k.until = func(e ending) bool { return !val(e.results[result]).notNil() }
	w := k.f.empty()
	if param != nil {
		slot, ok := k.f.slots[param]
		if !ok {
			return false
		}
		w = w.set(slot, nonNil)
	}
	endings := k.run(fn, w)
	return len(endings) > 0 && !k.ended && !k.lost
}

// mayReturnNil reports whether it is plain without a walk that the result of fn may be nil: it is, comes from a call that nobody asks
// about, or is a named result, which starts as nil.
func (p *program) mayReturnNil(fn *ssa.Function, result int) bool {
	for _, move := range p.ssa.Body(fn).Moves {
		if ret, ok := move.(*ssa.Return); ok && p.mayBeNil(ret.Results[result]) {
			return true
		}
	}
	return false
}

func (p *program) mayBeNil(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Extract:
		return len(*v.Referrers()) == 1
	case *ssa.UnOp:
		_, named := v.X.(*ssa.Alloc)
		return named
	case *ssa.Call:
		c := p.callee(&v.Call)
		return len(*v.Referrers()) == 1 && !p.mayFail(c, v.Call.Args)
	}
	return false
}

// mayFail reports whether a call of c could be one whose error is never nil.
func (p *program) mayFail(c callee, args []ssa.Value) bool {
	if c.known {
		return c.summary != nil && (c.summary.NonNil || len(c.summary.NonNilIf) > 0)
	}
	wraps := slices.ContainsFunc(args, func(arg ssa.Value) bool { return isError(arg.Type()) })
	return wraps || p.ssa.Fails(c.obj) || c.obj != nil && namesError(c.obj.Name())
}
