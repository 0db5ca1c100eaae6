package review

import (
	"cmp"
	"go/ast"
	"go/types"
	"hash/fnv"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/directive"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// Analyzer exports the [Functions] of each package. It runs like a check, when open ends can be closed.
var Analyzer = &analysis.Analyzer{
	Name:      "airlockreview",
	Doc:       "list what the functions of a package do",
	Requires:  append([]*analysis.Analyzer{ssapass.Analyzer, directive.Analyzer}, effects.Requires...),
	Run:       run,
	FactTypes: []analysis.Fact{new(Functions)},

	RunDespiteErrors: true, // what type-checks is listed
}

// Functions is the fact of a package: what each of its functions does, also those that do nothing: they are not new when they begin to.
type Functions struct{ List []Function }

// AFact marks Functions as a fact.
func (*Functions) AFact() {}

func run(pass *analysis.Pass) (any, error) {
	s := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	if s.Pkg == nil {
		return nil, nil
	}
	l := &lister{
		pass:    pass,
		effects: effects.For(pass),
		marks:   pass.ResultOf[directive.Analyzer].(*directive.Index),
		bodies:  bodies(pass),
	}
	fact := new(Functions)
	for _, fn := range s.Funcs {
		if obj, ok := fn.Object().(*types.Func); ok && fn.Parent() == nil && !s.InTest(fn.Pos()) {
			fact.List = append(fact.List, l.function(fn, obj))
		}
	}
	if len(fact.List) > 0 {
		pass.ExportPackageFact(fact)
	}
	return nil, nil
}

// A lister lists the functions of one package.
type lister struct {
	pass    *analysis.Pass
	effects *effects.Result
	marks   *directive.Index
	bodies  map[*types.Func]*ast.BlockStmt
}

func (l *lister) function(fn *ssa.Function, obj *types.Func) Function {
	f := Function{
		Name: effects.FullName(obj), Package: l.pass.Pkg.Path(), Pos: l.effects.Position(obj.Pos()),
		Entry: entryOf(obj), Exported: exported(obj), Calls: ownCalls(fn, l.pass),
	}
	_, f.Pure = l.marks.Pure(obj)
	sum := l.effects.Function(fn)
	if sum != nil {
		f.Effect = sum.IsEffect != nil
		for _, q := range sum.Enqueues {
			f.Enqueues = append(f.Enqueues, Enqueue{Task: q.Task, Pos: q.Way.First().Pos})
		}
	}
	for _, pos := range l.effects.Unknowns(obj) {
		f.Unknown = append(f.Unknown, Unknown{Pos: pos, Via: f.Name})
	}
	for _, p := range l.effects.Performs(obj) {
		f.Performs = append(f.Performs, l.effect(fn, p))
	}
	if !f.Silent() {
		f.Body = l.fingerprint(obj)
	}
	return f
}

func (l *lister) effect(fn *ssa.Function, p effects.Performed) Effect {
	e := Effect{
		Kind: p.Effect.Kind().String(), Command: p.Effect.IsCommand(), Used: p.Used, Async: p.Async.String(),
		Chain: l.steps(p),
	}
	for _, q := range l.otherWays(fn, p) {
		if chain := l.steps(q); !slices.Equal(chain, e.Chain) {
			e.Others = append(e.Others, chain)
		}
	}
	return e
}

func (l *lister) steps(p effects.Performed) []Step {
	var steps []Step
	for _, s := range l.effects.Steps(p) {
		steps = append(steps, Step(s))
	}
	return steps
}

// maxOthers bounds the other ways that are kept of one effect.
const maxOthers = 8

// otherWays returns the calls of fn, and of the literals in it, that have the effect of p, in source order.
func (l *lister) otherWays(fn *ssa.Function, p effects.Performed) []effects.Performed {
	var ways []effects.Performed
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			for _, q := range l.effects.Call(call) {
				if q.Effect == p.Effect && len(ways) < maxOthers {
					ways = append(ways, q)
				}
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		if more := l.otherWays(lit, p); len(ways)+len(more) <= maxOthers {
			ways = append(ways, more...)
		}
	}
	slices.SortStableFunc(ways, func(a, b effects.Performed) int { return cmp.Compare(a.Dist(), b.Dist()) })
	return ways
}

// ownCalls returns the names of the functions with sources of the same module that fn, or a literal in it, calls.
func ownCalls(fn *ssa.Function, pass *analysis.Pass) []string {
	var names []string
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil {
					if obj, ok := callee.Object().(*types.Func); ok && sameModule(pass, obj.Pkg()) {
						names = append(names, effects.FullName(obj))
					}
				}
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		names = append(names, ownCalls(lit, pass)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func sameModule(pass *analysis.Pass, pkg *types.Package) bool {
	if pkg == nil {
		return false
	}
	if pkg == pass.Pkg {
		return true
	}
	return pass.Module != nil && (pkg.Path() == pass.Module.Path || strings.HasPrefix(pkg.Path(), pass.Module.Path+"/"))
}

func bodies(pass *analysis.Pass) map[*types.Func]*ast.BlockStmt {
	all := map[*types.Func]*ast.BlockStmt{}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				if obj, ok := pass.TypesInfo.Defs[fn.Name].(*types.Func); ok {
					all[obj] = fn.Body
				}
			}
		}
	}
	return all
}

