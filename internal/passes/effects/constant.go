package effects

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A question asks a parameter whether a call makes a command or a query: it is an HTTP method, a request, a set of flags.
type question struct {
	sym *sym
	by  catalog.Decides
}

// An answer is what a call of a catalogued function performs: the effect, unless a parameter of the caller decides.
type answer struct {
	effect effect.Effect
	asks   []question
}

// effectOf returns what a call of a catalogued function performs; ok is false where it performs nothing.
func (e *engine) effectOf(d *edge) (a answer, ok bool) {
	entry := d.callee.entry
	if e.excepted(d) {
		return answer{}, false
	}
	if entry.Used && d.through == nil && resultUsed(d.call, 0) {
		return answer{effect: effect.Query(entry.Effect.Kind())}, true
	}
	if entry.Decides == catalog.ByNothing {
		return answer{effect: e.byURL(d)}, true
	}
	return e.ask(d, entry.Effect.Kind(), entry.Decides, d.arg(d.parameter(entry.Arg)), e.urlOf(d)), true
}

// byURL returns the effect of a function that makes a GET or POST of a URL.
func (e *engine) byURL(d *edge) effect.Effect {
	method := "GET"
	if d.callee.entry.Effect.IsCommand() {
		method = "POST"
	}
	if command, ok := catalog.PathCommands(method, e.urlOf(d)); ok {
		return effect.Of(d.callee.entry.Effect.Kind(), command)
	}
	return d.callee.entry.Effect
}

// urlOf returns what is known of the URL that a catalogued function is given, "" if it is given none.
func (e *engine) urlOf(d *edge) string {
	t := tracer{engine: e}
	return t.url(d.callee.entry, d, nil)
}

func (t *tracer) url(entry *catalog.Entry, d *edge, f *frame) string {
	if entry.URL == 0 {
		return ""
	}
	return t.text(d.arg(d.parameter(entry.URL-1)), f, 0)
}

// ask decides by v, an argument at d, whether an effect is a command or a query.
func (e *engine) ask(d *edge, kind effect.Kind, by catalog.Decides, v ssa.Value, url string) answer {
	t := tracer{engine: e, caller: d.caller, by: by, to: url}
	if t.commands(v, nil) {
		return answer{effect: effect.Command(kind)}
	}
	if len(t.asks) > 0 {
		return answer{effect.Command(kind), t.asks}
	}
	return answer{effect: effect.Query(kind)}
}

// lexical returns the effect of a call whose answer depends on parameters, as far as all callers in the package agree.
func (e *engine) lexical(d *edge) effect.Effect {
	entry := d.callee.entry
	t := tracer{engine: e, by: entry.Decides, to: e.urlOf(d)}
	return effect.Of(entry.Effect.Kind(), t.commands(d.arg(d.parameter(entry.Arg)), nil))
}

// parameter turns an index that does not count the receiver into one that does.
func (e *edge) parameter(i int) int {
	if e.callee.obj != nil && e.callee.obj.Signature().Recv() != nil {
		return i + 1
	}
	return i
}

// excepted reports whether the call performs nothing because of the variable that its receiver is, os.Stdout, or its deciding
// argument is not.
func (e *engine) excepted(d *edge) bool {
	entry := d.callee.entry
	if len(entry.Only) > 0 {
		return !among(d.arg(d.parameter(entry.Arg)), entry.Only)
	}
	return len(entry.Except) > 0 && among(d.arg(0), entry.Except)
}

// among reports whether v is the value of one of the package variables of these full names, on every path.
func among(v ssa.Value, variables []string) bool {
	paths := []ssa.Value{bare(v)}
	if phi, ok := paths[0].(*ssa.Phi); ok {
		paths = phi.Edges
	}
	return !slices.ContainsFunc(paths, func(v ssa.Value) bool {
		load, ok := bare(v).(*ssa.UnOp)
		if !ok {
			return true
		}
		g, ok := load.X.(*ssa.Global)
		return !ok || !slices.Contains(variables, g.Pkg.Pkg.Path()+"."+g.Name())
	})
}

// bare returns the value that an interface was made of.
func bare(v ssa.Value) ssa.Value {
	if i, ok := v.(*ssa.MakeInterface); ok {
		return i.X
	}
	return v
}

// A tracer follows a deciding argument back to the constants that it may be. What it can't follow makes a command.
type tracer struct {
	engine *engine
	by     catalog.Decides
	to     string     // what is known of the URL
	caller *unit      // whose parameters are asked for, instead of all callers' arguments
	asks   []question // of them
}

// A frame is a call that the tracer went into: a parameter of its callee is an argument of it.
type frame struct {
	edge  *edge
	outer *frame
}

const maxTrace = 12

