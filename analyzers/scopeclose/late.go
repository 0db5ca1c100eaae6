package scopeclose

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// tooLate reports whether a deferred literal puts what a call returns into a variable of the function around it that nobody reads after
// that: the results have been taken.
func tooLate(call *ssa.Call) bool {
	refs := *call.Referrers()
	if len(refs) != 1 {
		return false
	}
	store, ok := refs[0].(*ssa.Store)
	if !ok || !isDeferred(call.Parent()) {
		return false
	}
	if _, captured := store.Addr.(*ssa.FreeVar); !captured {
		return false
	}
	for _, variable := range ssapass.Captures(store.Addr) {
		if slices.ContainsFunc(*variable.Referrers(), func(use ssa.Instruction) bool { return readsAfter(use, store, variable) }) {
			return false
		}
	}
	return true
}

// isDeferred reports whether a literal is only deferred.
func isDeferred(lit *ssa.Function) bool {
	made := ssapass.Closure(lit)
	return made != nil && !slices.ContainsFunc(*made.Referrers(), func(use ssa.Instruction) bool {
		_, deferred := use.(*ssa.Defer)
		return !deferred
	})
}

// readsAfter reports whether a use of a variable may read what a deferred literal has stored in it.
func readsAfter(use ssa.Instruction, store *ssa.Store, variable ssa.Value) bool {
	switch use := use.(type) {
	case *ssa.Store:
		return use.Val == variable
	case *ssa.MakeClosure:
		return false // its captures are looked at by themselves
	case *ssa.UnOp:
		switch use.Parent() {
		case store.Parent():
			return use.Block() != store.Block() || slices.Index(use.Block().Instrs, ssa.Instruction(use)) > slices.Index(use.Block().Instrs, ssa.Instruction(store))
		case ssapass.Variable(variable).Parent():
			return followsDefers(use)
		}
	}
	return true
}

// followsDefers reports whether a value is read when the deferred calls have run, as named results are.
func followsDefers(load *ssa.UnOp) bool {
	for _, instr := range load.Block().Instrs {
		switch instr.(type) {
		case *ssa.RunDefers:
			return true
		case *ssa.UnOp:
			if instr == ssa.Instruction(load) {
				return false
			}
		}
	}
	return false
}
