package noescape

import (
	"go/ast"
	"go/token"
	"go/types"
)

// addHelpers adds the unexported functions that nobody but effect bodies calls: the greatest set of functions all of whose calls lie in
// effect bodies. A function that is used as a value, or that an interface may stand for, may be called from anywhere.
func (c *check) addHelpers(b *bodies) {
	calls := c.callSites()
	candidates := map[*types.Func]*ast.FuncDecl{}
	for fn, decl := range c.decls {
		if !b.roots[decl] && helper(fn) && len(calls.of[fn]) > 0 && !calls.value[fn] && !c.behindInterface(fn, calls) {
			candidates[fn] = decl
		}
	}
	for _, decl := range candidates {
		b.add(decl)
	}
	for again := true; again; {
		again = false
		for fn, decl := range candidates {
			if !allIn(b, calls.of[fn]) {
				delete(candidates, fn)
				delete(b.roots, decl)
				again = true
			}
		}
	}
}

func helper(fn *types.Func) bool {
	return !fn.Exported() && (fn.Signature().Recv() != nil || fn.Name() != "main" && fn.Name() != "init")
}

func allIn(b *bodies, sites []token.Pos) bool {
	for _, pos := range sites {
		if !b.contain(pos) {
			return false
		}
	}
	return true
}

// behindInterface reports whether fn implements a method of an interface that the package calls.
func (c *check) behindInterface(fn *types.Func, calls *callSites) bool {
	return fn.Signature().Recv() != nil && implementsAny(fn, calls.abstract[fn.Name()])
}

// callSites says where a package's non-test files call and otherwise use its functions.
type callSites struct {
	of       map[*types.Func][]token.Pos
	value    map[*types.Func]bool
	abstract map[string][]*types.Func // interface methods that are called or taken as values, by name
}

func (c *check) callSites() *callSites {
	s := &callSites{of: map[*types.Func][]token.Pos{}, value: map[*types.Func]bool{}, abstract: map[string][]*types.Func{}}
	for _, file := range c.pass.Files {
		if c.ssa.InTest(file.FileStart) {
			continue
		}
		called := map[*ast.Ident]token.Pos{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if id := calleeIdent(n); id != nil {
					called[id] = n.Lparen
				}
			case *ast.Ident:
				if fn, ok := c.pass.TypesInfo.Uses[n].(*types.Func); ok {
					s.use(fn.Origin(), called[n])
				}
			}
			return true
		})
	}
	return s
}

// use records a use of fn, at a call if pos is valid.
func (s *callSites) use(fn *types.Func, pos token.Pos) {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		s.abstract[fn.Name()] = append(s.abstract[fn.Name()], fn)
		return
	}
	if pos.IsValid() {
		s.of[fn] = append(s.of[fn], pos)
		return
	}
	s.value[fn] = true
}

// calleeIdent returns the identifier of what is called: f in f(x), x.f(y), f[T](x); nil where something without a name is.
func calleeIdent(call *ast.CallExpr) *ast.Ident {
	fun := ast.Unparen(call.Fun)
	for {
		switch f := fun.(type) {
		case *ast.IndexExpr:
			fun = ast.Unparen(f.X)
			continue
		case *ast.IndexListExpr:
			fun = ast.Unparen(f.X)
			continue
		case *ast.SelectorExpr:
			return f.Sel
		case *ast.Ident:
			return f
		}
		return nil
	}
}
