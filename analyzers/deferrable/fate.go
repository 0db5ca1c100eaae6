package deferrable

import (
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A fate is what becomes of a context or a request that the function made itself: what of it is gone at dispatch, nothing if it was
// made to outlive the function.
type fate struct {
	check *check
	what  string
	seen  map[ssa.Value]bool
}

// fate returns what becomes of values that are all made here; ok is false if one of them is not.
func (c *check) fate(values ...ssa.Value) (what string, ok bool) {
	f := fate{check: c, seen: map[ssa.Value]bool{}}
	for _, v := range values {
		if !f.made(v) {
			return "", false
		}
	}
	return f.what, len(f.seen) > 0
}

// made reports whether the function made v, and notes what becomes of it.
func (f *fate) made(v ssa.Value) bool {
	for _, o := range carried.Origins(v) {
		if f.seen[o] || isNil(o) {
			continue
		}
		if f.seen[o] = true; !f.result(o) {
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
	fn, args := ssapass.Callee(call.Common()), call.Call.Args
	if fn == nil {
		return false
	}
	switch fn.FullName() {
	case "context.Background", "context.TODO", "context.WithoutCancel", "(*github.com/gin-gonic/gin.Context).Copy":
	case "context.WithValue":
		return f.made(args[0])
	case "net/http.NewRequest":
		f.body(args[2])
	case "net/http.NewRequestWithContext":
		f.under(args[0])
		f.body(args[3])
	case "(*net/http.Request).WithContext", "(*net/http.Request).Clone":
		f.under(args[1])
		return f.copied(args[0])
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
	ok := of.made(req)
	if of.what != outerContext {
		f.note(of.what)
	}
	return ok
}

// outlives reports whether v was made to outlive the function: a context that nobody cancels, a request that a client sends, a copy
// that a framework makes for the purpose.
func (c *check) outlives(v ssa.Value) bool {
	what, ok := c.fate(v)
	return ok && what == ""
}
