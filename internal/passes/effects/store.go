package effects

import (
	"cmp"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/whose"
)

// A StoredFunc is a function that a package puts into a place from where another package calls it: a field or package variable of
// function type.
type StoredFunc struct {
	Place string // full name: (example.com/shop.Service).Send, example.com/shop.Hook
	Func  string // full name, among the package's Acts unless it is pure: that counts, too
}

// maxStored bounds how many functions a place may hold for a call of what it holds to be taken for a call of each. What holds more is a
// registry: which of them is called depends on more than the place.
const maxStored = 4

// functions counts the functions that have reached a node.
func (n *node) functions() int {
	count := 0
	for _, a := range n.order {
		if a.kind == function || a.kind == bound || a.kind == returned {
			count++
		}
	}
	return count
}

// placeName returns the full name of a field or package variable of function type in the user's own code, "" for any other.
func (e *engine) placeName(v *types.Var) string {
	if v == nil || !isFunc(v.Type()) || !e.own(v.Pkg()) {
		return ""
	}
	if !v.IsField() {
		return v.Pkg().Path() + "." + v.Name()
	}
	if owner := e.ownerOf(v); owner != "" {
		return "(" + v.Pkg().Path() + "." + owner + ")." + v.Name()
	}
	return ""
}

// ownerOf returns the name of the type that declares a field.
func (e *engine) ownerOf(field *types.Var) string {
	scope := field.Pkg().Scope()
	if e.owners[field.Pkg()] == nil {
		owners := map[*types.Var]string{}
		for _, name := range scope.Names() {
			tn, ok := scope.Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() {
				continue
			}
			if s, ok := tn.Type().Underlying().(*types.Struct); ok {
				for f := range s.Fields() {
					owners[f.Origin()] = cmp.Or(owners[f.Origin()], name)
				}
			}
		}
		e.owners[field.Pkg()] = owners
	}
	return e.owners[field.Pkg()][field]
}

// placeNamed returns the field or package variable of that full name.
func (e *engine) placeNamed(name string) *types.Var {
	if v := e.facts.variable(name); v != nil && e.placeName(v) == name {
		return v
	}
	return nil
}

// places collects what this package puts into places that other packages may call, whether this one does or not.
func (e *engine) places() {
	if e.ssa.Class != whose.Own {
		return
	}
	for f := range e.graph.fields {
		if e.calledElsewhere(f) {
			e.graph.edge(e.graph.anyField(f), e.filledBy(f))
		}
	}
	for addr := range e.graph.written {
		if g, ok := addr.(*ssa.Global); ok {
			if v, ok := g.Object().(*types.Var); ok && e.calledElsewhere(v) {
				e.graph.edge(e.graph.of(g), e.filledBy(v))
			}
		}
	}
}

// calledElsewhere reports whether another package may call what a place holds.
func (e *engine) calledElsewhere(v *types.Var) bool {
	return e.placeName(v) != "" && (v.Exported() && !e.isMain() || v.Pkg() != e.types)
}

// filledBy returns the node of what this package puts into a place.
func (e *engine) filledBy(v *types.Var) *node {
	n, fresh := e.graph.node(nodeKey{kind: filledNode, field: v})
	if fresh {
		n.place, n.name = true, e.placeName(v)
		e.filled[v] = n
	}
	return n
}

// store notes that a call of a function of another package puts an argument into a place.
func (g *graph) store(d *edge) {
	for _, st := range d.callee.summary.Stores {
		v, place := d.arg(st.Param), g.engine.placeNamed(st.Place)
		if v != nil && place != nil && g.engine.ssa.Class == whose.Own {
			g.edge(g.argument(v, st.Path), g.engine.filledBy(place))
		}
	}
}

// noteStore notes that a parameter is put into a place that has a name.
func (g *graph) noteStore(p *sym, place string) {
	s := Stored{Param: p.index, Path: p.path, Place: place}
	if !slices.Contains(p.unit.stores, s) {
		p.unit.stores = append(p.unit.stores, s)
	}
}

func (u *unit) freezeStores() []Stored {
	slices.SortFunc(u.stores, func(a, b Stored) int {
		return cmp.Or(cmp.Compare(a.Param, b.Param), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Place, b.Place))
	})
	return u.stores
}

// stored lists what this package puts where others call it.
func (e *engine) stored(acts map[string]Act) []StoredFunc {
	var all []StoredFunc
	for v, n := range e.filled {
		found := map[string]Act{}
		for _, a := range n.order {
			if act, ok := e.actOf(a); ok {
				found[act.Func] = act
			}
		}
		for i, name := range slices.Sorted(maps.Keys(found)) {
			if i > maxStored {
				break // more than count
			}
			all = append(all, StoredFunc{e.placeName(v), name})
			if act := found[name]; len(act.Performs)+len(act.Open) > 0 {
				acts[name] = act
			}
		}
	}
	slices.SortFunc(all, func(a, b StoredFunc) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Func, b.Func))
	})
	return all
}

// actOf returns what the function that an atom is does when called; ok is false for what is no function of its own.
func (e *engine) actOf(a *atom) (act Act, ok bool) {
	switch a.kind {
	case function:
		if obj, ok := a.fn.Object().(*types.Func); ok {
			return e.act(obj), true
		}
		return e.actBy(Act{Func: e.nameOf(a.fn)}, e.freeze(e.unitOf(a.fn)), nil), true
	case bound:
		return e.act(a.obj), true
	case returned:
		return e.actBy(Act{Func: a.closure.name}, a.closure.summary, nil), true
	}
	return Act{}, false
}

// placesAsked lists the places whose contents functions of this package call, and do not all see.
func (e *engine) placesAsked() []string {
	var all []string
	for _, s := range e.sites {
		for o, elsewhere := range s.open {
			if elsewhere && e.openOn[o.method] == nil && !slices.Contains(all, o.method) {
				all = append(all, o.method)
			}
		}
	}
	slices.Sort(all)
	return all
}
