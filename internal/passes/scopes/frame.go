package scopes

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A frame gives a function, with all literals in it, the slots in which worlds keep what they know: one for each variable that
// stays in memory, each value that is not plain from its operands, and each deferred call's operands.
type frame struct {
	root     *ssa.Function
	program  *program
	slots    map[ssa.Value]int
	pointees map[ssa.Value]int       // the slots of the errors that parameters point to
	settings map[setting]int         // the slots of those that are read
	steady   map[ssa.Value]bool      // what reads one of them
	written  []*ssa.FieldAddr        // the fields that the function and its literals write
	defers   map[*ssa.Defer]int      // the first of a deferred call's slots: pending, function, arguments
	owner    []*ssa.Function         // of each slot
	values   []ssa.Value             // of each slot; nil for those of deferred calls
	decisive []answer                // of each slot: see decides
	register map[*ssa.Function][]int // the slots of each function that are dead where their value is
	bindings map[*ssa.FreeVar]ssa.Value
	literals []ssa.Value // function values, by number
	numbers  map[ssa.Value]val
	calls    map[ssa.Instruction]uint16
	live     map[*ssa.BasicBlock][]bool // nil: not computed yet
	dead     map[*ssa.BasicBlock][]int
	loops    map[*ssa.Function]*loops
	deferred map[*ssa.Function][]*ssa.Defer // in the order of the source

	errorless bool               // the function returns no error
	asking    map[ssa.Value]bool // the conditions that ask what may have enqueued how it went
}

func (p *program) frame(root *ssa.Function) *frame {
	f := &frame{
		root: root, program: p,
		slots: map[ssa.Value]int{}, settings: map[setting]int{}, steady: map[ssa.Value]bool{}, defers: map[*ssa.Defer]int{}, bindings: map[*ssa.FreeVar]ssa.Value{},
		register: map[*ssa.Function][]int{}, numbers: map[ssa.Value]val{}, calls: map[ssa.Instruction]uint16{}, dead: map[*ssa.BasicBlock][]int{},
		loops: map[*ssa.Function]*loops{}, deferred: map[*ssa.Function][]*ssa.Defer{}, errorless: errorResult(root.Signature) < 0, asking: map[ssa.Value]bool{},
	}
	f.findWritten(root)
	f.lay(root)
	return f
}

// lay gives slots to the values of fn and of the literals in it.
func (f *frame) lay(fn *ssa.Function) {
	for _, p := range fn.Params {
		f.slot(fn, p)
		if fn == f.root && pointsToError(p) {
			if f.pointees == nil {
				f.pointees = map[ssa.Value]int{}
			}
			f.pointees[p] = len(f.owner)
			f.add(fn, nil, false)
		}
	}
	f.loops[fn] = findLoops(fn)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			f.layInstr(fn, instr)
		}
	}
	for _, lit := range fn.AnonFuncs {
		f.lay(lit)
	}
}

func (f *frame) layInstr(fn *ssa.Function, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Alloc, *ssa.Phi, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.Lookup, *ssa.Index:
		f.slot(fn, instr.(ssa.Value))
	case *ssa.Extract:
		if _, ok := instr.Tuple.(*ssa.TypeAssert); !ok || instr.Index == 1 {
			f.slot(fn, instr)
		}
	case *ssa.UnOp:
		if instr.Op == token.MUL || instr.Op == token.ARROW {
			f.slot(fn, instr)
		}
	case *ssa.MakeClosure:
		for i, b := range instr.Bindings {
			f.bindings[instr.Fn.(*ssa.Function).FreeVars[i]] = b
		}
	case *ssa.BinOp:
		if f.decisions(instr) > 1 {
			f.slot(fn, instr)
		}
	case *ssa.Call:
		f.calls[instr] = uint16(len(f.calls) + 1)
		f.slot(fn, instr)
	case *ssa.Go:
		f.calls[instr] = uint16(len(f.calls) + 1)
	case *ssa.Defer:
		f.calls[instr] = uint16(len(f.calls) + 1)
		f.layDefer(fn, instr)
	}
}

func (f *frame) slot(fn *ssa.Function, v ssa.Value) {
	if t, ok := v.Type().Underlying().(*types.Basic); ok && (t.Info()&(types.IsBoolean|types.IsInteger) == 0 || !f.matters(v)) {
		return
	}
	_, lasts := v.(*ssa.Alloc)
	if s, ok := f.setting(v); ok {
		f.steady[v] = true
		if slot, known := f.settings[s]; known {
			f.slots[v] = slot
			return
		}
		f.settings[s], lasts = len(f.owner), true
	}
	f.slots[v] = len(f.owner)
	f.add(fn, v, !lasts)
}

func (f *frame) add(fn *ssa.Function, v ssa.Value, register bool) {
	if register {
		f.register[fn] = append(f.register[fn], len(f.owner))
	}
	f.owner = append(f.owner, fn)
	f.values = append(f.values, v)
	f.decisive = append(f.decisive, unanswered)
}

// An answer is one that is found when it is asked for.
type answer uint8

const (
	unanswered answer = iota
	no
	yes
)

