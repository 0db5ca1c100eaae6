package deferrable

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// mutations returns the instructions that change what v, a pointer, map or slice, leads to.
func mutations(v ssa.Value) []ssa.Instruction {
	refs := v.Referrers()
	if refs == nil {
		return nil
	}
	var found []ssa.Instruction
	for _, ref := range *refs {
		found = append(found, mutationsBy(ref, v)...)
	}
	return found
}

// mutationsBy returns those by one use of v, and by what is made of v there: the address of a field or an element, a shorter slice, an
// interface that holds it.
func mutationsBy(use ssa.Instruction, v ssa.Value) []ssa.Instruction {
	switch use := use.(type) {
	case *ssa.Store:
		if use.Addr == v && !keepsValue(use) {
			return []ssa.Instruction{use}
		}
	case *ssa.MapUpdate:
		if use.Map == v {
			return []ssa.Instruction{use}
		}
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.ChangeType:
		return mutations(use.(ssa.Value))
	case *ssa.Slice:
		if use.X == v && isEmptied(use) {
			return []ssa.Instruction{use}
		}
		return mutations(use)
	case *ssa.MakeInterface:
		return fillings(use)
	case ssa.CallInstruction:
		if refills(use, v) || writesTo(use, v) {
			return []ssa.Instruction{use}
		}
	}
	return nil
}

// keepsValue reports whether a store writes what the variable holds anyway: return o, nil where o is a named result.
func keepsValue(s *ssa.Store) bool {
	load, ok := s.Val.(*ssa.UnOp)
	return ok && load.Op == token.MUL && load.X == s.Addr
}

// isEmptied reports whether s is x[:0], which is there to be filled again.
func isEmptied(s *ssa.Slice) bool {
	if _, ok := s.Type().Underlying().(*types.Slice); !ok {
		return false // of a string
	}
	high, ok := s.High.(*ssa.Const)
	return ok && s.Max == nil && high.Value != nil && constant.Sign(high.Value) == 0
}

// isShortened reports whether v is x[:i], behind which an append writes to x.
func isShortened(v ssa.Value) bool {
	s, ok := v.(*ssa.Slice)
	return ok && s.High != nil && s.Max == nil
}

// refills reports whether a call changes what a buffer, v, holds.
func refills(call ssa.CallInstruction, v ssa.Value) bool {
	fn := ssapass.Callee(call.Common())
	if fn == nil || receiver(call, fn) != v || call.Common().IsInvoke() {
		return false
	}
	switch fn.Pkg().Path() {
	case "bytes", "strings":
		return fn.Name() == "Reset" || fn.Name() == "Truncate" || strings.HasPrefix(fn.Name(), "Write") || strings.HasPrefix(fn.Name(), "Read")
	}
	return false
}

// writesTo reports whether a call changes what v, one of its arguments, leads to: because it is known to.
func writesTo(call ssa.CallInstruction, v ssa.Value) bool {
	c := call.Common()
	at := slices.Index(c.Args, v)
	if at < 0 {
		return false
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "copy", "clear", "delete":
			return at == 0
		case "append":
			return at == 0 && isShortened(v)
		}
		return false
	}
	fn := ssapass.Callee(c)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	return isBytes(v.Type()) && readsInto(fn) || at == 0 && changesFirst(fn)
}

// readsInto reports whether a function reads into the bytes that it is handed, and says how many.
func readsInto(fn *types.Func) bool {
	if fn.FullName() == "io.CopyBuffer" {
		return true
	}
	results := fn.Signature().Results()
	return strings.HasPrefix(fn.Name(), "Read") && results.Len() > 1 && types.Identical(results.At(0).Type(), types.Typ[types.Int])
}

// changesFirst reports whether a function of the standard library changes or reorders the slice or map that it is handed first.
func changesFirst(fn *types.Func) bool {
	starts := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(fn.Name(), p) })
	}
	switch fn.Pkg().Path() {
	case "sort":
		return !starts("Search", "Is", "Find", "Reverse") && !strings.HasSuffix(fn.Name(), "AreSorted")
	case "slices":
		return starts("Sort", "Reverse", "Delete", "Insert", "Replace", "Compact") && !starts("Sorted")
	case "maps":
		return starts("Copy", "DeleteFunc", "Insert")
	}
	return false
}

// fillings returns the calls that fill what an interface holds: rows.Scan(&v), json.Unmarshal(b, &v).
func fillings(held *ssa.MakeInterface) []ssa.Instruction {
	var found []ssa.Instruction
	for _, ref := range *held.Referrers() {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			if fillsLast(ref, held) || writesTo(ref, held) || returnsToPool(ref) {
				found = append(found, ref)
			}
		case *ssa.Store:
			if call := variadic(ref); call != nil && fillsAll(call) {
				found = append(found, call)
			}
		}
	}
	return found
}

// fillsLast reports whether a call fills what the last interface that it is handed holds, and that is held.
func fillsLast(call ssa.CallInstruction, held *ssa.MakeInterface) bool {
	fn := ssapass.Callee(call.Common())
	if fn == nil {
		return false
	}
	for _, arg := range slices.Backward(call.Common().Args) {
		if _, ok := arg.Type().Underlying().(*types.Interface); ok {
			return arg == ssa.Value(held) && (fills(fn.Name()) || fn.FullName() == "encoding/binary.Read")
		}
	}
	return false
}

// fillsAll reports whether a variadic call fills all that it is handed.
func fillsAll(call ssa.CallInstruction) bool {
	fn := ssapass.Callee(call.Common())
	return fn != nil && fills(fn.Name())
}

// fills reports whether functions of that name are there to fill what they are handed a pointer to.
func fills(name string) bool {
	for _, verb := range []string{"Decode", "Unmarshal", "Bind", "ShouldBind", "Sscan", "Fscan"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return strings.Contains(name, "Scan")
}

// returnsToPool reports whether a call puts what it is handed into a sync.Pool, from where others take it.
func returnsToPool(call ssa.CallInstruction) bool {
	fn := ssapass.Callee(call.Common())
	return fn != nil && fn.FullName() == "(*sync.Pool).Put"
}

// variadic returns the call whose variadic arguments a store adds one to; nil for any other store.
func variadic(s *ssa.Store) ssa.CallInstruction {
	at, ok := s.Addr.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	for _, ref := range *at.X.Referrers() {
		all, ok := ref.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, use := range *all.Referrers() {
			if call, ok := use.(ssa.CallInstruction); ok {
				return call
			}
		}
	}
	return nil
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}
