package ssapass

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// createImports makes the packages that pkg imports known to prog, with those functions and variables that its files name: methods are
// made when they are called, and all else that a package exports would take more memory than the importing package itself.
//
// The builder makes members of a package from syntax, or else of all that the package's scope has. So each import is given syntax: a
// declaration of what is needed, in the form of constants, whose members have neither a body nor a value to evaluate.
func createImports(prog *ssa.Program, pkg *types.Package, info *types.Info) {
	type named struct {
		names []*ast.Ident
		defs  map[*ast.Ident]types.Object
	}
	uses := make(map[*types.Package]*named, len(pkg.Imports()))
	for _, p := range pkg.Imports() {
		uses[p] = &named{defs: map[*ast.Ident]types.Object{}}
	}
	seen := map[types.Object]bool{}
	for id, obj := range info.Uses {
		if !seen[obj] && member(obj) && uses[obj.Pkg()] != nil {
			seen[obj] = true
			u := uses[obj.Pkg()]
			u.names = append(u.names, id)
			u.defs[id] = obj
		}
	}
	for _, p := range pkg.Imports() {
		decl := &ast.GenDecl{Tok: token.CONST, Specs: []ast.Spec{&ast.ValueSpec{Names: uses[p].names}}}
		prog.CreatePackage(p, []*ast.File{{Decls: []ast.Decl{decl}}}, &types.Info{Defs: uses[p].defs}, true)
	}
}

// member reports whether obj is a function or variable of package level.
func member(obj types.Object) bool {
	switch obj.(type) {
	case *types.Func, *types.Var:
		return obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope()
	}
	return false
}
