package effects

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// A graph says which atoms reach which values: an inclusion-based flow analysis over the values that calls ask for. Nodes are made
// on demand, backwards from the calls; atoms then run forwards until nothing changes, so that the result does not depend on order.
//
// A parameter is a symbol within its function, and replaced by the arguments at each call. Only where a parameter's value is put
// into a field, a package variable or the like, those of all callers come together.
type graph struct {
	*index
	engine *engine
	atoms  map[atomKey]*atom
	syms   map[sym]*sym
	nodes  map[nodeKey]*node
	sites  map[ssa.CallInstruction]*callsite
	types  typeutil.Map // types by identity
	queue  []arrival
}

type arrival struct {
	at *node
	a  *atom
}

type nodeKind uint8

const (
	valueNode  nodeKind = iota // an SSA value; of a variable or container: what it holds
	fieldNode                  // a field of all structs of a type
	basedNode                  // a field of one variable or parameter
	callNode                   // a result of a call
	resultNode                 // a result of a function
	actualNode                 // what callers give for a symbol
	filledNode                 // what this package puts into a place that others call
)

type nodeKey struct {
	kind  nodeKind
	value ssa.Value
	field *types.Var
	unit  *unit
	sym   *sym
	path  string
	index int
}

type node struct {
	place    bool   // functions of the whole package read what is put here
	name     string // of a place of functions that others may fill, too
	atoms    map[*atom]bool
	order    []*atom
	succs    map[*node]bool
	watchers []func(*atom)
}

func newGraph(e *engine, x *index) *graph {
	return &graph{
		index: x, engine: e,
		atoms: map[atomKey]*atom{}, syms: map[sym]*sym{}, nodes: map[nodeKey]*node{}, sites: map[ssa.CallInstruction]*callsite{},
	}
}

// settle runs the atoms on their way until nothing changes.
func (g *graph) settle() {
	for len(g.queue) > 0 {
		n := len(g.queue) - 1
		next := g.queue[n]
		g.queue = g.queue[:n]
		for succ := range next.at.succs {
			g.add(succ, next.a)
		}
		for _, w := range next.at.watchers {
			w(next.a)
		}
	}
}

func (g *graph) add(n *node, a *atom) {
	if n.place && a.kind == symbol {
		if n.name != "" {
			g.noteStore(a.sym, n.name)
		}
		g.edge(g.actual(a.sym), n)
		return
	}
	if n.name != "" && a.kind == outside && a.name == "" {
		a = g.outside(n.name)
	}
	if n.place && a.kind == concrete && a.value != nil && !isFunc(a.typ) {
		a = g.concreteType(a.typ) // of what is put where all see it, the type matters
	}
	if n.atoms[a] {
		return
	}
	if n.atoms == nil {
		n.atoms = map[*atom]bool{}
	}
	n.atoms[a] = true
	n.order = append(n.order, a)
	if len(n.succs) > 0 || len(n.watchers) > 0 {
		g.queue = append(g.queue, arrival{n, a})
	}
}

func (g *graph) edge(from, to *node) {
	if from == to || from.succs[to] {
		return
	}
	if from.succs == nil {
		from.succs = map[*node]bool{}
	}
	from.succs[to] = true
	for _, a := range from.order {
		g.add(to, a)
	}
}

// watch calls do for every atom that has reached n, and will.
func (g *graph) watch(n *node, do func(*atom)) {
	n.watchers = append(n.watchers, do)
	for i := 0; i < len(n.order); i++ {
		do(n.order[i])
	}
}

// node returns the node of that key, and whether it is new.
func (g *graph) node(k nodeKey) (n *node, fresh bool) {
	if n := g.nodes[k]; n != nil {
		return n, false
	}
	n = &node{}
	g.nodes[k] = n
	return n, true
}

