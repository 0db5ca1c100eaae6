package transactions

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A body is a function of this package that some call runs inside a transaction from its first statement to its last.
type body struct {
	fn      *ssa.Function
	how     string              // the call that opens the transaction
	made    []*ssa.Call         // the calls that returned fn, where it is a literal of another declared function: that function's first
	commits bool                // the transaction is committed whatever error fn returns
	undo    []Undo              // the flags on which it is rolled back
	call    ssa.CallInstruction // the one that runs it
	holds   []Condition         // of the parameters of the function around the call, on which it does
	by      int                 // see Run
}

// A handover is a function of which this package can't show the inside, given to a call that runs it in a transaction.
type handover struct {
	call    ssa.CallInstruction
	fn      *types.Func
	how     string
	commits bool // as of a body
}

// bodiesOf lists the functions that the calls of a declared function and its literals run inside a transaction.
func (k *knower) bodiesOf(fn *ssa.Function) []body {
	var list []body
	for _, call := range k.callsOf(fn) {
		for _, r := range k.meaning(call).runs {
			if r.Made || !k.within(r) {
				continue
			}
			bodies, _ := k.handed(call, r)
			for i := range bodies {
				bodies[i].call, bodies[i].holds, bodies[i].by = call, passed(call, r), calledBy(call, r)
			}
			list = append(list, bodies...)
		}
	}
	return list
}

// callback returns the function that a call is given to run in a transaction, or nil.
func (k *knower) callback(call ssa.CallInstruction, r Run) ssa.Value {
	v := operand(call.Common(), r.Param)
	if v == nil {
		return nil
	}
	if r.Field == "" || strings.HasSuffix(r.Field, "()") {
		return v
	}
	return fieldValue(v, r.Field)
}

// fieldValue returns what was stored in a field of a struct that is built for a call.
func fieldValue(v ssa.Value, field string) ssa.Value {
	var root ssa.Value
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		root = ssapass.Variable(load.X)
	} else {
		root = origin(v)
	}
	alloc, ok := root.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var found ssa.Value
	for _, ref := range *alloc.Referrers() {
		at, ok := ref.(*ssa.FieldAddr)
		if !ok || fieldName(at.X.Type(), at.Field) != field {
			continue
		}
		for _, r := range *at.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == at {
				found = s.Val
			}
		}
	}
	return found
}

// handed resolves the function that a call runs in a transaction: to bodies of this package, or to functions that are only named here.
func (k *knower) handed(call ssa.CallInstruction, r Run) ([]body, []handover) {
	v := k.callback(call, r)
	if v == nil {
		return nil, nil
	}
	if _, ok := v.Type().Underlying().(*types.Slice); ok {
		var bodies []body
		var others []handover
		for _, e := range elements(v, map[ssa.Value]bool{}) {
			b, o := k.resolve(call, r, e, 4)
			bodies, others = append(bodies, b...), append(others, o...)
		}
		return bodies, others
	}
	return k.resolve(call, r, v, 4)
}

// elements lists what a slice holds that the function around builds: written out, or appended.
func elements(v ssa.Value, seen map[ssa.Value]bool) []ssa.Value {
	v = origin(v)
	if seen[v] {
		return nil
	}
	seen[v] = true
	var parts []ssa.Value
	switch v := v.(type) {
	case *ssa.Slice:
		return ssapass.Elements(v)
	case *ssa.Phi:
		parts = v.Edges
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			parts = v.Call.Args
		}
	case *ssa.UnOp: // a variable that a literal captures
		if variable, ok := ssapass.Variable(v.X).(*ssa.Alloc); ok {
			for _, s := range ssapass.Stores(variable) {
				parts = append(parts, s.Val)
			}
		}
	}
	var list []ssa.Value
	for _, p := range parts {
		list = append(list, elements(p, seen)...)
	}
	return list
}

func (k *knower) resolve(call ssa.CallInstruction, r Run, v ssa.Value, depth int) ([]body, []handover) {
	if depth == 0 {
		return nil, nil
	}
	switch v := origin(v).(type) {
	case *ssa.Phi:
		var bodies []body
		var others []handover
		for _, e := range v.Edges {
			b, o := k.resolve(call, r, e, depth-1)
			bodies, others = append(bodies, b...), append(others, o...)
		}
		return bodies, others
	case *ssa.Function:
		return k.named(call, r, v)
	case *ssa.MakeClosure:
		return k.named(call, r, v.Fn.(*ssa.Function))
	case *ssa.Call:
		return k.made(call, r, v, depth)
	}
	return k.method(call, r, v)
}

// named is a function or literal that stands at the call by itself.
func (k *knower) named(call ssa.CallInstruction, r Run, fn *ssa.Function) ([]body, []handover) {
	if fn.Parent() != nil && len(fn.Blocks) > 0 {
		return []body{{fn: fn, how: r.How, commits: r.Commits, undo: r.Undo}}, nil
	}
	obj := object(fn)
	if obj == nil {
		return nil, nil
	}
	// The object of a method value's wrapper is the method.
	if fn.Synthetic == "" && fn.Origin() == nil && obj.Pkg() == k.pass.Pkg && len(fn.Blocks) > 0 {
		return []body{{fn: fn, how: r.How, commits: r.Commits, undo: r.Undo}}, nil
	}
	return nil, []handover{{call: call, fn: obj, how: r.How, commits: r.Commits}}
}

// made is a closure that a function of this package returns.
func (k *knower) made(call ssa.CallInstruction, r Run, v *ssa.Call, depth int) ([]body, []handover) {
	fn := v.Call.StaticCallee()
	if fn == nil || len(fn.Blocks) == 0 || object(fn) == nil || object(fn).Pkg() != k.pass.Pkg {
		return nil, nil
	}
	var bodies []body
	var others []handover
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		bs, os := k.resolve(call, r, ret.Results[0], depth-1)
		for i := range bs {
			bs[i].made = append(bs[i].made, v)
		}
		bodies, others = append(bodies, bs...), append(others, os...)
	}
	return bodies, others
}

// method is the method of a concrete value that is called through an interface: next.ServeHTTP.
func (k *knower) method(call ssa.CallInstruction, r Run, v ssa.Value) ([]body, []handover) {
	name, ok := strings.CutSuffix(r.Field, "()")
	if !ok || types.IsInterface(v.Type()) {
		return nil, nil
	}
	obj, _, _ := types.LookupFieldOrMethod(v.Type(), true, k.pass.Pkg, name)
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil, nil
	}
	return nil, []handover{{call: call, fn: fn.Origin(), how: r.How, commits: r.Commits}}
}
