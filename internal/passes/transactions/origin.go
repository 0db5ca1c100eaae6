package transactions

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// origin follows a value back to where it came from: through conversions, variables that are written once, and what a literal
// captures. The result is v itself where the trail ends at once.
func origin(v ssa.Value) ssa.Value {
	for range 32 {
		next := stepBack(v)
		if next == nil {
			return v
		}
		v = next
	}
	return v
}

func stepBack(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.MakeInterface:
		return v.X
	case *ssa.FreeVar:
		if outer := ssapass.Variable(v); outer != v {
			return outer
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return onlyStore(v.X)
		}
	}
	return nil
}

// onlyStore returns the value of the only store to a local variable, if there is exactly one.
func onlyStore(addr ssa.Value) ssa.Value {
	alloc, ok := ssapass.Variable(addr).(*ssa.Alloc)
	if !ok {
		return nil
	}
	var stored ssa.Value
	for _, s := range ssapass.Stores(alloc) {
		if stored != nil {
			return nil
		}
		stored = s.Val
	}
	return stored
}

// A spot is a variable or a field, however often it is read.
type spot struct {
	root ssa.Value
	path string
}

// spotOf returns the spot at an address.
func spotOf(addr ssa.Value) spot {
	var path string
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			path = "." + fieldName(a.X.Type(), a.Field) + path
			addr = a.X
		case *ssa.UnOp:
			if a.Op != token.MUL {
				return spot{addr, path}
			}
			if o := origin(a); o != a {
				addr = o
				continue
			}
			path = "*" + path
			addr = a.X
		case *ssa.FreeVar:
			next := ssapass.Variable(a)
			if next == addr {
				return spot{addr, path}
			}
			addr = next
		default:
			o := origin(addr)
			if o == addr {
				return spot{addr, path}
			}
			addr = o
		}
	}
}

func fieldName(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return "?"
	}
	return s.Field(i).Name()
}

// declared returns the declared function around fn.
func declared(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// family returns a declared function and all literals inside, outermost first.
func family(fn *ssa.Function) []*ssa.Function {
	fns := []*ssa.Function{fn}
	for _, lit := range fn.AnonFuncs {
		fns = append(fns, family(lit)...)
	}
	return fns
}

// paramIndex returns the index of the parameter of its declared function that v is, or -1.
func paramIndex(v ssa.Value) int {
	p, ok := v.(*ssa.Parameter)
	if !ok || p.Parent().Parent() != nil {
		return -1
	}
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return -1
}

// operand returns the i-th argument of a call, the receiver being the first.
func operand(c *ssa.CallCommon, i int) ssa.Value {
	if c.IsInvoke() {
		if i == 0 {
			return c.Value
		}
		i--
	}
	if i < 0 || i >= len(c.Args) {
		return nil
	}
	return c.Args[i]
}

// operands returns how many arguments a call has, the receiver included.
func operands(c *ssa.CallCommon) int {
	if c.IsInvoke() {
		return len(c.Args) + 1
	}
	return len(c.Args)
}

// callee returns the declared function or interface method that a call names, or nil.
func callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	return object(fn)
}

// object returns the declared function that fn is, or is an instance of.
func object(fn *ssa.Function) *types.Func {
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return nil
	}
	return obj.Origin()
}

// literal returns the function literal that a call calls at once, or nil.
func literal(c *ssa.CallCommon) *ssa.Function {
	if c.IsInvoke() {
		return nil
	}
	fn := functionOf(origin(c.Value))
	if fn == nil || fn.Parent() == nil {
		return nil
	}
	return fn
}

// functionOf returns the function that a value is, or nil.
func functionOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		fn, _ := v.Fn.(*ssa.Function)
		return fn
	}
	return nil
}

func nilable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Map, *types.Slice, *types.Chan, *types.Signature:
		return true
	}
	return false
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return types.Identical(t, errorType) }

// errorIndex returns the index of a signature's error, its last result, or -1.
func errorIndex(sig *types.Signature) int {
	n := sig.Results().Len()
	if n > 0 && isError(sig.Results().At(n-1).Type()) {
		return n - 1
	}
	return -1
}
