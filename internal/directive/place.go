package directive

import (
	"go/ast"
	"go/types"
	"strings"
)

// An owner is what a comment documents.
type owner struct {
	objects []types.Object
	method  bool // of an interface
}

// mark attaches an effect, pure or scoped directive to the declaration that its comment documents.
func (r *reader) mark(group *ast.CommentGroup, comment *ast.Comment, d parsed) {
	if r.owners == nil {
		r.owners = r.findOwners()
	}
	o, ok := r.owners[group]
	if !ok || d.verb != verbEffect && !o.function() {
		r.problem(comment, misplaced(d.verb))
		return
	}
	for _, obj := range o.objects {
		switch d.verb {
		case verbEffect:
			r.index.effects[obj] = d.mark
		case verbPure:
			r.index.pure[obj.(*types.Func)] = d.strict
		case verbScoped:
			r.index.scoped[obj.(*types.Func)] = true
		}
	}
}

// function reports whether the owner is a declared function, not an interface method or a variable.
func (o owner) function() bool {
	_, ok := o.objects[0].(*types.Func)
	return ok && !o.method
}

func misplaced(verb string) string {
	if verb == verbEffect {
		return prefix + verb + " belongs to the comment of a function, an interface method or a variable of function type"
	}
	return prefix + verb + " belongs to the comment of a function"
}

// adapter records a directive at the package clause. A test file can't speak for the package: the package without its tests would differ.
func (r *reader) adapter(comment *ast.Comment, d parsed) {
	fset := r.pass.Fset
	clause := fset.PositionFor(r.file.Package, false)
	if fset.PositionFor(comment.Pos(), false).Line > clause.Line || strings.HasSuffix(clause.Filename, "_test.go") {
		r.problem(comment, prefix+verbEffects+" belongs to the package clause, in a file that is no test")
		return
	}
	if r.index.adapter == nil {
		r.index.adapter = &d.mark
	}
}

func (r *reader) findOwners() map[*ast.CommentGroup]owner {
	owners := map[*ast.CommentGroup]owner{}
	add := func(doc *ast.CommentGroup, method bool, names ...*ast.Ident) {
		var o owner
		for _, name := range names {
			if obj := r.pass.TypesInfo.Defs[name]; obj != nil && callable(obj) {
				o.objects = append(o.objects, obj)
			}
		}
		if doc != nil && len(o.objects) > 0 {
			o.method = method
			owners[doc] = o
		}
	}
	ast.Inspect(r.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			add(n.Doc, false, n.Name)
		case *ast.GenDecl:
			if len(n.Specs) == 1 {
				if spec, ok := n.Specs[0].(*ast.ValueSpec); ok {
					add(n.Doc, false, spec.Names...)
				}
			}
		case *ast.ValueSpec:
			add(n.Doc, false, n.Names...)
			add(n.Comment, false, n.Names...)
		case *ast.InterfaceType:
			for _, field := range n.Methods.List {
				add(field.Doc, true, field.Names...)
				add(field.Comment, true, field.Names...)
			}
		}
		return true
	})
	return owners
}

// callable reports whether obj is a function, or a variable that holds one.
func callable(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return true
	case *types.Var:
		_, ok := obj.Type().Underlying().(*types.Signature)
		return ok
	}
	return false
}
