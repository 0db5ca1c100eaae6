package transactions

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// listed finds the functions whose argument is put into a list of which all are called inside a transaction: batch.Add(op), batch.Run().
func (k *knower) listed(fns []*ssa.Function) {
	lists := map[*types.Var]string{}
	for _, fn := range fns {
		if fn.Parent() == nil && len(fn.Blocks) > 0 {
			k.listsRun(fn, lists)
		}
	}
	if len(lists) == 0 {
		return
	}
	k.fix(fns, func(fn *ssa.Function, s *Summary) bool { return puts(fn, s, lists) }, k.runs)
}

// listsRun adds the fields whose elements the function calls while a transaction is open, and how that was opened.
func (k *knower) listsRun(fn *ssa.Function, lists map[*types.Var]string) {
	if !slices.ContainsFunc(k.callsOf(fn), func(call ssa.CallInstruction) bool { return listOf(call) != nil }) {
		return
	}
	add := func(w *walk, how string) {
		for _, in := range w.inside() {
			call, ok := in.instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if f := listOf(call); f != nil && lists[f] == "" {
				lists[f] = how
			}
		}
	}
	for _, o := range k.openers(fn) {
		add(k.run(o.root, o.handle, o.call, nil), o.how)
	}
	for _, b := range k.bodiesOf(fn) {
		add(k.run(b.fn, k.given(b.fn), nil, nil), b.how)
	}
}

// listOf returns the field of which a call calls an element, or nil.
func listOf(call ssa.CallInstruction) *types.Var {
	c := call.Common()
	load, ok := c.Value.(*ssa.UnOp)
	if !ok || c.IsInvoke() {
		return nil
	}
	at, ok := load.X.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	list, ok := origin(at.X).(*ssa.UnOp)
	if !ok {
		return nil
	}
	return fieldAt(list.X)
}

// fieldAt returns the field whose address v is, or nil.
func fieldAt(v ssa.Value) *types.Var {
	at, ok := v.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	return ssapass.Field(at.X.Type(), at.Field)
}

// puts notes the parameters that the function appends to one of the lists.
func puts(fn *ssa.Function, s *Summary, lists map[*types.Var]string) bool {
	changed := false
	for _, instr := range instructions(fn) {
		store, ok := instr.(*ssa.Store)
		if !ok {
			continue
		}
		how := lists[fieldAt(store.Addr)]
		call, ok := store.Val.(*ssa.Call)
		if how == "" || !ok || len(call.Call.Args) != 2 {
			continue
		}
		if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "append" {
			continue
		}
		for _, e := range ssapass.Elements(call.Call.Args[1]) {
			if i := paramIndex(origin(e)); i >= 0 {
				changed = s.addRun(Run{Param: i, How: how}) || changed
			}
		}
	}
	return changed
}
