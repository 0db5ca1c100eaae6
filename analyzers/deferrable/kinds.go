package deferrable

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

func (c *check) own(pkg *types.Package) bool {
	return pkg != nil && whose.Package(c.pass, pkg) == whose.Own
}

// result says what a call returns: a transaction that has the type of a database handle (gorm's Begin, and what is made of that), a stream.
func (c *check) result(call *ssa.Call, i int) (what string, ok bool) {
	fn := ssapass.Callee(call.Common())
	if fn == nil {
		return "", false
	}
	if c.begins(fn, i) || c.chains(call, fn) && c.inTx(receiver(call, fn), map[ssa.Value]bool{}) {
		return "a transaction", true
	}
	if recv := fn.Signature().Recv(); recv != nil && c.catalog.IsTx(recv.Type()) && isStmt(fn.Signature().Results().At(i).Type()) {
		return "a transaction", true // a statement prepared on it
	}
	return c.stream(call, i, 0)
}

// begins reports whether result i of fn is a transaction that it opens.
func (c *check) begins(fn *types.Func, i int) bool {
	tx, ok := c.catalog.Transaction(fn)
	return ok && tx.Role == catalog.Begin && tx.Tx.Result && tx.Tx.Index == i
}

// chains reports whether a call makes another handle of the same type from its receiver: tx.WithContext(ctx), tx.Model(&v).
func (c *check) chains(call *ssa.Call, fn *types.Func) bool {
	recv := receiver(call, fn)
	return recv != nil && !c.own(fn.Pkg()) && types.Identical(call.Type(), recv.Type())
}

// receiver returns the receiver of a call; nil if it has none, or a method value has bound it.
func receiver(call ssa.CallInstruction, fn *types.Func) ssa.Value {
	if fn.Signature().Recv() == nil {
		return nil
	}
	return carried.Argument(call.Common(), fn, -1)
}

// inTx reports whether a database handle is a transaction, or was made from one.
func (c *check) inTx(v ssa.Value, seen map[ssa.Value]bool) bool {
	for _, o := range carried.Origins(v) {
		if seen[o] {
			continue
		}
		seen[o] = true
		switch o := o.(type) {
		case *ssa.Parameter:
			if c.handedTx(o) {
				return true
			}
		case *ssa.Call:
			fn := ssapass.Callee(o.Common())
			if fn != nil && (c.begins(fn, 0) || c.chains(o, fn) && c.inTx(receiver(o, fn), seen)) {
				return true
			}
		}
	}
	return false
}

// handedTx reports whether p is what a helper hands the function that it runs inside a transaction: db.Transaction(func(tx *gorm.DB) …).
func (c *check) handedTx(p *ssa.Parameter) bool {
	fn := p.Parent()
	if fn.Parent() == nil || isContext(p.Type()) {
		return false
	}
	refs := fn.Referrers()
	if made := ssapass.Closure(fn); made != nil {
		refs = made.Referrers()
	}
	for _, ref := range *refs {
		call, ok := ref.(ssa.CallInstruction)
		if !ok {
			continue
		}
		if tx, ok := c.catalog.Transaction(ssapass.Callee(call.Common())); ok && tx.Role == catalog.Within && resembles(p.Type(), call) {
			return true
		}
	}
	return false
}

// resembles reports whether a parameter of type t is the transaction: it has the type of the handle that the helper was called on.
func resembles(t types.Type, call ssa.CallInstruction) bool {
	for _, arg := range call.Common().Args {
		if types.Identical(arg.Type(), t) {
			return true
		}
	}
	return false
}

func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

func isLock(t types.Type) bool { return isNamed(t, "sync", "Mutex") || isNamed(t, "sync", "RWMutex") }

// isStmt reports whether t is a prepared statement: a service keeps those for good, unless they were prepared on a transaction.
func isStmt(t types.Type) bool { return isNamed(carried.Elem(t), "database/sql", "Stmt") }

func isNamed(t types.Type, pkg, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == pkg
}
