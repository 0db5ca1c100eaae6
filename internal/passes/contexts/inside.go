package contexts

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file says which scopes are opened by what runs later: they are open for as long as that runs what it is handed.

// opens reports whether the scope of r is opened by what s runs: in its functions, or by the helper that runs them. The parameters in
// asked are being asked about.
func (a *engine) opens(s *Spawn, r Root, asked []*ssa.Parameter) bool {
	for _, body := range s.bodies {
		if within(r.Node.Parent(), body) {
			return true
		}
	}
	return r.Node == Node(s.Call) && a.helperOpens(s, asked)
}

// helperOpens reports whether the helper that s calls opens the scopes of what it runs later there.
func (a *engine) helperOpens(s *Spawn, asked []*ssa.Parameter) bool {
	for _, c := range a.callees(s.Call.Common()) {
		for _, i := range a.spawnedArgs(c) {
			if !a.calleeOpens(c, i, asked) {
				return false
			}
		}
	}
	return true
}

func (a *engine) calleeOpens(c callee, arg int, asked []*ssa.Parameter) bool {
	if c.body != nil {
		return a.opensLater(paramAt(c.body, arg), asked)
	}
	return !slices.ContainsFunc(a.fact(c.fn).Callbacks, func(cb Callback) bool { return cb.Param == arg && cb.Late })
}

// opensLater reports whether all scopes that the function p is handed, where it runs later than the function which takes it, are opened
// there.
func (a *engine) opensLater(p *ssa.Parameter, asked []*ssa.Parameter) bool {
	if slices.Contains(asked, p) {
		return true
	}
	asked = append(asked, p)
	for _, s := range a.spawns {
		if within(s.Call.Parent(), p.Parent()) && slices.Contains(a.spawnedParams(s), p) && !a.handsInside(s, p, asked) {
			return false
		}
	}
	return true
}

// handsInside reports whether all scopes that p is handed where s runs it are opened there.
func (a *engine) handsInside(s *Spawn, p *ssa.Parameter, asked []*ssa.Parameter) bool {
	for _, call := range a.sites[p].calls {
		if call != s.Call && !s.runs(call) {
			continue
		}
		for _, arg := range call.Common().Args {
			if a.carries(arg.Type()) && !a.opensAll(s, a.rootsAt(arg, call), asked) {
				return false
			}
		}
	}
	for _, h := range a.sites[p].handed {
		if h.call == s.Call && !a.helperOpens(s, asked) {
			return false
		}
	}
	return true
}

// runs reports whether the call stands in one of the functions that s runs.
func (s *Spawn) runs(call ssa.CallInstruction) bool {
	return slices.ContainsFunc(s.bodies, func(body *ssa.Function) bool { return within(call.Parent(), body) })
}

func (a *engine) opensAll(s *Spawn, roots Roots, asked []*ssa.Parameter) bool {
	return !slices.ContainsFunc(roots, func(r Root) bool { return r.Kind == Scoped && !a.opens(s, r, asked) })
}
