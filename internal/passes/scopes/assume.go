package scopes

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
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
		if err := ssapass.StatusError(c, truth); err != nil {
			w = k.learn(w, err, nonNil)
		}
		if c.Op == token.EQL || c.Op == token.NEQ {
			return k.assumeEqual(w, c, (c.Op == token.EQL) == truth)
		}
	case *ssa.Call:
		// errors.Is and errors.As hold for no nil error.
		if truth && matchesError(c) {
			w = k.reopen(k.learn(w, c.Call.Args[0], nonNil), c)
		}
		if s := k.f.program.callee(&c.Call).summary; truth && s != nil {
			for _, i := range s.Errors {
				w = k.learn(w, c.Call.Args[i], nonNil)
			}
		}
	case *ssa.Extract:
		if t, ok := c.Tuple.(*ssa.TypeAssert); ok && truth {
			w = k.learn(w, t.X, nonNil)
		}
	}
	return w, true
}

// reopen is world w where an error is found to be one: a scope whose Flush failed with ErrOpenChildren stays open.
func (k *walker) reopen(w world, found *ssa.Call) world {
	flush, ok := found.Call.Args[0].(*ssa.Call)
	if ok && w.life == closed && w.by != 0 && w.by == k.f.calls[flush] && readsError(found.Call.Args[1], "ErrOpenChildren") {
		w.life, w.by = open, 0
		w.flags = w.flags&^flushed | moved // whoever opened its children will see to it
	}
	return w
}

// readsError reports whether v is the runtime's error of that name.
func readsError(v ssa.Value, name string) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Name() == name && g.Pkg != nil && airlockapi.IsRuntime(g.Pkg.Pkg.Path())
}

func (k *walker) assumeEqual(w world, c *ssa.BinOp, equal bool) (world, bool) {
	if x := k.eval(w, c.X); x != unknown {
		return k.assumeIs(w, c.Y, x, equal)
	}
	return k.assumeIs(w, c.X, k.eval(w, c.Y), equal)
}

// assumeIs is world w where v equals something that is x, or where it doesn't; false if that can't be.
func (k *walker) assumeIs(w world, v ssa.Value, x val, equal bool) (world, bool) {
	if eq, known := same(k.eval(w, v), x); known {
		return w, eq == equal
	}
	switch {
	case equal && x.notNil():
		w = k.learn(w, v, nonNil)
	case equal && x.scalar():
		w = k.learn(w, v, x)
	case !equal && (x == isNil || x == isTrue || x == isFalse):
		w = k.learn(w, v, opposite(x))
	}
	return w, true
}

// assumeAsserted is world w after a call that ends the test unless an error is nil, or is not; false if it ends the test in w.
func (k *walker) assumeAsserted(w world, fn *types.Func, args []ssa.Value) (world, bool) {
	if !asserts(fn) || len(args) < 2 {
		return w, true
	}
	return k.assumeIs(w, args[1], isNil, strings.HasPrefix(fn.Name(), "No"))
}

// asserts reports whether fn is an assertion of testify's require about an error: a function, or a method of Assertions. The error is its
// second argument, the receiver counted; but for NoError, what returns has one.
func asserts(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "github.com/stretchr/testify/require" {
		return false
	}
	switch strings.TrimSuffix(fn.Name(), "f") {
	case "Error", "ErrorIs", "ErrorAs", "ErrorContains", "EqualError", "NoError":
		return true
	}
	return false
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
			if slot, ok := k.f.variable(base); ok && w.at(slot) == unknown && k.f.decides(slot) {
				w = w.set(slot, x)
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
