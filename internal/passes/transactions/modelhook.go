package transactions

import (
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// modelHooks are the methods of models that gorm calls in the transaction in which it executes a statement: the one around, or one that it
// begins by default.
var modelHooks = regexp.MustCompile(`^(Before|After)(Create|Save|Update|Delete)$`)

var gormPaths = []string{"gorm.io/gorm", "github.com/jinzhu/gorm"}

// modelHook reports whether a function is such a method: func (*User) AfterCreate(tx *gorm.DB) error.
func modelHook(fn *ssa.Function) bool {
	obj := object(fn)
	if obj == nil || fn.Parent() != nil || !modelHooks.MatchString(obj.Name()) {
		return false
	}
	sig := obj.Signature()
	if sig.Recv() == nil || sig.Params().Len() != 1 || sig.Results().Len() != 1 || errorIndex(sig) != 0 {
		return false
	}
	p, ok := types.Unalias(sig.Params().At(0).Type()).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && named.Obj().Name() == "DB" && named.Obj().Pkg() != nil && slices.Contains(gormPaths, named.Obj().Pkg().Path())
}

// modelHook finds what is done in a function if it is such a method.
func (k *knower) modelHook(fn *ssa.Function, add func(Inside)) {
	if !modelHook(fn) {
		return
	}
	k.report(k.run(fn, k.given(fn), nil, nil), "gorm", token.NoPos, func(in Inside) {
		in.By = fn.Name()
		add(in)
	})
}