// of returns the node of a value.
func (g *graph) of(v ssa.Value) *node {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return g.field(v.X, ssapass.Field(v.X.Type(), v.Field).Name())
	case *ssa.Field:
		return g.field(v.X, ssapass.Field(v.X.Type(), v.Field).Name())
	case *ssa.Call:
		if _, ok := v.Call.Value.(*ssa.Builtin); !ok {
			return g.result(v, 0)
		}
	}
	n, fresh := g.node(nodeKey{kind: valueNode, value: v})
	if fresh && g.received(n, v, "") {
		return n
	}
	if fresh {
		g.expand(n, v)
		for _, w := range g.written[v] {
			g.edge(g.of(w), n)
		}
	}
	return n
}

// received makes what was received from a place, or a field of it, a symbol.
func (g *graph) received(n *node, v ssa.Value, path string) bool {
	p := g.engine.queues.of(v)
	if p != nil {
		g.add(n, g.symbol(g.sym(sym{unit: p.unit, path: path})))
	}
	return p != nil
}

func (g *graph) expand(n *node, v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Function:
		g.add(n, g.atom(atomKey{kind: function, fn: v}, nil))
	case *ssa.MakeClosure:
		g.add(n, g.closure(v))
	case *ssa.MakeInterface:
		g.add(n, g.atom(atomKey{kind: concrete, value: v.X}, v.X.Type()))
	case *ssa.Parameter:
		g.add(n, g.symbol(g.sym(sym{unit: g.engine.unitOf(v.Parent()), index: parameterIndex(v)})))
	case *ssa.FreeVar:
		for _, outer := range g.captured(v) {
			g.edge(g.of(outer), n)
		}
	case *ssa.Global:
		n.place = true
		if g.engine.ssa.Class != whose.Own && isRegistry(deref(v.Type())) {
			g.add(n, g.outside(""))
			return
		}
		if obj, ok := v.Object().(*types.Var); ok {
			n.name = g.engine.placeName(obj)
		}
		if v.Object() == nil || v.Object().Exported() && !g.engine.isMain() || v.Pkg != g.engine.pkg {
			g.add(n, g.outside(""))
		}
	case *ssa.Phi:
		for _, e := range v.Edges {
			g.edge(g.of(e), n)
		}
	case *ssa.Call: // of a builtin
		for _, arg := range v.Call.Args {
			if g.carries.is(arg.Type()) {
				g.edge(g.of(arg), n)
			}
		}
	case *ssa.Extract:
		g.expandExtract(n, v)
	default:
		g.expandOperand(n, v)
	}
}

// expandOperand handles the values that are, for our purpose, what their operand is, or holds.
func (g *graph) expandOperand(n *node, v ssa.Value) {
	var from ssa.Value
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL || v.Op == token.ARROW {
			from = v.X
		}
	case *ssa.ChangeType:
		from = v.X
	case *ssa.ChangeInterface:
		from = v.X
	case *ssa.Convert:
		from = v.X
	case *ssa.MultiConvert:
		from = v.X
	case *ssa.SliceToArrayPointer:
		from = v.X
	case *ssa.TypeAssert:
		from = v.X
	case *ssa.Slice:
		from = v.X
	case *ssa.IndexAddr:
		from = v.X
	case *ssa.Index:
		from = v.X
	case *ssa.Lookup:
		from = v.X
	case *ssa.Range:
		from = v.X
	case *ssa.Next:
		from = v.Iter
	}
	if from != nil {
		g.edge(g.of(from), n)
	}
}

func (g *graph) expandExtract(n *node, v *ssa.Extract) {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		g.edge(g.result(t, v.Index), n)
	case *ssa.Select:
		if c := receivedFrom(t, v.Index); c != nil {
			g.edge(g.of(c), n)
		}
	case ssa.Value:
		g.edge(g.of(t), n)
	}
}

// receivedFrom returns the channel of the i-th element of a select's tuple: two elements, then one a receive.
func receivedFrom(s *ssa.Select, i int) ssa.Value {
	i -= 2
	for _, state := range s.States {
		if state.Dir != types.RecvOnly {
			continue
		}
		if i == 0 {
			return state.Chan
		}
		i--
	}
	return nil
}

