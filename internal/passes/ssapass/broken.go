package ssapass

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// sound returns the package's files and type information as the SSA builder can take them. What type errors reach is replaced: a value
// that makes no sense by one of the wanted type of which nothing is known, a statement by the calls in it that make sense. With bodies
// unset, functions that type errors reach have none.
func sound(pass *analysis.Pass, bodies bool) ([]*ast.File, *types.Info) {
	r := newRepair(pass)
	files := make([]*ast.File, len(pass.Files))
	for i, f := range pass.Files {
		files[i] = r.file(f, bodies)
	}
	r.info.InitOrder = nil
	for _, init := range pass.TypesInfo.InitOrder {
		init = r.distinct(init)
		switch {
		case r.soundInitializer(init):
			r.info.InitOrder = append(r.info.InitOrder, init)
		case bodies:
			r.initializer(init)
		}
	}
	return files, r.info
}

// A repair replaces what is broken in the code of one package. The package's syntax stays as it is: what changes is copied.
type repair struct {
	pass    *analysis.Pass
	info    *types.Info       // with what is known of the copies
	errors  []token.Pos       // that are more than untidy
	returns map[ast.Stmt]bool // that return from functions whose results are not known
	before  []ast.Stmt        // what is to be done before the statement that is being repaired
	results []*types.Tuple    // of the functions that are being repaired, the outermost first
}

func newRepair(pass *analysis.Pass) *repair {
	info := *pass.TypesInfo
	info.Types, info.Uses, info.Defs = maps.Clone(info.Types), maps.Clone(info.Uses), maps.Clone(info.Defs)
	info.Implicits, info.Selections = maps.Clone(info.Implicits), maps.Clone(info.Selections)
	info.FileVersions = maps.Clone(info.FileVersions)
	r := &repair{pass: pass, info: &info, returns: map[ast.Stmt]bool{}}
	for _, err := range pass.TypeErrors {
		if !err.Soft || !strings.Contains(err.Msg, " and not used") {
			r.errors = append(r.errors, err.Pos)
		}
	}
	for _, f := range pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			r.distrust(n)
			if list, ok := n.(*ast.FieldList); ok {
				r.parameters(list)
			}
			return true
		})
	}
	return r
}

// parameters gives each parameter a variable, also one whose name is taken.
func (r *repair) parameters(list *ast.FieldList) {
	for _, field := range list.List {
		for _, name := range field.Names {
			if r.info.Defs[name] == nil {
				t := r.info.Types[field.Type].Type
				if t == nil {
					t = types.Typ[types.Invalid]
				}
				r.info.Defs[name] = types.NewParam(name.Pos(), r.pass.Pkg, name.Name, t)
			}
		}
	}
}

// distrust notes the return statements of a function, n, whose results are not known.
func (r *repair) distrust(n ast.Node) {
	var body *ast.BlockStmt
	var results types.Type
	switch n := n.(type) {
	case *ast.FuncDecl:
		if fn, ok := r.info.Defs[n.Name].(*types.Func); ok {
			body, results = n.Body, fn.Signature().Results()
		}
	case *ast.FuncLit:
		if sig, ok := r.info.Types[n.Type].Type.(*types.Signature); ok {
			body, results = n.Body, sig.Results()
		}
	}
	if body == nil || !invalid(results) {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.ReturnStmt); ok {
			r.returns[s] = true
		}
		_, literal := n.(*ast.FuncLit)
		return !literal
	})
}

func (r *repair) file(f *ast.File, bodies bool) *ast.File {
	c := *f
	c.Decls = nil
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if r.info.Defs[d.Name] == nil {
				continue // the type checker did not look at the file
			}
			if d.Body != nil && !r.sound(d.Body) {
				decl = r.function(d, bodies)
			}
		case *ast.GenDecl:
			decl = r.declared(d)
		default:
			continue
		}
		c.Decls = append(c.Decls, decl)
	}
	if v, ok := r.info.FileVersions[f]; ok {
		r.info.FileVersions[&c] = v
	}
	return &c
}

// declared leaves out what the type checker did not look at.
func (r *repair) declared(d *ast.GenDecl) *ast.GenDecl {
	c := *d
	c.Specs = nil
	unknown := func(name *ast.Ident) bool { return r.info.Defs[name] == nil }
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if unknown(s.Name) {
				continue
			}
		case *ast.ValueSpec:
			known := *s
			known.Names = slices.DeleteFunc(slices.Clone(s.Names), unknown)
			spec = &known
		}
		c.Specs = append(c.Specs, spec)
	}
	return &c
}

func (r *repair) function(fn *ast.FuncDecl, bodies bool) *ast.FuncDecl {
	c := *fn
	c.Body = nil
	if obj, ok := r.info.Defs[fn.Name].(*types.Func); ok && bodies {
		c.Body = r.body(fn.Body, obj.Signature().Results())
		r.declare(&c, c.Body)
	}
	return &c
}

// sound reports whether no type error lies in n, and all that is named and computed in it has a type.
func (r *repair) sound(n ast.Node) bool {
	for _, pos := range r.errors {
		if n.Pos() <= pos && pos < n.End() {
			return false
		}
	}
	ok := true
	ast.Inspect(n, func(n ast.Node) bool {
		ok = ok && r.named(n) && r.computed(n)
		return ok
	})
	return ok
}

func (r *repair) named(n ast.Node) bool {
	id, ok := n.(*ast.Ident)
	if !ok {
		return true
	}
	switch obj := r.info.ObjectOf(id).(type) {
	case nil, *types.PkgName, *types.Label:
		return true
	default:
		return !invalid(obj.Type()) && r.instantiated(id, obj)
	}
}

// instantiated reports whether a function that id names has as many type arguments as it has parameters: not where those can't be inferred.
func (r *repair) instantiated(id *ast.Ident, obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	return !ok || r.info.Uses[id] == nil || fn.Signature().TypeParams().Len() == r.info.Instances[id].TypeArgs.Len()
}

func (r *repair) computed(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BadExpr, *ast.BadStmt, *ast.BadDecl:
		return false
	case *ast.ReturnStmt:
		return !r.returns[n]
	case *ast.TypeAssertExpr:
		return n.Type == nil || r.typed(n)
	case *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr, *ast.IndexListExpr, *ast.SliceExpr, *ast.StarExpr, *ast.UnaryExpr,
		*ast.BinaryExpr, *ast.CompositeLit, *ast.FuncLit, *ast.ParenExpr, *ast.BasicLit:
		return r.typed(n.(ast.Expr)) || r.tag(n)
	}
	return true
}

// tag reports whether n is the tag of a struct's field, or an import path, which has no type.
func (r *repair) tag(n ast.Node) bool {
	lit, ok := n.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING
}

// typed reports whether an expression has a type that is known.
func (r *repair) typed(e ast.Expr) bool {
	tv, ok := r.info.Types[e]
	return ok && !invalid(tv.Type)
}

// invalid reports whether t is made of a type that could not be determined, by its own form: not by its fields.
func invalid(t types.Type) bool {
	if t == nil {
		return true
	}
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Kind() == types.Invalid
	case *types.Named:
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Kind() == types.Invalid
	case *types.Pointer:
		return invalid(t.Elem())
	case *types.Slice:
		return invalid(t.Elem())
	case *types.Array:
		return invalid(t.Elem())
	case *types.Chan:
		return invalid(t.Elem())
	case *types.Map:
		return invalid(t.Key()) || invalid(t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if invalid(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return invalid(t.Params()) || invalid(t.Results())
	}
	return false
}
