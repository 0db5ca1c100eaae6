// Package carried says, for each function, what lives on of the values that it is handed: which of its parameters an intent carries
// to its dispatch, and which its results hold. For a generic function, also for which of its type parameters it makes tasks.
//
// A helper that enqueues the function it is given, and a constructor that keeps the transaction it is given, both make their caller's
// value part of an intent; the caller is where that is a mistake.
package carried

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/passes/contexts"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer computes the facts of a package. Its result is a [Result].
var Analyzer = &analysis.Analyzer{
	Name:       "airlockcarried",
	Doc:        "find which parameters of a function an intent carries, or its results hold",
	Run:        run,
	Requires:   []*analysis.Analyzer{ssapass.Analyzer, contexts.Analyzer},
	FactTypes:  []analysis.Fact{new(Keeps)},
	ResultType: reflect.TypeFor[*Result](),
}

// Keeps is what lives on of a function's parameters. They are counted as in the signature; the receiver is -1.
type Keeps struct {
	Carried []int  // an intent carries them
	Each    []int  // an intent carries an element of them, each perhaps
	Held    []Held // results hold them
	Tasks   []int  // the type parameters for which it makes tasks
}

// Held is a result that holds a parameter.
type Held struct{ Result, Param int }

// AFact marks Keeps as a fact.
func (*Keeps) AFact() {}

func (k *Keeps) String() string {
	var parts []string
	for _, p := range k.Carried {
		parts = append(parts, fmt.Sprintf("carries(%d)", p))
	}
	for _, p := range k.Each {
		parts = append(parts, fmt.Sprintf("each(%d)", p))
	}
	for _, h := range k.Held {
		parts = append(parts, fmt.Sprintf("holds(%d: %d)", h.Result, h.Param))
	}
	for _, i := range k.Tasks {
		parts = append(parts, fmt.Sprintf("tasks(%d)", i))
	}
	return strings.Join(parts, " ")
}

// Result answers for the package's functions and those that it imports.
type Result struct {
	// Calls are those in the package that may make intents or tasks, in the order of the code.
	Calls []ssa.CallInstruction

	pass   *analysis.Pass
	own    map[*types.Func]*Keeps
	seen   map[*types.Func]*Keeps // of other packages
	worthy map[types.Type]bool    // that are worth a fact
}

// Of returns what lives on of fn's parameters; nil if nothing does.
func (r *Result) Of(fn *types.Func) *Keeps {
	if fn == nil {
		return nil
	}
	fn = fn.Origin()
	if fn.Pkg() == r.pass.Pkg {
		return r.own[fn]
	}
	k, ok := r.seen[fn]
	if !ok {
		var imported Keeps
		if r.pass.ImportObjectFact(fn, &imported) {
			k = &imported
		}
		r.seen[fn] = k
	}
	return k
}

// An Intent is a call that makes one, or a task for some: with the values that it carries.
type Intent struct {
	Call ssa.CallInstruction
	Func ssa.Value // the function that runs at dispatch; nil if a task handle knows it
	Arg  ssa.Value // its argument; nil if it has none
}

// positions are where the runtime's functions take what an intent carries, receivers not counted; -1 for nowhere.
var positions = map[string]struct{ fn, arg int }{
	"Enqueue": {1, 2}, "EnqueueFunc": {2, -1}, "Task.Enqueue": {-1, 1}, "NewTask": {1, -1},
}

// IntentOf returns the intent that a call of the runtime makes.
func IntentOf(call ssa.CallInstruction) (Intent, bool) {
	fn := ssapass.Callee(call.Common())
	at, ok := positions[airlockapi.Name(fn)]
	if !ok {
		return Intent{}, false
	}
	in := Intent{Call: call}
	if at.fn >= 0 {
		in.Func = Argument(call.Common(), fn, at.fn)
	}
	if at.arg >= 0 {
		in.Arg = Argument(call.Common(), fn, at.arg)
	}
	return in, true
}

// Argument returns the argument for parameter i of fn; nil where a method value has bound it.
func Argument(c *ssa.CallCommon, fn *types.Func, i int) ssa.Value {
	if i < 0 && c.IsInvoke() {
		return c.Value
	}
	if i += len(c.Args) - fn.Signature().Params().Len(); i >= 0 && i < len(c.Args) {
		return c.Args[i]
	}
	return nil
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{pass: pass, own: map[*types.Func]*Keeps{}, seen: map[*types.Func]*Keeps{}, worthy: map[types.Type]bool{}}
	code := pass.ResultOf[ssapass.Analyzer].(*ssapass.SSA)
	touches := pass.ResultOf[contexts.Analyzer].(*contexts.Result).Touches
	if code.Pkg == nil || !touches && code.Class != whose.Own {
		return r, nil
	}
	if touches {
		r.carryAll(code)
	}
	r.holdAll(code.Funcs)
	for _, fn := range code.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if ok && fn.Parent() == nil && r.own[obj] != nil {
			pass.ExportObjectFact(obj, r.own[obj])
		}
	}
	return r, nil
}