func (g *graph) closure(c *ssa.MakeClosure) *atom {
	fn := c.Fn.(*ssa.Function)
	if obj, ok := fn.Object().(*types.Func); ok && fn.Parent() == nil {
		return g.atom(atomKey{kind: bound, obj: obj, value: c.Bindings[0]}, nil)
	}
	return g.atom(atomKey{kind: function, fn: fn}, nil)
}

// maxPath is how many fields deep the contents of one variable or parameter are told apart from those of others of its type.
const maxPath = 2

// field returns the node of a field, several names deep, of a struct or of what a pointer to one points to.
func (g *graph) field(v ssa.Value, path string) *node {
	base, prefix, ok := g.root(v)
	if !ok || len(splitPath(join(prefix, path))) > maxPath {
		return g.anyField(fieldAt(v.Type(), path))
	}
	return g.basedField(base, join(prefix, path))
}

func (g *graph) basedField(base ssa.Value, path string) *node {
	n, fresh := g.node(nodeKey{kind: basedNode, value: base, path: path})
	if !fresh {
		return n
	}
	known := g.based[fieldOf{base, path}]
	for _, w := range known {
		g.edge(g.of(w), n)
	}
	if g.received(n, base, path) {
		return n
	}
	switch base := base.(type) {
	case *ssa.UnOp, *ssa.Extract: // received from a channel that is in no place
		g.edge(g.anyField(fieldAt(base.(ssa.Value).Type(), path)), n)
	case *ssa.Parameter:
		g.add(n, g.symbol(g.sym(sym{unit: g.engine.unitOf(base.Parent()), index: parameterIndex(base), path: path})))
	case *ssa.Alloc:
		for _, w := range g.whole[base] {
			g.edge(g.field(w, path), n)
		}
		if len(known)+len(g.whole[base]) == 0 && escapes(base) {
			g.edge(g.anyField(fieldAt(base.Type(), path)), n)
		}
	}
	return n
}

// anyField returns the node of a field of whatever struct.
func (g *graph) anyField(f *types.Var) *node {
	n, fresh := g.node(nodeKey{kind: fieldNode, field: f})
	if !fresh {
		return n
	}
	n.place = true
	if e := g.engine; f == nil || e.ssa.Class != whose.Own && isRegistry(f.Type()) {
		g.add(n, g.outside(""))
		return n
	}
	n.name = g.engine.placeName(f)
	if f.Pkg() != g.engine.types || f.Exported() && !g.engine.isMain() {
		g.add(n, g.outside(""))
	}
	for _, w := range g.fields[f] {
		g.edge(g.of(w), n)
	}
	return n
}

// isRegistry reports whether t holds many values, of which a user of a third-party package puts in, or selects, some.
func isRegistry(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map, *types.Slice:
		return true
	}
	return false
}

// result returns the node of a call's i-th result.
func (g *graph) result(call *ssa.Call, i int) *node {
	n, fresh := g.node(nodeKey{kind: callNode, value: call, index: i})
	if !fresh {
		return n
	}
	s := g.sites[call]
	if s == nil { // dead, or not of this package
		g.add(n, g.outside(""))
		return n
	}
	s.results = append(s.results, waiting{i, n})
	for _, e := range s.edges {
		g.connect(e, i, n)
	}
	if s.loose {
		g.loosenResult(s, waiting{i, n})
	}
	return n
}

// connect lets the i-th result of what e calls flow to n.
func (g *graph) connect(e *edge, i int, n *node) {
	switch {
	case e.async != Sync || e.through != nil: // its result is not the call's
	case e.callee.fn != nil:
		g.watch(g.returnsOf(e.callee, i), func(a *atom) { g.translate(a, e, n) })
	case e.callee.summary != nil:
		g.connectImported(e, i, n)
	default:
		g.add(n, g.outside(""))
	}
}

