package ssapass

import (
	"go/constant"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// This file says what was asked on the way to an instruction.

// NotZero reports whether the integer v was found not to be 0 on the way to instr.
func NotZero(v ssa.Value, instr ssa.Instruction) bool {
	return branches(instr.Block(), func(cond ssa.Value, truth bool) bool {
		c, ok := cond.(*ssa.BinOp)
		if !ok || c.X != v {
			return false
		}
		zero, ok := c.Y.(*ssa.Const)
		if !ok || zero.Value == nil || zero.Value.Kind() != constant.Int || zero.Int64() != 0 {
			return false
		}
		return c.Op == token.EQL && !truth || truth && (c.Op == token.NEQ || c.Op == token.GTR || c.Op == token.LSS)
	})
}

// asked reports whether v was found not to be nil on the way to instr, or what v was read from was, right before.
func (q *question) asked(v ssa.Value, instr ssa.Instruction) bool {
	if branches(instr.Block(), func(cond ssa.Value, truth bool) bool {
		return q.found(cond, truth, func(x ssa.Value) bool { return x == v })
	}) {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && q.justAsked(load, func(x ssa.Value) bool { return sameValue(x, load) })
}

// justAsked reports whether the branch by which control came to the block of an instruction says that is holds of something that is not nil,
// and nothing that could change that happens in between.
func (q *question) justAsked(instr ssa.Instruction, is func(ssa.Value) bool) bool {
	b := instr.Block()
	if len(b.Preds) != 1 {
		return false
	}
	for _, before := range b.Instrs {
		if before == instr {
			break
		}
		switch before.(type) {
		case *ssa.Store, *ssa.Call, *ssa.MapUpdate, *ssa.Send, *ssa.Go, *ssa.RunDefers:
			return false
		}
	}
	cond, truth, ok := taken(b.Preds[0], b)
	return ok && q.found(cond, truth, is) && quiet(cond)
}

// quiet reports whether nothing happens between what cond was read from and the branch on it.
func quiet(cond ssa.Value) bool {
	instr, ok := cond.(ssa.Instruction)
	if !ok {
		return false
	}
	var rands [4]*ssa.Value
	read := map[ssa.Instruction]bool{}
	for _, op := range instr.Operands(rands[:0]) {
		if from, ok := (*op).(ssa.Instruction); ok {
			read[from] = true
		}
	}
	for _, later := range slices.Backward(instr.Block().Instrs) {
		if read[later] {
			return true
		}
		switch later.(type) {
		case *ssa.Store, *ssa.MapUpdate, *ssa.Send, *ssa.Go, *ssa.Call:
			return false
		}
	}
	return false
}

// found reports whether cond, being truth, says that an error which is holds of is not nil.
func (q *question) found(cond ssa.Value, truth bool, is func(ssa.Value) bool) bool {
	switch c := cond.(type) {
	case *ssa.UnOp:
		return c.Op == token.NOT && q.found(c.X, !truth, is)
	case *ssa.BinOp:
		if err := StatusError(c, truth); err != nil && is(err) {
			return true
		}
		x, y := c.X, c.Y
		if !is(x) {
			x, y = y, x
		}
		if !is(x) {
			return false
		}
		if IsNil(y) {
			return c.Op == token.NEQ && truth || c.Op == token.EQL && !truth
		}
		return c.Op == token.EQL && truth && isSentinel(y) || c.Op == token.NEQ && !truth && isSentinel(y)
	case *ssa.Call:
		return truth && holdsOfErrors(c) && is(c.Call.Args[0])
	case *ssa.Extract:
		t, ok := c.Tuple.(*ssa.TypeAssert)
		return ok && truth && c.Index == 1 && is(t.X)
	}
	return false
}

// holdsOfErrors reports whether a call asks about its first argument what holds of no nil error.
func holdsOfErrors(c *ssa.Call) bool {
	fn := Callee(&c.Call)
	if fn == nil || fn.Pkg() == nil || len(c.Call.Args) == 0 {
		return false
	}
	switch fn.Pkg().Path() {
	case "errors":
		return fn.Name() == "Is" || fn.Name() == "As"
	case "os":
		return strings.HasPrefix(fn.Name(), "Is") && len(c.Call.Args) == 1 && isErrorType(c.Call.Args[0].Type())
	}
	return false
}

// branches reports whether what says something of one of the branches that lead to b in any case.
func branches(b *ssa.BasicBlock, says func(cond ssa.Value, truth bool) bool) bool {
	for ; b.Idom() != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		if cond, truth, ok := taken(b.Preds[0], b); ok && says(cond, truth) {
			return true
		}
	}
	return false
}

// taken returns the condition on which control goes from b to succ, and what it is then.
func taken(b, succ *ssa.BasicBlock) (cond ssa.Value, truth, ok bool) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || b.Succs[0] == b.Succs[1] {
		return nil, false, false
	}
	return branch.Cond, b.Succs[0] == succ, true
}

// foundOn reports whether control goes from b to succ only where v is not nil.
func foundOn(b, succ *ssa.BasicBlock, v ssa.Value) bool {
	cond, truth, ok := taken(b, succ)
	if !ok {
		return false
	}
	q := new(question)
	return q.found(cond, truth, func(x ssa.Value) bool { return x == v })
}

// sameValue reports whether two values are the same, or read from the same place.
func sameValue(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch x := a.(type) {
	case *ssa.UnOp:
		y, ok := b.(*ssa.UnOp)
		return ok && x.Op == token.MUL && y.Op == token.MUL && samePlace(x.X, y.X)
	case *ssa.Field:
		y, ok := b.(*ssa.Field)
		return ok && x.Field == y.Field && sameValue(x.X, y.X)
	case *ssa.ChangeInterface:
		y, ok := b.(*ssa.ChangeInterface)
		return ok && sameValue(x.X, y.X)
	}
	return false
}

func samePlace(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch x := a.(type) {
	case *ssa.FieldAddr:
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && sameValue(x.X, y.X)
	case *ssa.IndexAddr:
		y, ok := b.(*ssa.IndexAddr)
		return ok && sameValue(x.Index, y.Index) && sameValue(x.X, y.X)
	}
	return false
}
