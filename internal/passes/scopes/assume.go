package scopes

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// assume is world w where cond is truth; false if it can't be.
func (k *walker) assume(w world, cond ssa.Value, truth bool) (world, bool) {
	want := boolVal(truth)
	if x := k.eval(w, cond); x == opposite(want) {
		return w, false
	}
	w = k.learn(w, cond, want)
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return k.assume(w, c.X, !truth)
		}
	case *ssa.BinOp:
		if c.Op == token.EQL || c.Op == token.NEQ {
			return k.assumeEqual(w, c, (c.Op == token.EQL) == truth)
		}
	case *ssa.Call:
		// errors.Is and errors.As hold for no nil error.
		if obj := k.f.program.callee(&c.Call).obj; truth && obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "errors" && len(c.Call.Args) == 2 {
			w = k.learn(w, c.Call.Args[0], nonNil)
		}
	case *ssa.Extract:
		if t, ok := c.Tuple.(*ssa.TypeAssert); ok && truth {
			w = k.learn(w, t.X, nonNil)
		}
	}
	return w, true
}

func (k *walker) assumeEqual(w world, c *ssa.BinOp, equal bool) (world, bool) {
	x, y := k.eval(w, c.X), k.eval(w, c.Y)
	if eq, known := same(x, y); known {
		return w, eq == equal
	}
	if x != unknown {
		return k.assumeIs(w, c.Y, x, equal), true
	}
	return k.assumeIs(w, c.X, y, equal), true
}

// assumeIs notes that v, of which nothing is known, equals something that is x, or that it doesn't.
func (k *walker) assumeIs(w world, v ssa.Value, x val, equal bool) world {
	switch {
	case equal && x.notNil():
		return k.learn(w, v, nonNil)
	case equal && x.scalar():
		return k.learn(w, v, x)
	case !equal && (x == isNil || x == isTrue || x == isFalse):
		return k.learn(w, v, opposite(x))
	}
	return w
}

// learn notes that v is x, and so is what v was just made from.
func (k *walker) learn(w world, v ssa.Value, x val) world {
	if slot, ok := k.f.slots[v]; ok && w.at(slot) == unknown {
		w = k.assign(w, v, x)
	}
	switch v := v.(type) {
	case *ssa.ChangeInterface:
		return k.learn(w, v.X, x)
	case *ssa.ChangeType:
		return k.learn(w, v.X, x)
	case *ssa.UnOp:
		if base, _, depth := k.f.cell(v.X); v.Op == token.MUL && depth == 0 && fresh(v) {
			if slot, ok := k.f.slots[base]; ok && w.at(slot) == unknown {
				w = k.assign(w, base, x)
			}
		}
	}
	return w
}

// fresh reports whether the variable that load read still holds what it read when the branch at the end of its block is taken.
func fresh(load *ssa.UnOp) bool {
	b := load.Block()
	after := false
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Store, *ssa.Call:
			if after {
				return false
			}
		case *ssa.UnOp:
			after = after || instr == load
		}
	}
	if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); !ok {
		return false
	}
	return true
}