func (g *graph) returnsOf(u *unit, i int) *node {
	n, fresh := g.node(nodeKey{kind: resultNode, unit: u, index: i})
	if fresh {
		for _, r := range g.returns[u.fn] {
			if i < len(r.Results) {
				g.edge(g.of(r.Results[i]), n)
			}
		}
	}
	return n
}

// translate says what a, a result of the function that e calls, is to the caller.
func (g *graph) translate(a *atom, e *edge, n *node) {
	switch {
	case a.kind == symbol:
		g.edge(g.substitute(e, a.sym), n)
		return
	case a.made != nil || e.made != nil: // one such call is told apart from others, not calls that such a call made possible
	case a.kind == function && within(a.fn, e.callee.fn), a.value != nil && within(a.value.Parent(), e.callee.fn):
		k := a.atomKey
		k.made = e
		a = g.atom(k, a.typ)
	}
	g.add(n, a)
}

func (g *graph) connectImported(e *edge, i int, n *node) {
	known := false
	for j := range e.callee.summary.Returns {
		r := &e.callee.summary.Returns[j]
		if r.Result != i {
			continue
		}
		known = true
		switch {
		case r.Func != nil:
			g.add(n, g.atom(atomKey{kind: returned, closure: g.engine.closureOf(e.callee, r), made: e}, nil))
		case r.Type != "":
			if t := g.engine.typeNamed(r.Type); t != nil {
				g.add(n, g.concreteType(t))
			} else {
				g.add(n, g.outside(""))
			}
		default:
			g.edge(g.substitute(e, g.sym(sym{unit: e.callee, index: r.Param, path: r.Path})), n)
		}
	}
	if !known {
		g.add(n, g.outside(""))
	}
}

// substitute returns the node of what s is at the call e.
func (g *graph) substitute(e *edge, s *sym) *node {
	switch {
	case s.unit == e.callee:
		if v := e.arg(s.index); v != nil {
			return g.argument(v, s.path)
		}
	case e.sent != nil && s.unit == e.callee.place.unit:
		return g.argument(e.sent, s.path)
	case e.made != nil && s.unit == e.made.callee:
		return g.substitute(e.made, s)
	case e.caller.owns(s):
		n, fresh := g.node(nodeKey{kind: actualNode, unit: e.caller, sym: s})
		if fresh {
			g.add(n, g.symbol(s))
		}
		return n
	}
	return g.actual(s)
}

func (g *graph) argument(v ssa.Value, path string) *node {
	if path != "" {
		return g.field(v, path)
	}
	if g.carries.is(v.Type()) {
		return g.of(v)
	}
	// A value of a concrete type, for a parameter whose type is a type parameter, or for a receiver.
	n, fresh := g.node(nodeKey{kind: valueNode, value: v, path: "concrete"})
	if fresh {
		g.add(n, g.atom(atomKey{kind: concrete, value: v}, v.Type()))
	}
	return n
}

// actual returns the node of what all callers in the package give for s.
func (g *graph) actual(s *sym) *node {
	n, fresh := g.node(nodeKey{kind: actualNode, sym: s})
	if !fresh {
		return n
	}
	n.place = true
	s.unit.actuals = append(s.unit.actuals, s)
	if s.unit.fn == nil && s.unit.place != nil {
		for _, sent := range s.unit.place.sends {
			g.edge(g.argument(sent.x, s.path), n)
		}
		return n
	}
	if g.engine.calledFromOutside(s.unit) {
		g.add(n, g.outside(""))
	}
	for i := 0; i < len(s.unit.in); i++ {
		g.supply(s.unit.in[i], s, n)
	}
	return n
}

func (g *graph) supply(e *edge, s *sym, n *node) {
	if v := e.arg(s.index); v != nil {
		g.edge(g.argument(v, s.path), n)
	} else {
		g.add(n, g.outside(""))
	}
}

func parameterIndex(p *ssa.Parameter) int {
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return -1
}

// within reports whether fn is outer, or a literal in it.
func within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}
