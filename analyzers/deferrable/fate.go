package deferrable

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A fate is what becomes of a context or a request of which it is known where it comes from: what of it is gone at dispatch, nothing
// if it outlives the function.
type fate struct {
	check *check
	what  string
	seen  map[ssa.Value]bool
}

// fate returns what becomes of values; ok is false if it is not known of one of them.
func (c *check) fate(values ...ssa.Value) (what string, ok bool) {
	f := fate{check: c, seen: map[ssa.Value]bool{}}
	for _, v := range values {
		if !f.known(v) {
			return "", false
		}
	}
	return f.what, len(f.seen) > 0
}

// known reports whether it is known where v comes from, and notes what becomes of it.
func (f *fate) known(v ssa.Value) bool {
	for _, o := range carried.Origins(v) {
		if f.seen[o] || ssapass.IsNil(o) {
			continue
		}
		if f.seen[o] = true; !f.origin(o) {
			return false
		}
	}
	return true
}

func (f *fate) origin(v ssa.Value) bool {
	return f.others(v) || f.result(v)
}

// others reports whether v is a context or a lock of somebody who lives longer: of the program, or in the field of a service.
func (f *fate) others(v ssa.Value) bool {
	addr := v
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL && isContext(v.Type()) {
		addr = load.X
	} else if !isLock(carried.Elem(v.Type())) {
		return false
	}
	switch addr := addr.(type) {
	case *ssa.Global:
		return true
	case *ssa.FieldAddr:
		return f.handed(addr.X)
	}
	return false
}

// handed reports whether the struct at addr was handed to the function, or is part of one that was: it did not make it.
func (f *fate) handed(addr ssa.Value) bool {
	switch v := addr.(type) {
	case *ssa.FieldAddr:
		return f.handed(v.X)
	case *ssa.Alloc:
		stored := ssapass.Stores(v)
		for _, s := range stored {
			if _, ok := s.Val.(*ssa.Parameter); !ok {
				return false
			}
		}
		return len(stored) > 0 // a parameter that lives in memory
	}
	for _, o := range carried.Origins(addr) {
		if f.seen[o] {
			continue
		}
		f.seen[o] = true
		switch o := o.(type) {
		case *ssa.Parameter, *ssa.Global:
		case *ssa.UnOp:
			if field, ok := o.X.(*ssa.FieldAddr); !ok || !f.handed(field.X) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (f *fate) result(v ssa.Value) bool {
	if first, ok := v.(*ssa.Extract); ok && first.Index == 0 {
		v = first.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := ssapass.Callee(call.Common())
	if fn == nil {
		return false
	}
	arg := func(i int) ssa.Value { return carried.Argument(call.Common(), fn, i) }
	if airlockapi.Name(fn) == "Detach" {
		return f.known(arg(0))
	}
	switch fn.FullName() {
	case "context.Background", "context.TODO", "context.WithoutCancel", "(*github.com/gin-gonic/gin.Context).Copy":
	case "context.WithValue":
		return f.known(arg(0))
	case "net/http.NewRequest":
		f.body(arg(2))
	case "net/http.NewRequestWithContext":
		f.under(arg(0))
		f.body(arg(3))
	case "(*net/http.Request).WithContext", "(*net/http.Request).Clone":
		f.under(arg(0))
		return arg(-1) != nil && f.copied(arg(-1))
	default:
		return false
	}
	return true
}

func (f *fate) note(what string) {
	if f.what == "" {
		f.what = what
	}
}

// under notes the context that a request is made under.
func (f *fate) under(ctx ssa.Value) {
	if !f.check.outlives(ctx) {
		f.note(outerContext)
	}
}

// body notes the body that a request sends, which may be that of a request that came in.
func (f *fate) body(r ssa.Value) {
	for _, part := range f.check.carried.Parts(r) {
		if what, ok := f.check.made(part); ok {
			f.note(what)
		}
	}
}

// copied notes what becomes of a copy of a request, which has a context of its own.
func (f *fate) copied(req ssa.Value) bool {
	of := fate{check: f.check, seen: f.seen}
	ok := of.known(req)
	if of.what != outerContext {
		f.note(of.what)
	}
	return ok
}

// outlives reports whether v outlives the function: a context that nobody cancels, or that a service has; a request that a client
// sends; a copy that a framework makes for the purpose.
func (c *check) outlives(v ssa.Value) bool {
	what, ok := c.fate(v)
	return ok && what == ""
}
