package contexts

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// livesOn reports whether the scope of a root is somebody else's to close: the function that opens it hands it out, itself or as a
// function that closes it, in a result, a field or a literal that it hands out, and does not close it. It is open when the function returns.
func (a *engine) livesOn(r Root) bool {
	call, ok := r.Node.(*ssa.Call)
	if !ok || r.Kind != Scoped {
		return false
	}
	f := fate{engine: a, seen: map[ssa.Value]bool{}}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && (isScope(e.Type()) || isSignature(e.Type())) {
			f.follow(e)
		}
	}
	return f.out && !f.here
}

// A fate is what becomes of a scope: it is handed out, it is closed here, or may be.
type fate struct {
	engine    *engine
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
		case ssa.CallInstruction: // it closes it, or may
			f.here = f.here || !f.looks(ref)
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

// looks reports whether a call only looks at a scope.
func (f *fate) looks(call ssa.CallInstruction) bool {
	switch apiName(call.Common()) {
	case "Scope.State", "Scope.Intents", "Scope.Own", "Scope.Captured", "Scope.Parent", "Scope.Report":
		return true
	}
	return false
}
