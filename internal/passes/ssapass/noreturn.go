package ssapass

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"

	"github.com/airlock-go/airlock/internal/catalog"
)

// NoReturn marks a function that never returns: all its paths end in a panic, or in a call of such a function.
type NoReturn struct{}

func (*NoReturn) AFact()         {}
func (*NoReturn) String() string { return "never returns" }

// returns finds the functions of a package that never return.
type returns struct {
	pass    *analysis.Pass
	catalog *catalog.Catalog
	bodies  map[*types.Func]*ast.FuncDecl
	never   map[*types.Func]bool
}

// noReturns exports a fact for each function of the package that never returns, and returns what is known of all.
func noReturns(pass *analysis.Pass) func(*types.Func) bool {
	r := &returns{pass: pass, catalog: catalog.Default(), bodies: map[*types.Func]*ast.FuncDecl{}, never: map[*types.Func]bool{}}
	candidates := r.candidates()
	// A least fixed point: a function is taken to return until it is seen that it can't.
	for again := true; again; {
		again = false
		for _, fn := range candidates {
			if !r.never[fn] && r.endsOpen(r.bodies[fn]) && !r.recovers(r.bodies[fn]) && !r.reachesReturn(r.bodies[fn]) {
				r.never[fn] = true
				again = true
			}
		}
	}
	for _, fn := range candidates {
		if r.never[fn] {
			pass.ExportObjectFact(fn, new(NoReturn))
		}
	}
	return r.noReturn
}

// candidates are the functions whose last statement does not obviously return: few, and the only ones that pay for a flow graph.
func (r *returns) candidates() []*types.Func {
	var found []*types.Func
	for _, file := range r.pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil || len(decl.Body.List) == 0 {
				continue
			}
			fn, ok := r.pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			r.bodies[fn] = decl
			if mayEndWithoutReturn(decl.Body.List[len(decl.Body.List)-1]) {
				found = append(found, fn)
			}
		}
	}
	return found
}

func mayEndWithoutReturn(last ast.Stmt) bool {
	switch s := last.(type) {
	case *ast.ReturnStmt, *ast.AssignStmt, *ast.IncDecStmt, *ast.DeclStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeferStmt:
		return false
	case *ast.ExprStmt:
		_, ok := ast.Unparen(s.X).(*ast.CallExpr)
		return ok
	case *ast.RangeStmt:
		return false
	case *ast.ForStmt:
		return s.Cond == nil
	case *ast.IfStmt:
		return s.Else != nil
	}
	return true
}

// endsOpen reports whether the last statement does not return by itself, as far as is known by now.
func (r *returns) endsOpen(decl *ast.FuncDecl) bool {
	last, ok := decl.Body.List[len(decl.Body.List)-1].(*ast.ExprStmt)
	if !ok {
		return true
	}
	call, ok := ast.Unparen(last.X).(*ast.CallExpr)
	return ok && !r.mayReturn(call)
}

// reachesReturn reports whether a return statement, or the end of the body, can be reached. CFG.NoReturn would take every defer for
// one that recovers; recovers looks.
func (r *returns) reachesReturn(decl *ast.FuncDecl) bool {
	for _, b := range cfg.New(decl.Body, r.mayReturn).Blocks {
		if b.Live && b.Return() != nil {
			return true
		}
	}
	return false
}

func (r *returns) mayReturn(call *ast.CallExpr) bool {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return !r.ends(fun)
	case *ast.SelectorExpr:
		return !r.ends(fun.Sel)
	case *ast.IndexExpr:
		id, ok := fun.X.(*ast.Ident)
		return !ok || !r.ends(id)
	}
	return true
}

func (r *returns) ends(id *ast.Ident) bool {
	switch obj := r.pass.TypesInfo.Uses[id].(type) {
	case *types.Builtin:
		return obj.Name() == "panic"
	case *types.Func:
		return r.noReturn(obj)
	}
	return false
}

func (r *returns) noReturn(fn *types.Func) bool {
	fn = fn.Origin()
	if fn.Pkg() == r.pass.Pkg {
		return r.never[fn]
	}
	known, ok := r.never[fn]
	if !ok {
		known = r.catalog.NoReturn(fn) || r.pass.ImportObjectFact(fn, new(NoReturn))
		r.never[fn] = known
	}
	return known
}

// recovers reports whether the function defers something that recovers: then its panics return to its caller.
func (r *returns) recovers(decl *ast.FuncDecl) bool {
	found := false
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = found || r.callsRecover(n.Call)
			return false
		}
		return !found
	})
	return found
}

func (r *returns) callsRecover(call *ast.CallExpr) bool {
	var body ast.Node
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.FuncLit:
		body = fun.Body
	case *ast.Ident:
		body = r.bodyOf(fun)
	case *ast.SelectorExpr:
		body = r.bodyOf(fun.Sel)
	}
	if body == nil {
		return false
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			b, ok := r.pass.TypesInfo.Uses[id].(*types.Builtin)
			found = found || ok && b.Name() == "recover"
		}
		return !found
	})
	return found
}

func (r *returns) bodyOf(id *ast.Ident) ast.Node {
	if fn, ok := r.pass.TypesInfo.Uses[id].(*types.Func); ok {
		if decl := r.bodies[fn.Origin()]; decl != nil {
			return decl.Body
		}
	}
	return nil
}