// carryAll finds what intents carry: the least solution.
func (r *Result) carryAll(code *ssapass.SSA) {
	for _, fn := range code.WithInit() {
		for _, call := range code.CallsIn(fn) {
			if callee := ssapass.Callee(call.Common()); callee != nil && r.mayCarry(callee) {
				r.Calls = append(r.Calls, call)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, call := range r.Calls {
			changed = r.carryBy(call) || changed
			changed = r.define(call) || changed
		}
	}
}

// mayCarry reports whether intents may carry what fn is handed: it is the runtime's, or this package's, of which more may become known.
func (r *Result) mayCarry(fn *types.Func) bool {
	return fn.Pkg() == r.pass.Pkg || airlockapi.Name(fn) != "" || r.Of(fn) != nil
}

// carryBy notes what an intent carries of what the call is handed, and reports whether that is new.
func (r *Result) carryBy(call ssa.CallInstruction) bool {
	changed := false
	for _, v := range r.carriedBy(call) {
		changed = r.carry(v) || changed
	}
	for _, v := range r.eachBy(call) {
		changed = r.carryEach(v) || changed
	}
	return changed
}

// holdAll finds what results hold: the least solution.
func (r *Result) holdAll(funcs []*ssa.Function) {
	var holders []*ssa.Function
	for _, fn := range funcs {
		if fn.Parent() == nil && holds(fn.Signature) && r.keepsAny(fn.Signature) {
			holders = append(holders, fn)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, fn := range holders {
			for _, b := range fn.Blocks {
				if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
					changed = r.hold(fn, ret) || changed
				}
			}
		}
	}
}

// carriedBy returns the arguments of the call that an intent carries.
func (r *Result) carriedBy(call ssa.CallInstruction) []ssa.Value {
	if in, ok := IntentOf(call); ok {
		return []ssa.Value{in.Func, in.Arg}
	}
	fn := ssapass.Callee(call.Common())
	k := r.Of(fn)
	if k == nil {
		return nil
	}
	var out []ssa.Value
	for _, p := range k.Carried {
		out = append(out, Argument(call.Common(), fn, p))
	}
	return out
}

// eachBy returns the arguments of the call of which an intent carries an element.
func (r *Result) eachBy(call ssa.CallInstruction) []ssa.Value {
	fn := ssapass.Callee(call.Common())
	k := r.Of(fn)
	if k == nil {
		return nil
	}
	var out []ssa.Value
	for _, p := range k.Each {
		out = append(out, Argument(call.Common(), fn, p))
	}
	return out
}

// carry notes that an intent carries v, where that is a parameter, an element of one, or a literal that captures some.
func (r *Result) carry(v ssa.Value) bool {
	changed := false
	for _, o := range Origins(v) {
		if made, ok := o.(*ssa.MakeClosure); ok {
			for _, captured := range capturedOpen(made) {
				changed = r.carryParam(captured) || changed
			}
			continue
		}
		changed = r.carryParam(o) || changed
	}
	return changed
}

// carryEach notes that an intent carries an element of v, where that is a parameter or what a variadic call is handed.
func (r *Result) carryEach(v ssa.Value) bool {
	changed := false
	for _, e := range ssapass.Elements(v) {
		changed = r.carry(e) || changed
	}
	for _, o := range Origins(v) {
		if p, ok := o.(*ssa.Parameter); ok {
			changed = r.note(p, true) || changed
		}
	}
	return changed
}

// carryParam notes that an intent carries v, where that is a parameter or an element of one.
func (r *Result) carryParam(v ssa.Value) bool {
	if p, ok := v.(*ssa.Parameter); ok {
		return r.note(p, false)
	}
	if all := elementsOf(v); all != nil {
		return r.carryEach(all)
	}
	return false
}

func (r *Result) note(p *ssa.Parameter, each bool) bool {
	fn, ok := p.Parent().Object().(*types.Func)
	if !ok || p.Parent().Parent() != nil {
		return false
	}
	k := r.keeps(fn)
	if each {
		return add(&k.Each, paramIndex(p))
	}
	return add(&k.Carried, paramIndex(p))
}

// elementsOf returns the slice, array or map that v is an element of; nil if it is none.
func elementsOf(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.IndexAddr); ok && v.Op == token.MUL {
			return at.X
		}
	case *ssa.Index:
		return v.X
	case *ssa.Lookup:
		return v.X
	case *ssa.Extract:
		if next, ok := v.Tuple.(*ssa.Next); ok && !next.IsString {
			return next.Iter.(*ssa.Range).X
		}
	}
	return nil
}

