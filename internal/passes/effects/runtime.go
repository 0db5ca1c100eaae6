package effects

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
)

// An enqueue is a call that puts a task into a scope.
type enqueue struct {
	task string
	ctx  *sym // nil if the context is not a parameter's
}

// callRuntime handles a call of the runtime, which is known by name and never looked into.
func (e *engine) callRuntime(s *callsite, name string, k edgeKey) {
	e.graph.loosen(s)
	if k.through != nil {
		return
	}
	args := s.call.Common().Args
	switch name {
	case "Run", "InTx":
		e.callBack(s, args[1:], k)
	case "Airlock.Run", "Airlock.InTx":
		e.callBack(s, args[2:], k)
	case "Go":
		k.async = Goroutine
		e.callBack(s, args[1:], k)
	case "NewTask":
		e.hand(args[1])
	case "Enqueue":
		e.hand(args[1])
		s.enqueue = &enqueue{taskOf(args[1]), e.contextOf(args[0])}
	case "EnqueueFunc":
		e.hand(args[2])
		s.enqueue = &enqueue{constantString(args[1]), e.contextOf(args[0])}
	case "Task.Enqueue", "Intent.Enqueue":
		s.enqueue = &enqueue{e.graph.taskName(args[0]), e.contextOf(args[1])}
	case "Escape":
		e.escape(s, args[1], k)
	}
}

// callBack adds calls of the function arguments, scope options excepted.
func (e *engine) callBack(s *callsite, args []ssa.Value, k edgeKey) {
	k.through = &unit{obj: s.call.Common().StaticCallee().Object().(*types.Func)}
	if o, ok := e.imported[k.through.obj.Origin()]; ok {
		k.through = o
	} else {
		k.through.name = FullName(k.through.obj)
		e.imported[k.through.obj.Origin()] = k.through
	}
	for _, arg := range args {
		if isFunc(arg.Type()) && !strings.HasSuffix(airlockapi.TypeName(arg.Type()), "Option") {
			e.graph.watch(e.graph.of(arg), func(a *atom) { e.callAtom(s, a, nil, k) })
		}
	}
}

// escape performs the kind that a constant names.
func (e *engine) escape(s *callsite, kind ssa.Value, k edgeKey) {
	if parsed, err := effect.ParseKind(constantString(kind)); err == nil {
		fn := s.call.Common().StaticCallee().Object().(*types.Func)
		k.callee = e.known(fn, catalog.Entry{Class: catalog.Effect, Effect: effect.Command(parsed)})
		e.addEdge(s, k)
	}
}

// taskOf returns the name that the runtime gives to a function that is enqueued: example.com/shop.Order.Notify.
func taskOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return taskOf(v.X)
	case *ssa.MakeClosure:
		return taskOf(v.Fn)
	case *ssa.Function:
		if obj, ok := v.Object().(*types.Func); ok {
			return strings.NewReplacer("(*", "", "(", "", ")", "").Replace(FullName(obj))
		}
		if v.Parent() != nil {
			return taskOf(v.Parent()) + strings.ReplaceAll(v.Name()[strings.LastIndexByte(v.Name(), '$'):], "$", ".func")
		}
	}
	return ""
}

// taskName returns the name given to NewTask where t, a task, was made.
func (g *graph) taskName(t ssa.Value) string {
	switch v := t.(type) {
	case *ssa.UnOp:
		var name string
		for _, w := range g.written[v.X] {
			if n := g.taskName(w); name != "" && n != name {
				return ""
			} else {
				name = n
			}
		}
		return name
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil && len(v.Call.Args) > 0 {
			if obj, ok := fn.Object().(*types.Func); ok && (airlockapi.Name(obj) == "NewTask" || airlockapi.Name(obj) == "RemoteTask") {
				return constantString(v.Call.Args[0])
			}
		}
	}
	return ""
}

func constantString(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String {
		return constant.StringVal(c.Value)
	}
	return ""
}

// contextOf returns the parameter that a context comes from, through functions that derive one from another.
func (e *engine) contextOf(v ssa.Value) *sym {
	for range 16 {
		switch u := v.(type) {
		case *ssa.Parameter:
			return e.graph.sym(sym{unit: e.unitOf(u.Parent()), index: parameterIndex(u)})
		case *ssa.Extract:
			v = u.Tuple
		case *ssa.ChangeInterface:
			v = u.X
		case *ssa.MakeInterface:
			v = u.X
		case *ssa.UnOp:
			a, ok := u.X.(*ssa.Alloc)
			if f, isFree := u.X.(*ssa.FreeVar); isFree {
				if outer := e.graph.captured(f); len(outer) == 1 {
					a, ok = outer[0].(*ssa.Alloc)
				}
			}
			if !ok {
				return nil
			}
			if v = e.graph.only(a); v == nil {
				return nil
			}
		case *ssa.Call:
			if len(u.Call.Args) == 0 || !isContext(u.Call.Args[0].Type()) {
				return nil
			}
			v = u.Call.Args[0]
		default:
			return nil
		}
	}
	return nil
}
