package contexts

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// livesOn reports whether the scope of a root is open when the function that opens it returns, and after that. It is somebody else's to
// close: it is handed out, itself or as a function that closes it, in a result, a field or a literal. Or it is closed by what s runs, or
// by another goroutine that waits for that.
func (a *engine) livesOn(s *Spawn, r Root) bool {
	call, ok := r.Node.(*ssa.Call)
	if !ok || r.Kind != Scoped {
		return false
	}
	f := fate{engine: a, spawn: s, seen: map[ssa.Value]bool{}}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && (isScope(e.Type()) || isSignature(e.Type())) {
			f.follow(e)
		}
	}
	return f.out && !f.here
}

// A fate is what becomes of a scope: it is handed out or closed after s, it is closed here, or may be.
type fate struct {
	engine    *engine
	spawn     *Spawn
	seen      map[ssa.Value]bool
	out, here bool
}

func (f *fate) follow(v ssa.Value) {
	if f.seen[v] || v.Referrers() == nil {
		return
	}
	f.seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.MapUpdate, *ssa.Send:
			f.out = true
		case *ssa.Store:
			if ref.Val == v {
				f.stored(ref.Addr)
			}
		case *ssa.MakeClosure, *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.Phi:
			f.follow(ref.(ssa.Value))
		case ssa.CallInstruction:
			f.called(ref)
		}
	}
}

// stored follows a scope into a variable, and to where that is read. What a literal that is handed out does with it is not done here.
func (f *fate) stored(addr ssa.Value) {
	if !ssapass.IsVariable(addr) {
		f.out = true
		return
	}
	for _, v := range ssapass.Captures(addr) {
		if s := f.engine.sites[v.Parent()]; v != ssapass.Variable(addr) && s != nil && s.escapes {
			f.out = true
			continue
		}
		for _, ref := range *v.Referrers() {
			if load, ok := ref.(*ssa.UnOp); ok {
				f.follow(load)
			}
		}
	}
}

// called notes a call that is handed the scope: it closes it, or may.
func (f *fate) called(call ssa.CallInstruction) {
	switch {
	case f.looks(call):
	case f.after(call):
		f.out = true
	default:
		f.here = true
	}
}

// after reports whether the call runs in the goroutine, or in another one that waits for it.
func (f *fate) after(call ssa.CallInstruction) bool {
	if call == f.spawn.Call || f.spawn.runs(call) {
		return true
	}
	for _, other := range f.engine.spawns {
		if other.runs(call) {
			_, waits := f.engine.actsOf(other)
			return waits.meets(f.engine.groupsOf(f.spawn))
		}
	}
	return false
}

// looks reports whether a call only looks at a scope.
func (f *fate) looks(call ssa.CallInstruction) bool {
	switch apiName(call.Common()) {
	case "Scope.State", "Scope.Intents", "Scope.Own", "Scope.Captured", "Scope.Parent", "Scope.Report":
		return true
	}
	return false
}