// capturedOpen are the parameters, and elements of such, that a literal captures of which only the caller knows what they are:
// functions, interfaces, what is of the type of a type parameter.
func capturedOpen(made *ssa.MakeClosure) []ssa.Value {
	var found []ssa.Value
	for _, b := range made.Bindings {
		if !ssapass.IsVariable(b) {
			continue
		}
		if stored := ssapass.Stores(b); len(stored) == 1 && open(stored[0].Val.Type()) {
			found = append(found, stored[0].Val)
		}
	}
	return found
}

// open reports whether a value of type t may be many things, with or without what an intent must not carry.
func open(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	switch t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		_, never := catalog.Default().Captured(t)
		return !never && keepable(t)
	}
	return false
}

// hold notes the parameters that the results of a return hold.
func (r *Result) hold(fn *ssa.Function, ret *ssa.Return) bool {
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return false
	}
	changed := false
	for i, res := range ret.Results {
		if !holder(res.Type()) {
			continue
		}
		for _, v := range r.Parts(res) {
			p, ok := v.(*ssa.Parameter)
			if !ok || p.Parent() != fn || !r.keepable(p.Type()) {
				continue
			}
			h := Held{i, paramIndex(p)}
			if k := r.keeps(obj); !slices.Contains(k.Held, h) {
				k.Held = append(k.Held, h)
				changed = true
			}
		}
	}
	return changed
}

func (r *Result) keeps(fn *types.Func) *Keeps {
	fn = fn.Origin()
	if r.own[fn] == nil {
		r.own[fn] = new(Keeps)
	}
	return r.own[fn]
}

func add(list *[]int, i int) bool {
	if slices.Contains(*list, i) {
		return false
	}
	*list = append(*list, i)
	slices.Sort(*list)
	return true
}

func paramIndex(p *ssa.Parameter) int {
	fn := p.Parent()
	return slices.Index(fn.Params, p) - (len(fn.Params) - fn.Signature.Params().Len())
}

// holder reports whether a value of type t can hold another that outlives the call: a struct, a function, an interface that may be
// either.
func holder(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Struct, *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() > 0 && !types.Identical(t, types.Universe.Lookup("error").Type())
	}
	return false
}

// holds reports whether a result of a function of that signature can hold what the function is handed.
func holds(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if holder(v.Type()) {
			return true
		}
	}
	return false
}

// keepsAny reports whether it is worth a fact that something which a function of that signature is handed is held.
func (r *Result) keepsAny(sig *types.Signature) bool {
	if recv := sig.Recv(); recv != nil && r.keepable(recv.Type()) {
		return true
	}
	for v := range sig.Params().Variables() {
		if r.keepable(v.Type()) {
			return true
		}
	}
	return false
}

// keepable reports whether it is worth a fact that a value of type t is held: also where the type does not tell whether it is a
// transaction.
func (r *Result) keepable(t types.Type) bool {
	k, ok := r.worthy[t]
	if !ok {
		k = keepable(t) || isHandle(t)
		r.worthy[t] = k
	}
	return k
}

// isHandle reports whether t is a database handle whose transactions have the same type, as gorm's have.
func isHandle(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok {
		return false
	}
	for m := range named.Methods() {
		results := m.Signature().Results()
		if results.Len() == 0 || !types.Identical(results.At(0).Type(), t) {
			continue
		}
		if tx, ok := catalog.Default().Transaction(m); ok && tx.Role == catalog.Begin && tx.Tx.Result {
			return true
		}
	}
	return false
}

// keepable reports whether it is worth a fact that a value of type t is held: what an intent must not carry, and interfaces that a
// transaction satisfies.
func keepable(t types.Type) bool {
	if _, ok := catalog.Default().Captured(t); ok {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range iface.Methods() {
		if strings.HasPrefix(m.Name(), "Exec") || strings.HasPrefix(m.Name(), "Query") {
			return true
		}
	}
	return false
}
