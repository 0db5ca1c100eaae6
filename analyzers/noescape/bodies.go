package noescape

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/whose"
)

// bodies are the stretches of a package in which effects are allowed, because Enqueue, an executor or a job library runs them.
type bodies struct {
	all    bool                  // the package is an adapter
	roots  map[ast.Node]bool     // *ast.FuncDecl, *ast.FuncLit
	handed map[types.Object]bool // functions that the package itself hands to Enqueue or NewTask
}

// contain reports whether the innermost function around pos, or one around it, is an effect body.
func (b *bodies) contain(pos token.Pos) bool {
	if b.all {
		return true
	}
	for n := range b.roots {
		if n.Pos() <= pos && pos < n.End() {
			return true
		}
	}
	return false
}

// add makes a function or literal an effect body.
func (b *bodies) add(n ast.Node) {
	if n != nil {
		b.roots[n] = true
	}
}

// findBodies finds the package's effect bodies: those that say so, those that are handed over, and unexported functions that only
// effect bodies call.
func (c *check) findBodies() *bodies {
	b := &bodies{roots: map[ast.Node]bool{}, handed: map[types.Object]bool{}}
	if _, adapter := c.directives.Effects(); adapter || c.config.Role(c.pass.Pkg.Path()) == config.Adapter {
		b.all = true
	}
	c.addDeclared(b)
	for _, fn := range c.ssa.Funcs {
		if !c.ssa.InTest(fn.Pos()) {
			c.addHanded(b, fn)
		}
	}
	if init := c.ssa.Pkg.Func("init"); init != nil {
		c.addHanded(b, init)
	}
	if !b.all && len(b.roots) > 0 {
		c.addHelpers(b)
	}
	return b
}

// addDeclared adds functions marked as effects, methods that implement an interface method so marked, methods of executors, and
// methods that a job library calls.
func (c *check) addDeclared(b *bodies) {
	marked := c.markedMethods()
	for fn, decl := range c.decls {
		_, declared := c.directives.Effect(fn)
		if declared || executes(fn) || catalog.Default().Handles(fn) || implementsAny(fn, marked) {
			b.add(decl)
		}
	}
	for _, file := range c.pass.Files {
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.VAR {
				for _, spec := range gen.Specs {
					c.addVariables(b, spec.(*ast.ValueSpec))
				}
			}
		}
	}
}

// addVariables adds the literals with which variables marked as effects are initialised.
func (c *check) addVariables(b *bodies, spec *ast.ValueSpec) {
	for i, name := range spec.Names {
		obj := c.pass.TypesInfo.Defs[name]
		if obj == nil || i >= len(spec.Values) {
			continue
		}
		if _, declared := c.directives.Effect(obj); declared {
			if lit, ok := ast.Unparen(spec.Values[i]).(*ast.FuncLit); ok {
				b.add(lit)
			}
		}
	}
}

// executes reports whether fn is a method by which an executor runs intents. ExecuteTx is not: it writes inside an open transaction.
func executes(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() == nil || sig.Params().Len() != 2 {
		return false
	}
	arg := sig.Params().At(1).Type()
	switch fn.Name() {
	case "Execute":
		return airlockapi.TypeName(arg) == "Intent"
	case "ExecuteBatch":
		slice, ok := arg.Underlying().(*types.Slice)
		return ok && airlockapi.TypeName(slice.Elem()) == "Intent"
	}
	return false
}

// markedMethods returns the interface methods marked as effects, of this package and of those that it imports.
func (c *check) markedMethods() []*types.Func {
	var marked []*types.Func
	for _, pkg := range append(slices.Clone(c.pass.Pkg.Imports()), c.pass.Pkg) {
		if whose.Package(c.pass, pkg) != whose.Own {
			continue
		}
		for _, name := range pkg.Scope().Names() {
			typ, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || typ.IsAlias() {
				continue
			}
			iface, ok := typ.Type().Underlying().(*types.Interface)
			if !ok {
				continue
			}
			for m := range iface.ExplicitMethods() {
				if c.declared(m) != nil {
					marked = append(marked, m)
				}
			}
		}
	}
	return marked
}

// implementsAny reports whether fn implements one of the interface methods.
func implementsAny(fn *types.Func, methods []*types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || types.IsInterface(recv.Type()) {
		return false
	}
	for _, m := range methods {
		if m.Name() != fn.Name() {
			continue
		}
		iface, ok := m.Signature().Recv().Type().Underlying().(*types.Interface)
		if ok && (types.Implements(recv.Type(), iface) || types.Implements(types.NewPointer(recv.Type()), iface)) {
			return true
		}
	}
	return false
}

