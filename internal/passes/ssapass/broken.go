package ssapass

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// sound returns the package's files and type information without the function bodies and initialisers that type errors reach: the rest
// of a package that does not compile is looked into all the same. Without type errors it returns the pass's own.
func sound(pass *analysis.Pass) ([]*ast.File, *types.Info) {
	if len(pass.TypeErrors) == 0 {
		return pass.Files, pass.TypesInfo
	}
	b := broken{pass}
	info := *pass.TypesInfo
	info.InitOrder = nil
	for _, init := range pass.TypesInfo.InitOrder {
		if !b.is(init.Rhs) {
			info.InitOrder = append(info.InitOrder, init)
		}
	}
	files := make([]*ast.File, len(pass.Files))
	for i, f := range pass.Files {
		files[i] = b.withoutBodies(f)
	}
	return files, &info
}

// broken tells what type errors reach.
type broken struct{ pass *analysis.Pass }

func (b broken) withoutBodies(f *ast.File) *ast.File {
	c := *f
	c.Decls = make([]ast.Decl, len(f.Decls))
	for i, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && (b.is(fn.Body) || b.signature(fn)) {
			empty := *fn
			empty.Body = nil
			decl = &empty
		}
		c.Decls[i] = decl
	}
	return &c
}

func (b broken) signature(fn *ast.FuncDecl) bool {
	obj, ok := b.pass.TypesInfo.Defs[fn.Name].(*types.Func)
	return !ok || invalid(obj.Type())
}

func (b broken) is(n ast.Node) bool {
	for _, err := range b.pass.TypeErrors {
		if n.Pos() <= err.Pos && err.Pos < n.End() {
			return true
		}
	}
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if tv, known := b.pass.TypesInfo.Types[e]; known && invalid(tv.Type) {
				found = true
			}
		}
		if id, ok := n.(*ast.Ident); ok {
			if obj := b.pass.TypesInfo.ObjectOf(id); obj != nil && obj.Type() != nil && invalid(obj.Type()) {
				if _, isPkg := obj.(*types.PkgName); !isPkg {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// invalid reports whether t is made of a type that could not be determined, by its own form: not by its name's definition.
func invalid(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Kind() == types.Invalid
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
		return invalid(t.Params()) || invalid(t.Results()) || t.Recv() != nil && invalid(t.Recv().Type())
	}
	return false
}
