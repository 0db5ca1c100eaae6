package contexts

import "golang.org/x/tools/go/ssa"

// A function that is handed one and returns one, as a decorator does, wraps the first in the second.

// wraps says what the literals that fn returns hand the functions that fn is handed.
func (a *engine) wraps(fn *ssa.Function) []Callback {
	if !handsOut(fn.Signature) || !a.taken(fn.Signature).functions {
		return nil
	}
	var out []Callback
	for i, p := range declaredParams(fn) {
		if s := a.sites[p]; s != nil && called(p.Type()) != nil {
			for _, lit := range fn.AnonFuncs {
				if args := a.argsInside(s, lit); len(args) > 0 && a.sites[lit] != nil && a.sites[lit].escapes {
					out = append(out, Callback{Param: i, Args: args})
				}
			}
		}
	}
	return out
}

// argsInside says which of its own contexts the literal hands the function with those sites.
func (a *engine) argsInside(s *sites, lit *ssa.Function) []Arg {
	var args []Arg
	for _, call := range s.calls {
		if !within(call.Parent(), lit) {
			continue
		}
		sig := call.Common().Signature()
		for j := range sig.Params().Len() {
			arg := argument(call.Common(), sig, j)
			if arg == nil || !a.carries(arg.Type()) {
				continue
			}
			if o := a.origin(a.rootsAt(arg, call), lit); len(o.Params) > 0 {
				args = append(args, Arg{j, o})
			}
		}
	}
	return args
}

// wrapping returns the call of a function of another package that made the function value v, and what it wraps in it.
func (a *engine) wrapping(v ssa.Value) (*ssa.Call, []Callback) {
	if !a.wrappers || v == nil || !isSignature(v.Type()) {
		return nil, nil
	}
	if load, ok := v.(*ssa.UnOp); ok {
		v = a.base(load)
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil, nil
	}
	if f := a.fact(calledFunc(call.Common())); f != nil {
		return call, f.Wraps
	}
	return nil, nil
}

// maxWraps bounds how many functions are followed that are wrapped in each other.
const maxWraps = 8

// wrappedNeeds returns the parameters of the function value v for which what it wraps needs a scope, or opens one.
func (a *engine) wrappedNeeds(v ssa.Value, depth int) []need {
	made, wraps := a.wrapping(v)
	if depth == maxWraps {
		return nil
	}
	var out []need
	for _, cb := range wraps {
		for _, n := range a.valueNeeds(made, wrapped(made, cb), depth+1) {
			n.Chain = a.extend(made, calledFunc(made.Common()), n.Chain)
			out = append(out, cb.through(n)...)
		}
	}
	return out
}

// wrapped returns the argument of the call that the function which it returns calls.
func wrapped(made *ssa.Call, cb Callback) ssa.Value {
	return argument(made.Common(), calledFunc(made.Common()).Signature(), cb.Param)
}

// through returns the needs of a function that hands its contexts on, as c says, to one that has the need n.
func (c Callback) through(n need) []need {
	var out []need
	for _, given := range c.Args {
		if given.Index == n.Param {
			for _, p := range given.Origin.Params {
				outer := n
				outer.Param = p
				out = append(out, outer)
			}
		}
	}
	return out
}

// valueNeeds returns what the function value v, an argument of the call, needs of its parameters.
func (a *engine) valueNeeds(call ssa.CallInstruction, v ssa.Value, depth int) []need {
	out := a.wrappedNeeds(v, depth)
	for _, t := range targets(v) {
		if fn, ok := t.(*ssa.Function); ok {
			out = append(out, a.namedNeeds(call, fn)...)
		}
	}
	return out
}

// wrappedIn returns the functions that are wrapped in those that the call calls, or hands on.
func (a *engine) wrappedIn(call ssa.CallInstruction) []*ssa.Function {
	if !a.wrappers {
		return nil
	}
	out := a.wrappedFuncs(call.Common().Value, 0)
	for _, arg := range call.Common().Args {
		out = append(out, a.wrappedFuncs(arg, 0)...)
	}
	return out
}

func (a *engine) wrappedFuncs(v ssa.Value, depth int) []*ssa.Function {
	made, wraps := a.wrapping(v)
	if depth == maxWraps {
		return nil
	}
	var out []*ssa.Function
	for _, cb := range wraps {
		arg := wrapped(made, cb)
		out = append(out, a.wrappedFuncs(arg, depth+1)...)
		for _, t := range targets(arg) {
			if fn, ok := t.(*ssa.Function); ok {
				out = append(out, fn)
			}
		}
	}
	return out
}
