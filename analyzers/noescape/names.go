package noescape

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/finding"
	"github.com/airlock-go/airlock/internal/passes/effects"
)

// declaration returns what pos stands in: the declaration of a function, or that of package variables.
func (c *check) declaration(pos token.Pos) ast.Node {
	file := c.file(pos)
	if file == nil {
		return nil
	}
	for _, decl := range file.Decls {
		if pos < decl.Pos() || decl.End() <= pos {
			continue
		}
		if gen, ok := decl.(*ast.GenDecl); ok {
			for _, spec := range gen.Specs {
				if spec.Pos() <= pos && pos < spec.End() {
					return spec
				}
			}
		}
		return decl
	}
	return nil
}

func (c *check) file(pos token.Pos) *ast.File {
	for _, file := range c.pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			return file
		}
	}
	return nil
}

// declarationName returns how messages call the declaration around pos.
func (c *check) declarationName(pos token.Pos) string {
	switch decl := c.declaration(pos).(type) {
	case *ast.FuncDecl:
		if fn, ok := c.pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
			return c.display(fn)
		}
	case *ast.ValueSpec:
		return decl.Names[0].Name
	}
	return c.pass.Pkg.Name()
}

// markable returns how messages call the declared function around pos that can be marked as an effect; "" where none can.
func (c *check) markable(pos token.Pos) string {
	decl, ok := c.declaration(pos).(*ast.FuncDecl)
	if !ok || decl.Recv == nil && (decl.Name.Name == "main" || decl.Name.Name == "init") {
		return ""
	}
	return c.declarationName(pos)
}

// display returns how messages call a function or variable: Process, (*Service).Ship; that of another package with the package's name.
func (c *check) display(obj types.Object) string {
	if fn, ok := obj.(*types.Func); ok {
		return c.effects.Display(fn)
	}
	if obj.Pkg() == nil || obj.Pkg() == c.pass.Pkg {
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}

// fullName returns the name of a function or variable with its import path.
func fullName(obj types.Object) string {
	if fn, ok := obj.(*types.Func); ok {
		return effects.FullName(fn)
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// functionName returns how messages call a function, a literal by the declaration that it stands in.
func (c *check) functionName(fn *ssa.Function) string {
	if obj, ok := fn.Object().(*types.Func); ok {
		return c.display(obj)
	}
	return c.declarationName(fn.Pos())
}

// steps translates a chain for reporters.
func steps(chain []effects.Step) []finding.Step {
	out := make([]finding.Step, len(chain))
	for i, s := range chain {
		out[i] = finding.Step{Func: s.Func, Pos: s.Pos}
	}
	return out
}

// sink returns the end of a chain.
func sink(chain []effects.Step) string {
	if len(chain) == 0 {
		return ""
	}
	return chain[len(chain)-1].Func
}