// decides reports whether it pays to remember which way a branch on what is in a slot went.
func (f *frame) decides(slot int) bool {
	if f.decisive[slot] == unanswered {
		f.decisive[slot] = no
		if v := f.values[slot]; v == nil || f.matters(v) {
			f.decisive[slot] = yes
		}
	}
	return f.decisive[slot] == yes
}

// layDefer makes room for a deferred call in the function whose return runs it.
func (f *frame) layDefer(fn *ssa.Function, d *ssa.Defer) {
	runner := fn
	if d.DeferStack != nil {
		for runner.Synthetic == rangeFuncYield && runner != f.root {
			runner = runner.Parent()
		}
	}
	f.defers[d] = len(f.owner)
	for range 2 + len(d.Call.Args) {
		f.add(runner, nil, false)
	}
	f.deferred[runner] = append(f.deferred[runner], d)
}

const rangeFuncYield = "range-over-func yield"

// matters reports whether which way a branch on v goes can matter a second time. What a call returns may go with what it did.
func (f *frame) matters(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return f.cellDecides(v)
	case *ssa.Phi:
		return f.decisions(v) > 0 || isCounter(v)
	case *ssa.UnOp, *ssa.Call:
		return f.decisions(v) > 0
	case *ssa.Extract:
		switch v.Tuple.(type) {
		case *ssa.Call, *ssa.Select:
			return f.decisions(v) > 0
		}
	}
	return f.decisions(v) > 1
}

// cellDecides reports whether what a variable holds is ever decided on. One whose address is kept is written out of sight; a call that is
// handed it writes it, see written.
func (f *frame) cellDecides(v ssa.Value) bool {
	if v.Referrers() == nil {
		return false
	}
	decides := false
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			decides = decides || f.decisions(ref) > 0
		case *ssa.Store:
			if ref.Val == v {
				return false
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && f.cellDecides(ref.Fn.(*ssa.Function).FreeVars[i]) {
					decides = true
				}
			}
		case *ssa.DebugRef, *ssa.Call, *ssa.Defer:
		default:
			return false
		}
	}
	return decides
}

// decisions counts the uses of v that a branch, a later branch or the meaning of a return depends on.
func (f *frame) decisions(v ssa.Value) int {
	refs := v.Referrers()
	if refs == nil {
		return 0
	}
	n := 0
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.If, *ssa.Phi, *ssa.Return:
			n++
		case *ssa.Store:
			if ref.Val == v {
				n++
			}
		case *ssa.BinOp:
			if ref.Op == token.EQL || ref.Op == token.NEQ {
				n += f.decisions(ref)
			}
		case *ssa.UnOp:
			if ref.Op == token.NOT {
				n += f.decisions(ref)
			}
		case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType:
			n += f.decisions(ref.(ssa.Value))
		case *ssa.Call:
			// os.Exit(code), require.Error(t, err), and helpers that wrap an error: return fmt.Errorf("…: %w", err).
			if isError(v.Type()) && (isError(ref.Type()) || isBool(ref.Type()) || isStatusCode(ref) || asserts(f.program.callee(&ref.Call).obj)) || f.program.resolved(&ref.Call).exits() {
				n++
			}
		}
	}
	return n
}

// isStatusCode reports whether a call asks for gRPC's code of an error.
func isStatusCode(call *ssa.Call) bool {
	fn := call.Call.StaticCallee()
	return fn != nil && fn.Name() == "Code"
}

func isBool(t types.Type) bool { return types.Identical(t.Underlying(), types.Typ[types.Bool]) }

// closure numbers the function value v: a literal, a method value or a function.
func (f *frame) closure(v ssa.Value) val {
	if n, ok := f.numbers[v]; ok {
		return n
	}
	if len(f.literals) == closures {
		return nonNil
	}
	n := val(closureBase + len(f.literals))
	f.literals = append(f.literals, v)
	f.numbers[v] = n
	return n
}

func (f *frame) literal(v val) ssa.Value { return f.literals[v-closureBase] }

// cell returns the variable that addr is the address of, or of a part of, and which field of it that is or lies in (-1 for the whole
// or an element), and how deep.
func (f *frame) cell(addr ssa.Value) (base ssa.Value, field, depth int) {
	field = -1
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr, field, depth = a.X, a.Field, depth+1
		case *ssa.IndexAddr:
			addr, field, depth = a.X, -1, depth+1
		case *ssa.FreeVar:
			b, ok := f.bindings[a]
			if !ok {
				return a, field, depth
			}
			addr = b
		case *ssa.Slice:
			addr, field, depth = a.X, -1, depth+1
		case *ssa.ChangeType:
			addr = a.X
		default:
			return addr, field, depth
		}
	}
}

// variable returns the slot of the variable that is at base: a variable, or the error that a parameter points to.
func (f *frame) variable(base ssa.Value) (slot int, ok bool) {
	if slot, ok = f.pointees[base]; ok {
		return slot, true
	}
	if _, param := base.(*ssa.Parameter); param {
		return 0, false
	}
	slot, ok = f.slots[base]
	return slot, ok
}

// clear forgets the slots of fn, which has returned.
func (f *frame) clear(fn *ssa.Function, w world) world {
	return w.change(func(slot int, v val) val {
		if f.owner[slot] == fn || f.within(f.owner[slot], fn) {
			return unknown
		}
		return v
	})
}

func (f *frame) within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}
