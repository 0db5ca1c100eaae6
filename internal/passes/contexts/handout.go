package contexts

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A handout says which groups a function hands out, themselves or as functions that wait for them: whoever has them waits.
type handout struct {
	engine  *engine
	start   ssa.CallInstruction // of the goroutine
	groups  groups
	seen    map[ssa.Value]bool
	results []int // of the function, on each path from where the goroutine was started
	kept    bool  // in a field, an element, a channel, or handed on to another function
}

// handoutOf says what becomes of the groups that tell when s is done.
func (a *engine) handoutOf(s *Spawn, gs groups) *handout {
	h := &handout{engine: a, start: s.Call, groups: gs, seen: map[ssa.Value]bool{}}
	for g := range gs {
		h.follow(g)
	}
	fn := s.Call.Parent()
	for i := range fn.Signature.Results().Len() {
		if h.returns(i) {
			h.results = append(h.results, i)
		}
	}
	return h
}

// returns reports whether result i is one of the groups wherever the function returns after the start.
func (h *handout) returns(i int) bool {
	some := false
	for _, ret := range returns(h.start.Parent()) {
		if !ssapass.LeadsTo(h.start, ret) {
			continue
		}
		if !h.seen[ret.Results[i]] {
			return false
		}
		some = true
	}
	return some
}

func (h *handout) follow(v ssa.Value) {
	if h.seen[v] || v.Referrers() == nil {
		return
	}
	h.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return:
			h.kept = h.kept || isHolder(v)
		case *ssa.Send:
			h.kept = h.kept || ref.X == v
		case *ssa.MapUpdate:
			h.kept = h.kept || ref.Value == v
		case *ssa.Store:
			if ref.Val == v {
				h.stored(ref)
			}
		case *ssa.MakeClosure:
			if h.waits(ref) {
				h.follow(ref)
			}
		case *ssa.UnOp:
			if ref.Op == token.MUL {
				h.follow(ref)
			}
		case *ssa.MakeInterface, *ssa.ChangeType, *ssa.Phi:
			h.follow(ref.(ssa.Value))
		case ssa.CallInstruction:
			h.kept = h.kept || ref != h.start && mayWait(v) && slices.Contains(ref.Common().Args, v)
		}
	}
}

// stored follows what is put into a variable, or into a struct that is built here: to where that is read, and to the literals that
// capture it.
func (h *handout) stored(s *ssa.Store) {
	addr := s.Addr
	if field, ok := addr.(*ssa.FieldAddr); ok {
		addr = field.X
	}
	if _, ok := addr.(*ssa.Alloc); !ok {
		h.kept = true
		return
	}
	h.follow(addr)
}

// waits reports whether a literal, or a method value, waits for one of the groups.
func (h *handout) waits(made *ssa.MakeClosure) bool {
	fn := made.Fn.(*ssa.Function)
	if fn.Synthetic != "" { // a method value
		return fn.Name() == "Wait$bound"
	}
	return slices.ContainsFunc(h.engine.bodyActs(fn, map[*ssa.Function]bool{}), func(act act) bool { return act.waits && h.groups[act.group] })
}

// mayWait reports whether those to whom v is handed may wait with it, unseen: what a call returned for waiting, a function or a channel, or
// what holds a group.
func mayWait(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Call, *ssa.Extract:
		return isSignature(v.Type()) || isChan(v.Type()) || isHolder(v)
	}
	return isHolder(v)
}

// isHolder reports whether v may hold a group, and is none: a struct, an interface.
func isHolder(v ssa.Value) bool {
	return !isGroup(v.Type()) && (types.IsInterface(v.Type()) || ssapass.Struct(v.Type()) != nil)
}

// resultsOf returns the results of a call with these indices, as far as they are used.
func resultsOf(call ssa.CallInstruction, indices []int) []ssa.Value {
	v, ok := call.(*ssa.Call)
	if !ok || len(indices) == 0 {
		return nil
	}
	if v.Call.Signature().Results().Len() == 1 {
		return []ssa.Value{v}
	}
	var out []ssa.Value
	for _, ref := range *v.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && slices.Contains(indices, e.Index) {
			out = append(out, e)
		}
	}
	return out
}
