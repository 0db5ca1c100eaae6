package effects

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
)

// effectOf returns what a call of a catalogued function performs; ok is false where it performs nothing.
func (e *engine) effectOf(d *edge) (eff effect.Effect, ok bool) {
	entry := d.callee.entry
	if e.excepted(d) {
		return 0, false
	}
	eff = entry.Effect
	if entry.Used && d.through == nil && resultUsed(d.call, 0) {
		return effect.Query(eff.Kind()), true
	}
	switch entry.Decides {
	case catalog.ByNothing:
		return eff, true
	case catalog.ByRequest:
		t := tracer{engine: e}
		return effect.Of(eff.Kind(), t.request(d.arg(d.parameter(entry.Arg)), nil)), true
	}
	t := tracer{engine: e}
	return effect.Of(eff.Kind(), t.decide(entry, d.arg(d.parameter(entry.Arg)), nil)), true
}

// parameter turns an index that does not count the receiver into one that does.
func (e *edge) parameter(i int) int {
	if e.callee.obj != nil && e.callee.obj.Signature().Recv() != nil {
		return i + 1
	}
	return i
}

// excepted reports whether the receiver is a variable, os.Stdout, on which the call performs nothing.
func (e *engine) excepted(d *edge) bool {
	if len(d.callee.entry.Except) == 0 {
		return false
	}
	load, ok := d.arg(0).(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && slices.Contains(d.callee.entry.Except, g.Pkg.Pkg.Path()+"."+g.Name())
}

// A tracer follows a deciding argument back to the constants that it may be. What it can't follow makes a command.
type tracer struct {
	engine *engine
	depth  int
}

// A frame is a call that the tracer went into: a parameter of its callee is an argument of it.
type frame struct {
	edge  *edge
	outer *frame
}

const maxTrace = 12

// decide reports whether v, the deciding argument of entry, may make a command.
func (t *tracer) decide(entry *catalog.Entry, v ssa.Value, f *frame) bool {
	command := func(c constant.Value) bool {
		return entry.Resolve(func(int) (constant.Value, bool) { return c, c != nil }).IsCommand()
	}
	return t.any(v, f, nil, func(v ssa.Value, _ *frame) bool {
		if c, ok := v.(*ssa.Const); ok && c.Value != nil {
			return command(c.Value)
		}
		return command(nil)
	})
}

// request reports whether v, a request, may be a command.
func (t *tracer) request(v ssa.Value, f *frame) bool {
	return t.any(v, f, nil, func(v ssa.Value, f *frame) bool {
		command := t.built(v, f)
		return command || t.methodAssigned(v, f)
	})
}

// built reports whether the request that v makes may be a command.
func (t *tracer) built(v ssa.Value, f *frame) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return false // a literal: GET, unless its method is assigned
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		if fn == nil {
			return true
		}
		obj, ok := fn.Object().(*types.Func)
		if !ok {
			return true
		}
		entry, ok := t.engine.catalog.Func(obj)
		if !ok || entry.Class != catalog.Request {
			return true
		}
		d := &edge{call: v, edgeKey: edgeKey{callee: &unit{obj: obj}}}
		switch entry.Decides {
		case catalog.ByNothing:
			return entry.Effect.IsCommand()
		case catalog.ByRequest:
			return t.request(d.arg(d.parameter(entry.Arg)), f)
		}
		return t.decide(&entry, d.arg(d.parameter(entry.Arg)), f)
	}
	return true
}

// methodAssigned reports whether a request's Method field is assigned what may make it a command.
func (t *tracer) methodAssigned(v ssa.Value, f *frame) bool {
	if v.Referrers() == nil {
		return false
	}
	method := &catalog.Entry{Effect: effect.Command(effect.HTTP), Decides: catalog.ByMethod}
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 && t.methodAssigned(x, f) {
			return true
		}
		a, ok := ref.(*ssa.FieldAddr)
		if !ok || fieldVar(a.X.Type(), a.Field).Name() != "Method" {
			continue
		}
		for _, use := range *a.Referrers() {
			if s, ok := use.(*ssa.Store); ok && s.Addr == a && t.decide(method, s.Val, f) {
				return true
			}
		}
	}
	return false
}

// any reports whether one of the values that v may be satisfies leaf. It looks through variables assigned once, through functions of
// this package that return the value, and through parameters of functions whose callers are all known.
func (t *tracer) any(v ssa.Value, f *frame, seen []ssa.Value, leaf func(ssa.Value, *frame) bool) bool {
	if v == nil || len(seen) > maxTrace {
		return leaf(nil, f)
	}
	if slices.Contains(seen, v) {
		return false
	}
	seen = append(seen, v)
	switch u := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(u.Edges, func(e ssa.Value) bool { return t.any(e, f, seen, leaf) })
	case *ssa.ChangeType:
		return t.any(u.X, f, seen, leaf)
	case *ssa.Convert:
		return t.any(u.X, f, seen, leaf)
	case *ssa.Extract:
		if call, ok := u.Tuple.(*ssa.Call); ok {
			return t.anyResult(call, u.Index, f, seen, leaf)
		}
	case *ssa.Call:
		return t.anyResult(u, 0, f, seen, leaf)
	case *ssa.UnOp:
		if a := t.variable(u); a != nil {
			if only := t.engine.graph.only(a); only != nil {
				return t.any(only, f, seen, leaf)
			}
		}
	case *ssa.Parameter:
		return t.anyArgument(u, f, seen, leaf)
	}
	return leaf(v, f)
}

func (t *tracer) variable(load *ssa.UnOp) *ssa.Alloc {
	if load.Op != token.MUL {
		return nil
	}
	switch x := load.X.(type) {
	case *ssa.Alloc:
		return x
	case *ssa.FreeVar:
		if outer := t.engine.graph.captured(x); len(outer) == 1 {
			a, _ := outer[0].(*ssa.Alloc)
			return a
		}
	}
	return nil
}

func (t *tracer) anyResult(call *ssa.Call, i int, f *frame, seen []ssa.Value, leaf func(ssa.Value, *frame) bool) bool {
	s := t.engine.graph.sites[call]
	if s == nil || len(s.edges) != 1 || s.edges[0].callee.fn == nil || s.edges[0].through != nil {
		return leaf(call, f)
	}
	inner := &frame{s.edges[0], f}
	for _, r := range t.engine.graph.returns[s.edges[0].callee.fn] {
		if i >= len(r.Results) || isNil(r.Results[i]) {
			continue
		}
		if t.any(r.Results[i], inner, seen, leaf) {
			return true
		}
	}
	return false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func (t *tracer) anyArgument(p *ssa.Parameter, f *frame, seen []ssa.Value, leaf func(ssa.Value, *frame) bool) bool {
	u := t.engine.unitOf(p.Parent())
	if f != nil && f.edge.callee == u {
		return t.any(f.edge.arg(parameterIndex(p)), f.outer, seen, leaf)
	}
	if t.engine.calledFromOutside(u) || len(u.in) == 0 {
		return leaf(p, f)
	}
	return slices.ContainsFunc(u.in, func(e *edge) bool { return t.any(e.arg(parameterIndex(p)), nil, seen, leaf) })
}
