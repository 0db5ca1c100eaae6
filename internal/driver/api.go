package driver

import (
	"fmt"
	"go/types"
	"hash"
	"io"
	"slices"
)

// digestAPI writes to h what a package that imports pkg can know of it by its types. Bodies, positions, comments and what no
// exported object leads to are no part of it, so that editing them disturbs nobody.
func digestAPI(h hash.Hash, pkg *types.Package) {
	d := &apiDigest{w: h, pkg: pkg, seen: map[types.Object]bool{}}
	fmt.Fprintf(h, "package %s %s\n", pkg.Path(), pkg.Name())
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			d.reach(obj)
		}
	}
	for len(d.queue) > 0 {
		obj := d.queue[0]
		d.queue = d.queue[1:]
		d.object(obj)
	}
}

// An apiDigest walks the objects that the exported ones lead to.
type apiDigest struct {
	w     io.Writer
	pkg   *types.Package
	seen  map[types.Object]bool
	queue []types.Object
}

func (d *apiDigest) reach(obj types.Object) {
	if obj.Pkg() == d.pkg && !d.seen[obj] {
		d.seen[obj] = true
		d.queue = append(d.queue, obj)
	}
}

func (d *apiDigest) print(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

func (d *apiDigest) object(obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		d.print("const %s = %s ", obj.Name(), obj.Val().ExactString())
		d.typ(obj.Type())
	case *types.Var:
		d.print("var %s ", obj.Name())
		d.typ(obj.Type())
	case *types.Func:
		d.print("func %s", obj.Name())
		d.signature(obj.Signature())
	case *types.TypeName:
		d.typeName(obj)
	}
	d.print("\n")
}

func (d *apiDigest) typeName(obj *types.TypeName) {
	d.print("type %s", obj.Name())
	switch t := obj.Type().(type) {
	case *types.Alias:
		d.typeParams(t.TypeParams())
		d.print(" = ")
		d.typ(t.Rhs())
	case *types.Named:
		d.typeParams(t.TypeParams())
		d.print(" ")
		d.typ(t.Underlying())
		d.methods(t)
	default:
		d.print(" ")
		d.typ(t)
	}
}

func (d *apiDigest) methods(t *types.Named) {
	var methods []*types.Func
	for m := range t.Methods() {
		methods = append(methods, m)
	}
	slices.SortFunc(methods, func(a, b *types.Func) int { return slices.Compare([]byte(a.Name()), []byte(b.Name())) })
	for _, m := range methods {
		_, pointer := m.Signature().Recv().Type().(*types.Pointer)
		d.print("\nmethod %s %v ", m.Name(), pointer)
		d.signature(m.Signature())
	}
}

func (d *apiDigest) typeParams(params *types.TypeParamList) {
	for p := range params.TypeParams() {
		d.print("[%s ", p.Obj().Name())
		d.typ(p.Constraint())
		d.print("]")
	}
}

func (d *apiDigest) signature(sig *types.Signature) {
	d.typeParams(sig.TypeParams())
	d.print("%v", sig.Variadic())
	d.tuple(sig.Params())
	d.tuple(sig.Results())
}

func (d *apiDigest) tuple(vars *types.Tuple) {
	d.print("(")
	for v := range vars.Variables() {
		d.print("%s ", v.Name())
		d.typ(v.Type())
		d.print(",")
	}
	d.print(")")
}

func (d *apiDigest) typ(t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		d.print("%s", t.Name())
	case *types.Alias:
		d.reference(t.Obj(), t.TypeArgs())
	case *types.Named:
		d.reference(t.Obj(), t.TypeArgs())
	case *types.TypeParam:
		d.print("$%s%d", t.Obj().Name(), t.Index())
	case *types.Pointer:
		d.element("*", t.Elem())
	case *types.Slice:
		d.element("[]", t.Elem())
	case *types.Array:
		d.element(fmt.Sprintf("[%d]", t.Len()), t.Elem())
	case *types.Chan:
		d.element(fmt.Sprintf("chan%d ", t.Dir()), t.Elem())
	case *types.Map:
		d.element("map ", t.Key())
		d.element(" ", t.Elem())
	case *types.Tuple:
		d.tuple(t)
	case *types.Signature:
		d.print("func")
		d.signature(t)
	case *types.Struct:
		d.structure(t)
	case *types.Interface:
		d.iface(t)
	case *types.Union:
		for term := range t.Terms() {
			d.element(fmt.Sprintf("|%v", term.Tilde()), term.Type())
		}
	}
}

func (d *apiDigest) element(prefix string, t types.Type) {
	d.print("%s", prefix)
	d.typ(t)
}

func (d *apiDigest) reference(obj *types.TypeName, args *types.TypeList) {
	if obj.Pkg() != nil {
		d.print("%s.", obj.Pkg().Path())
	}
	d.print("%s", obj.Name())
	for arg := range args.Types() {
		d.element("[", arg)
		d.print("]")
	}
	d.reach(obj)
}

func (d *apiDigest) structure(t *types.Struct) {
	d.print("struct{")
	for i := range t.NumFields() {
		f := t.Field(i)
		d.print("%s %v %q ", f.Name(), f.Embedded(), t.Tag(i))
		d.typ(f.Type())
		d.print(";")
	}
	d.print("}")
}

func (d *apiDigest) iface(t *types.Interface) {
	d.print("interface %v{", t.IsImplicit())
	for m := range t.ExplicitMethods() {
		d.print("%s", m.Name())
		d.signature(m.Signature())
		d.print(";")
	}
	for e := range t.EmbeddedTypes() {
		d.typ(e)
		d.print(";")
	}
	d.print("}")
}