// commands reports whether v, the deciding argument, may make a command.
func (t *tracer) commands(v ssa.Value, f *frame) bool {
	if t.by == catalog.ByRequest {
		return t.request(v, f)
	}
	return t.decide(&catalog.Entry{Effect: effect.Command(effect.Other), Decides: t.by}, v, t.to, f)
}

// decide reports whether v, the deciding argument of entry, may make a command, in a request to that URL.
func (t *tracer) decide(entry *catalog.Entry, v ssa.Value, url string, f *frame) bool {
	return t.any(v, f, nil, entry.Decides, func(v ssa.Value, _ *frame) bool {
		c, _ := v.(*ssa.Const)
		if c != nil && entry.Decides == catalog.ByMethod {
			if command, ok := catalog.PathCommands(constantString(c), url); ok {
				return command
			}
		}
		return entry.Resolve(func(int) (constant.Value, bool) {
			if c == nil || c.Value == nil {
				return nil, false
			}
			return c.Value, true
		}).IsCommand()
	})
}

// request reports whether v, a request, may be a command.
func (t *tracer) request(v ssa.Value, f *frame) bool {
	return t.any(v, f, nil, catalog.ByRequest, func(v ssa.Value, f *frame) bool {
		return v == nil || t.built(v, f) || t.methodAssigned(v, f)
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
		return t.decide(&entry, d.arg(d.parameter(entry.Arg)), t.url(&entry, d, f), f)
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
		if !ok || ssapass.Field(a.X.Type(), a.Field).Name() != "Method" {
			continue
		}
		for _, use := range *a.Referrers() {
			if s, ok := use.(*ssa.Store); ok && s.Addr == a && t.decide(method, s.Val, "", f) {
				return true
			}
		}
	}
	return false
}

// any reports whether one of the values that v may be satisfies leaf. It looks through variables assigned once, through functions of
// this package that return the value, and through parameters of functions whose callers are all known.
func (t *tracer) any(v ssa.Value, f *frame, seen []ssa.Value, by catalog.Decides, leaf func(ssa.Value, *frame) bool) bool {
	if v == nil || len(seen) > maxTrace {
		return leaf(nil, f)
	}
	if slices.Contains(seen, v) {
		return false
	}
	seen = append(seen, v)
	switch u := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(u.Edges, func(e ssa.Value) bool { return t.any(e, f, seen, by, leaf) })
	case *ssa.ChangeType:
		return t.any(u.X, f, seen, by, leaf)
	case *ssa.Convert:
		return t.any(u.X, f, seen, by, leaf)
	case *ssa.Extract:
		if call, ok := u.Tuple.(*ssa.Call); ok {
			return t.anyResult(call, u.Index, f, seen, by, leaf)
		}
	case *ssa.Call:
		return t.anyResult(u, 0, f, seen, by, leaf)
	case *ssa.UnOp:
		if a := t.variable(u); a != nil {
			if only := t.engine.graph.only(a); only != nil {
				return t.any(only, f, seen, by, leaf)
			}
		}
	case *ssa.Parameter:
		return t.anyArgument(u, f, seen, by, leaf)
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

func (t *tracer) anyResult(call *ssa.Call, i int, f *frame, seen []ssa.Value, by catalog.Decides, leaf func(ssa.Value, *frame) bool) bool {
	s := t.engine.graph.sites[call]
	if s == nil || len(s.edges) != 1 || s.edges[0].callee.fn == nil || s.edges[0].through != nil {
		return leaf(call, f)
	}
	inner := &frame{s.edges[0], f}
	for _, r := range t.engine.graph.returns[s.edges[0].callee.fn] {
		if i >= len(r.Results) || isNil(r.Results[i]) {
			continue
		}
		if t.any(r.Results[i], inner, seen, by, leaf) {
			return true
		}
	}
	return false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func (t *tracer) anyArgument(p *ssa.Parameter, f *frame, seen []ssa.Value, by catalog.Decides, leaf func(ssa.Value, *frame) bool) bool {
	u := t.engine.unitOf(p.Parent())
	if f != nil && f.edge.callee == u {
		return t.any(f.edge.arg(parameterIndex(p)), f.outer, seen, by, leaf)
	}
	own := t.engine.graph.sym(sym{unit: u, index: parameterIndex(p)})
	if t.caller != nil && f == nil && t.caller.owns(own) {
		if q := (question{own, by}); !slices.Contains(t.asks, q) {
			t.asks = append(t.asks, q)
		}
		return false
	}
	if t.engine.calledFromOutside(u) || len(u.in) == 0 {
		return leaf(p, f)
	}
	return slices.ContainsFunc(u.in, func(e *edge) bool { return t.any(e.arg(parameterIndex(p)), nil, seen, by, leaf) })
}
