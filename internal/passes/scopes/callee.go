package scopes

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A callee is what a call calls, as far as that can be seen from the call alone.
type callee struct {
	obj     *types.Func   // the declared function or method, nil for literals and function values
	body    *ssa.Function // a function or literal of this package
	name    string        // of a function of the runtime: Scope.Flush
	dynamic bool          // a method of an interface, or a function value that nothing is known of
	summary *Summary      // what is known of a declared function
	known   bool          // it was looked into: where the summary says nothing, nothing happens
}

func (p *program) callee(c *ssa.CallCommon) callee { return *p.resolved(c) }

// resolved is callee for those who look at it more than once: its summary grows.
func (p *program) resolved(c *ssa.CallCommon) *callee {
	if c.IsInvoke() {
		return &callee{obj: c.Method, dynamic: true}
	}
	if fn := c.StaticCallee(); fn != nil {
		return p.declared(fn)
	}
	return unknownCallee
}

var unknownCallee = &callee{dynamic: true}

func (p *program) function(fn *ssa.Function) callee { return *p.declared(fn) }

func (p *program) declared(fn *ssa.Function) *callee {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if fn.Parent() != nil {
		return &callee{body: fn}
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return new(callee) // the initialiser of a package
	}
	obj = obj.Origin()
	c, seen := p.callees[obj]
	if !seen {
		c = p.lookUp(obj)
		p.callees[obj] = c
	}
	return c
}

// lookUp finds what is known of a declared function.
func (p *program) lookUp(obj *types.Func) *callee {
	c := &callee{obj: obj, name: airlockapi.Name(obj)}
	switch {
	case c.name != "" || obj.Pkg() == nil:
	case obj.Pkg() == p.pkg:
		c.body = p.ssa.Pkg.Prog.FuncValue(obj)
		c.known = c.body != nil && len(c.body.Blocks) > 0
		if f := p.functions[c.body]; f != nil {
			f.callee, c.summary = c, f.summary
		}
	default:
		c.known = p.handles(obj.Pkg())
		if c.known {
			c.summary = p.imported(obj)
		}
	}
	return c
}

// pending reports whether the callee is a function of this package whose summary is not there yet: it is a call of a recursion that
// nothing is known to return from.
func (p *program) pending(c callee) bool {
	return c.body != nil && c.obj != nil && c.summary == nil
}

// literal returns the function literal that v is if it can be only one: it is called directly, or through a variable that is
// assigned once.
func literal(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		if fn.Parent() != nil {
			return fn
		}
	case *ssa.Function:
		if v.Parent() != nil {
			return v
		}
	case *ssa.UnOp:
		if stored := onlyStored(v.X); stored != nil {
			return literal(stored)
		}
	}
	return nil
}

// onlyStored returns what is assigned to a variable, if that is done once and does not come from another one.
func onlyStored(cell ssa.Value) ssa.Value {
	alloc, ok := cell.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var found ssa.Value
	for _, ref := range *alloc.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == cell {
			if _, load := s.Val.(*ssa.UnOp); load || found != nil {
				return nil
			}
			found = s.Val
		}
	}
	return found
}

// exits reports whether a call may end the process as if all were well.
func (c *callee) exits() bool {
	return isExit(c.obj) || c.summary != nil && (c.summary.Exits || len(c.summary.ExitCodes) > 0)
}

func isExit(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "os" || fn.Pkg().Path() == "syscall") && fn.Name() == "Exit"
}

// exitsCleanly reports whether the call ends the process in w with a code that may say that all went well.
func (k *walker) exitsCleanly(w world, instr ssa.CallInstruction, c callee, args []ssa.Value) bool {
	if isExit(c.obj) {
		return k.maybeZero(w, args[0], instr)
	}
	if c.summary == nil {
		return false
	}
	if c.summary.Exits {
		return true
	}
	for _, i := range c.summary.ExitCodes {
		if i < len(args) && k.maybeZero(w, args[i], instr) {
			return true
		}
	}
	return false
}

func (k *walker) maybeZero(w world, code ssa.Value, exit ssa.Instruction) bool {
	if c, ok := code.(*ssa.Const); ok && c.Value != nil {
		return constant.Sign(c.Value) == 0
	}
	x := k.eval(w, code)
	return (!x.isInt() || x == intBase+intBias) && !ssapass.NotZero(code, exit)
}

// fails reports whether the error that a call returns is not nil in w: it makes one, or it wraps one that is not nil.
func (k *walker) fails(w world, c *ssa.Call) bool {
	if !isError(c.Type()) {
		return false
	}
	callee := k.f.program.callee(&c.Call)
	if k.f.program.ssa.Fails(callee.obj) || callee.summary != nil && callee.summary.NonNil {
		return true
	}
	if callee.known {
		return k.failsIf(w, callee.summary, c.Call.Args)
	}
	if callee.dynamic || callee.name != "" {
		return false
	}
	if callee.obj != nil && namesError(callee.obj.Name()) {
		return true
	}
	if callee.obj != nil && callee.obj.Name() == "Join" && callee.obj.Pkg() != nil && callee.obj.Pkg().Path() == "errors" {
		return slices.ContainsFunc(ssapass.Elements(c.Call.Args[0]), func(err ssa.Value) bool { return k.failed(w, err) })
	}
	// Functions of others that take an error and return one wrap it: errors.Wrap, errors.WithStack, errors.Join.
	for _, arg := range c.Call.Args {
		if k.failed(w, arg) {
			return true
		}
	}
	return false
}

func (k *walker) failsIf(w world, s *Summary, args []ssa.Value) bool {
	if s == nil {
		return false
	}
	for _, i := range s.NonNilIf {
		if i < len(args) && k.failed(w, args[i]) {
			return true
		}
	}
	return false
}

func (k *walker) failed(w world, v ssa.Value) bool { return isError(v.Type()) && k.eval(w, v).notNil() }

// plainlyFails reports whether result i of a return is an error that needs no walk to be known not to be nil.
// Where it is the error of an answer, what is answered is the failure.
func (p *program) plainlyFails(ret *ssa.Return, i int) bool {
	if !isError(ret.Results[i].Type()) {
		return false
	}
	err := ssapass.Returned(ret, i)
	if call, ok := err.(*ssa.Call); ok && p.answersFailure(&call.Call) {
		return true
	}
	return p.ssa.NotNil(err, ret)
}

// namesError reports whether a function of others that returns an error is, by its name, one that makes it: status.Error, oops.Errorf,
// errx.New, echo.NewHTTPError.
func namesError(name string) bool {
	return name == "New" || name == "Newf" || strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Errorf")
}