// addHanded adds what fn's code hands to Enqueue, NewTask, an executor or a job library.
func (c *check) addHanded(b *bodies, fn *ssa.Function) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				c.addArguments(b, instr.Common())
			case *ssa.ChangeType:
				if airlockapi.TypeName(instr.Type()) == "ExecutorFunc" || catalog.Default().HandlerType(instr.Type()) {
					c.addTargets(b, instr.X, false)
				}
			}
		}
	}
}

// taskArgument says which argument of a function of the runtime is the function of a task.
var taskArgument = map[string]int{"Enqueue": 1, "EnqueueFunc": 2, "NewTask": 1}

func (c *check) addArguments(b *bodies, call *ssa.CallCommon) {
	fn := callee(call)
	if fn == nil {
		return
	}
	if i, ok := taskArgument[airlockapi.Name(fn)]; ok && i < len(call.Args) {
		c.addTargets(b, call.Args[i], true)
		return
	}
	for _, i := range c.hands(fn) {
		if !call.IsInvoke() && i < len(call.Args) {
			c.addTargets(b, call.Args[i], true)
		}
	}
	w, ok := c.worker(fn)
	if !ok {
		return
	}
	i := w.Handler
	if fn.Signature().Recv() != nil && !call.IsInvoke() {
		i++
	}
	if i < len(call.Args) {
		c.addHandler(b, w, call.Args[i])
	}
}

// hands returns which arguments a function makes tasks of.
func (c *check) hands(fn *types.Func) []int {
	if fn.Pkg() == nil || whose.IsStd(fn.Pkg().Path()) {
		return nil
	}
	if s := c.effects.Of(fn); s != nil {
		return s.Hands
	}
	return nil
}

// worker returns what a function of another module takes as a handler.
func (c *check) worker(fn *types.Func) (catalog.Worker, bool) {
	if fn.Pkg() == nil || fn.Pkg() == c.pass.Pkg || whose.IsStd(fn.Pkg().Path()) {
		return catalog.Worker{}, false
	}
	return catalog.Default().Worker(fn)
}

// callee returns the function or interface method that is called, by its origin; nil for a function value.
func callee(call *ssa.CallCommon) *types.Func {
	if call.IsInvoke() {
		return call.Method
	}
	fn := call.StaticCallee()
	if fn == nil {
		return nil
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// addHandler adds what a job library is given as a handler.
func (c *check) addHandler(b *bodies, w catalog.Worker, arg ssa.Value) {
	switch {
	case w.Methods:
		c.addMethods(b, arg)
	case w.Field != "":
		for _, v := range fieldValues(arg, w.Field) {
			c.addTargets(b, v, false)
		}
	default:
		c.addTargets(b, arg, false)
	}
}

// addMethods adds the exported methods of the value that is handed over, or the function that it is.
func (c *check) addMethods(b *bodies, arg ssa.Value) {
	if mi, ok := arg.(*ssa.MakeInterface); ok {
		arg = mi.X
	}
	if _, ok := arg.Type().Underlying().(*types.Signature); ok {
		c.addTargets(b, arg, false)
		return
	}
	set := types.NewMethodSet(arg.Type())
	for sel := range set.Methods() {
		if fn, ok := sel.Obj().(*types.Func); ok && fn.Exported() {
			b.add(c.node(fn.Origin()))
		}
	}
}

// fieldValues returns what is stored in a field of the struct that v is, or points to, where that is seen.
func fieldValues(v ssa.Value, field string) []ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	refs := v.Referrers()
	if refs == nil {
		return nil
	}
	var values []ssa.Value
	for _, ref := range *refs {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok || fieldName(addr) != field {
			continue
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == addr {
				values = append(values, store.Val)
			}
		}
	}
	return values
}

func fieldName(addr *ssa.FieldAddr) string {
	ptr, ok := addr.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return ""
	}
	s, ok := ptr.Elem().Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	return s.Field(addr.Field).Name()
}

// addTargets adds the functions that v may be. Those that become tasks are effects to the rest of the program.
func (c *check) addTargets(b *bodies, v ssa.Value, task bool) {
	for _, t := range c.effects.Targets(v) {
		switch {
		case t.Object != nil:
			obj := t.Object.Origin()
			b.add(c.node(obj))
			if task && obj.Pkg() == c.pass.Pkg {
				b.handed[obj] = true
			}
		case t.Func != nil:
			if lit, ok := t.Func.Syntax().(*ast.FuncLit); ok {
				b.add(lit)
			}
		}
	}
}

// node returns the declaration of a function of this package, or nil.
func (c *check) node(fn *types.Func) ast.Node {
	if decl, ok := c.decls[fn]; ok {
		return decl
	}
	return nil
}
