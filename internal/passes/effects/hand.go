package effects

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A handover is what a package hands to Enqueue, EnqueueFunc or NewTask: functions of its own, and parameters of its functions.
type handover struct {
	functions map[*types.Func]bool
	params    map[*unit][]int
	seen      map[ssa.Value]bool
}

func newHandover() *handover {
	return &handover{functions: map[*types.Func]bool{}, params: map[*unit][]int{}, seen: map[ssa.Value]bool{}}
}

// hand notes what v, which is handed over, may be.
func (e *engine) hand(v ssa.Value) {
	h := e.handed
	if h.seen[v] {
		return
	}
	h.seen[v] = true
	e.graph.watch(e.graph.of(v), func(a *atom) {
		obj := a.obj
		switch a.kind {
		case function:
			obj, _ = a.fn.Object().(*types.Func)
		case symbol:
			if a.sym.path == "" && !slices.Contains(h.params[a.sym.unit], a.sym.index) {
				h.params[a.sym.unit] = append(h.params[a.sym.unit], a.sym.index)
			}
		}
		if obj != nil && obj.Pkg() == e.types {
			h.functions[obj.Origin()] = true
		}
	})
}

// handOn follows what is handed over through the parameters of functions that hand it on, until nothing is new.
func (e *engine) handOn() {
	for before := -1; before != len(e.handed.seen); {
		before = len(e.handed.seen)
		for _, s := range e.sites {
			common := s.call.Common()
			for _, i := range e.handsOf(common) {
				if i < len(common.Args) {
					e.hand(common.Args[i])
				}
			}
		}
		e.graph.settle()
	}
}

// handsOf returns which arguments the function that is called hands over.
func (e *engine) handsOf(call *ssa.CallCommon) []int {
	fn := call.StaticCallee()
	if fn == nil {
		return nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if u := e.units[fn]; u != nil {
		return e.handed.params[u]
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Pkg() == e.types || !e.lookedInto(obj.Pkg()) {
		return nil
	}
	if s := e.facts.summary(obj); s != nil {
		return s.Hands
	}
	return nil
}