// fingerprint digests the lines of a body, indentation apart.
func (l *lister) fingerprint(obj *types.Func) []uint32 {
	body := l.bodies[obj]
	if body == nil {
		return nil
	}
	file := l.pass.Fset.File(body.Pos())
	text, err := l.pass.ReadFile(file.Name())
	from, to := file.Offset(body.Lbrace)+1, file.Offset(body.Rbrace)
	if err != nil || to > len(text) || from > to {
		return nil
	}
	var lines []uint32
	for line := range strings.Lines(string(text[from:to])) {
		if line = strings.TrimSpace(line); line != "" {
			h := fnv.New32a()
			h.Write([]byte(line))
			lines = append(lines, h.Sum32())
		}
	}
	slices.Sort(lines)
	return lines
}

func exported(obj *types.Func) bool {
	if !obj.Exported() || obj.Pkg().Name() == "main" {
		return false
	}
	if recv := obj.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		named, ok := types.Unalias(t).(*types.Named)
		return ok && named.Obj().Exported()
	}
	return true
}

// entryOf tells by its signature how control comes to a function.
func entryOf(obj *types.Func) Entry {
	sig := obj.Signature()
	switch {
	case obj.Name() == "main" && obj.Pkg().Name() == "main" && sig.Recv() == nil:
		return Main
	case handles(sig):
		return Handler
	case exported(obj):
		return API
	}
	return Inner
}

// frameworks are the contexts by which a web framework hands a request to its handler.
var frameworks = []string{
	"*github.com/gin-gonic/gin.Context", "github.com/labstack/echo/v4.Context", "github.com/labstack/echo/v5.Context", "*github.com/labstack/echo/v5.Context",
	"*github.com/gofiber/fiber/v2.Ctx", "github.com/gofiber/fiber/v3.Ctx", "*github.com/valyala/fasthttp.RequestCtx", "*net/http.Request",
}

// handles reports whether a function has the signature of a request's handler: one that takes a request as a framework hands it over, or
// a method (context, *Request) (*Response, error), as RPC services have it.
func handles(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if slices.Contains(frameworks, types.TypeString(p.Type(), nil)) {
			return true
		}
	}
	rpc := sig.Recv() != nil && sig.Params().Len() == 2 && sig.Results().Len() == 2
	return rpc && message(sig.Params().At(1).Type()) && message(sig.Results().At(0).Type())
}

// message reports whether t is a pointer to a message of protobuf, which its generated method tells.
func message(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		obj, _, _ := types.LookupFieldOrMethod(p, true, nil, "ProtoReflect")
		return obj != nil
	}
	return false
}
