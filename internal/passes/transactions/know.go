package transactions

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/passes/effects"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/signature"
	"github.com/airlock-go/airlock/internal/whose"
)

// A knower answers what the calls of a package mean: from the catalog, the configuration, and the summaries of own functions.
type knower struct {
	pass      *analysis.Pass
	catalog   *catalog.Catalog
	config    *config.Config
	effects   *effects.Result
	table     *Table
	checking  bool // not computing facts: open ends are closed
	undecided bool // what only implementations elsewhere decide is to be listed
	ssa       *ssapass.SSA
	funcs     []*ssa.Function                         // of this package
	family    map[*ssa.Function][]ssa.CallInstruction // see callsOf
	own       map[*types.Func]*Summary                // of this package, as far as they are known

	like     map[types.Type]bool
	imported map[*types.Func]*Summary
	lives    map[*ssa.Function]*liveness
	methods  map[*types.Func][]*types.Func // implementations, by interface method
	byName   map[string][]*types.Func      // methods of own types, by the names that an interface's have
	packages []*types.Package              // own ones in sight
	errs     map[types.Type]bool           // whether values of a type are errors: see isErrorType

	signatures signature.Hasher

	// What follows from the summaries of this package.
	meanings  map[ssa.CallInstruction]meaning
	performed map[ssa.Instruction]effect.Set
	ledger    ledger
}

// A meaning is what a call does with transactions.
type meaning struct {
	opens   []Open
	ends    []End
	runs    []Run
	failing effect.Set
	absent  effect.Set
	past    []Past
	guards  []Guard
	implies []Implied
	nilIf   []int
	keeps   []int
	never   bool
	after   bool // its function arguments run after the commit
}

// rollsBack reports whether the call rolls the handle's transaction back, and never commits it.
func (m meaning) rollsBack(h *handle, call ssa.CallInstruction) bool {
	return m.endsBy(h, call, func(e End) bool { return e.Rollback })
}

// commits reports whether the call commits the handle's transaction, and never does anything else with it.
func (m meaning) commits(h *handle, call ssa.CallInstruction) bool {
	return m.endsBy(h, call, func(e End) bool { return e.Commit })
}

func (m meaning) endsBy(h *handle, call ssa.CallInstruction, means func(End) bool) bool {
	found := false
	for _, e := range m.ends {
		if h.is(operand(call.Common(), e.Param)) {
			if !means(e) {
				return false
			}
			found = true
		}
	}
	return found
}

// meaning returns what a call means. While summaries change, it is kept only for the function whose summary is being computed.
func (k *knower) meaning(call ssa.CallInstruction) meaning {
	m, ok := k.meanings[call]
	if !ok {
		m = k.mean(call.Common())
		if k.ledger.current == nil || k.ledger.current == object(declared(call.Parent())) {
			k.meanings[call] = m
		}
	}
	return m
}

// renew makes fn the function whose summary is being computed, and drops what its calls meant before something has changed.
func (k *knower) renew(fn *ssa.Function) {
	k.ledger.current = object(fn)
	if !k.ledger.stale[k.ledger.current] {
		return
	}
	delete(k.ledger.stale, k.ledger.current)
	for _, call := range k.callsOf(fn) {
		delete(k.meanings, call)
	}
}

// mean returns what a call means, its arguments being what they are.
func (k *knower) mean(c *ssa.CallCommon) meaning {
	m := k.meant(c)
	if slices.ContainsFunc(m.runs, func(r Run) bool { return !k.applies(c, r) }) {
		m.runs = slices.DeleteFunc(slices.Clone(m.runs), func(r Run) bool { return !k.applies(c, r) })
	}
	return m
}

func (k *knower) meant(c *ssa.CallCommon) meaning {
	fn := callee(c)
	if fn == nil || isBound(c) {
		return k.dynamic(c)
	}
	if fn.Pkg() == nil {
		return meaning{}
	}
	m := k.configured(fn)
	if t, ok := k.catalog.Transaction(fn); ok {
		m.catalogued(fn, t)
		return m
	}
	switch airlockapi.Name(fn) {
	case "InTx", "Airlock.InTx":
		m.runs = append(m.runs, Run{Param: fn.Signature().Params().Len() - 2 + offset(fn), How: fn.FullName()})
		return m
	}
	if s := k.summary(fn); s != nil {
		m.summarised(s)
	}
	if c.IsInvoke() && k.class(fn.Pkg()) == whose.Own {
		k.implemented(&m, c)
	}
	k.structural(&m, c, fn)
	return m
}

// ending reports whether a method ends the transaction that its receiver is.
func (k *knower) ending(method *types.Func) bool {
	m := k.configured(method)
	if t, ok := k.catalog.Transaction(method); ok {
		m.catalogued(method, t)
	} else if s := k.summary(method); s != nil {
		m.summarised(s)
	}
	return slices.ContainsFunc(m.ends, func(e End) bool { return e.Param == 0 })
}

// dynamic is the meaning of a call of a function value: of what it may be, as far as this package shows. Where that is nothing, the
// name of the variable or field decides.
func (k *knower) dynamic(c *ssa.CallCommon) meaning {
	var m meaning
	if _, ok := c.Value.(*ssa.Builtin); ok || literal(c) != nil {
		return m
	}
	if made, ok := origin(c.Value).(*ssa.Call); ok {
		for _, r := range k.meaning(made).runs {
			if r.Made {
				r.Made = false
				m.runs = appendRun(m.runs, r)
			}
		}
	}
	known := len(m.runs) > 0
	for _, t := range k.effects.Targets(c.Value) {
		if t.Object == nil {
			continue
		}
		known = true
		if s := k.summary(t.Object); s != nil {
			m.valued(s, offset(t.Object))
		}
	}
	if !known && namedForTransactions(valueName(c.Value)) {
		for i, a := range c.Args {
			if mayFail(a.Type()) {
				m.runs = append(m.runs, Run{Param: i, Named: true, How: valueName(c.Value)})
			}
		}
	}
	return m
}

// isBound reports whether a call is of a method value: its arguments are those of the method without the receiver.
func isBound(c *ssa.CallCommon) bool {
	fn := c.StaticCallee()
	return fn != nil && strings.HasPrefix(fn.Synthetic, "bound method wrapper")
}

// valued adds the summary of a function that is called as a value. A method's receiver is bound: it is no argument.
func (m *meaning) valued(s *Summary, bound int) {
	for _, o := range s.Opens {
		if o.Result {
			m.opens = appendOpen(m.opens, o)
		}
	}
	for _, e := range s.Ends {
		if e.Param -= bound; e.Param >= 0 {
			m.ends = appendEnd(m.ends, e)
		}
	}
	for _, r := range s.Runs {
		if r.Param -= bound; r.Param >= 0 {
			r.If, r.By = nil, 0
			m.runs = appendRun(m.runs, r)
		}
	}
}

// valueName returns the name of the field, parameter or variable that a function value is read from.
func valueName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.FieldAddr:
			return fieldName(x.X.Type(), x.Field)
		case *ssa.Global:
			return x.Name()
		}
	case *ssa.Field:
		return fieldName(v.X.Type(), v.Field)
	case *ssa.Parameter:
		return v.Name()
	}
	return ""
}

// offset is 1 for a method: its receiver is the first parameter.
func offset(fn *types.Func) int {
	if fn.Signature().Recv() != nil {
		return 1
	}
	return 0
}

func (m *meaning) catalogued(fn *types.Func, t catalog.Transaction) {
	at := t.Tx.Index + offset(fn)
	how := fn.FullName()
	switch t.Role {
	case catalog.Begin:
		if t.Tx.Result {
			at = t.Tx.Index
		}
		m.opens = append(m.opens, Open{Result: t.Tx.Result, Index: at, How: how})
	case catalog.Commit, catalog.Rollback, catalog.Close:
		m.ends = append(m.ends, End{
			Param: at, OnSuccess: true, OnFailure: true, Rollback: t.Role == catalog.Rollback, Commit: t.Role == catalog.Commit,
		})
	case catalog.Within:
		m.runs = append(m.runs, Run{Param: t.Callback + offset(fn), Field: t.Field, How: how})
	case catalog.AfterCommit:
		m.after = true
	}
}

// configured returns what the configuration says of fn.
func (k *knower) configured(fn *types.Func) meaning {
	var m meaning
	name := catalog.NameOf(fn)
	for _, t := range k.config.Transactions {
		if t.Func.Name == name && name != (catalog.Name{}) && t.Func.Text != "" {
			m.runs = append(m.runs, Run{Param: t.Callback + offset(fn), How: fn.FullName()})
		}
		if t.Begin.Text != "" && t.Begin.Name == name {
			m.opens = append(m.opens, k.opening(fn))
		}
		for _, end := range t.End {
			if end.Name == name {
				m.ends = append(m.ends, End{OnSuccess: true, OnFailure: true, Rollback: rollbackName(fn.Name()), Commit: commitName(fn.Name())})
			}
		}
	}
	return m
}

// opening says which value a function opens that is known to open one: its first result that is no error, or its receiver.
func (k *knower) opening(fn *types.Func) Open {
	results := fn.Signature().Results()
	if results.Len() > 0 && !isError(results.At(0).Type()) {
		return Open{Result: true, How: fn.FullName()}
	}
	return Open{How: fn.FullName()}
}

func (m *meaning) summarised(s *Summary) {
	m.opens = append(m.opens, s.Opens...)
	m.ends = append(m.ends, s.Ends...)
	m.runs = append(m.runs, s.Runs...)
	m.failing = s.Failing
	m.absent = s.Absent
	m.past = s.Past
	m.guards = s.Guards
	m.implies = s.Implies
	m.nilIf = s.NilIf
	m.keeps = s.Keeps
	m.never = s.Never
}

// implemented adds what the implementations that this package sees make of an own interface method, and leaves its function
// arguments open: implementations elsewhere may run them in a transaction.
func (k *knower) implemented(m *meaning, c *ssa.CallCommon) {
	var late []Past
	var early effect.Set // what an implementation does before it ends the transaction, or without
	for _, impl := range k.acting(c.Method) {
		s := k.summary(impl)
		does := setOf(k.effects.Performs(impl))
		if s == nil {
			early = early.Join(does)
			continue
		}
		var past effect.Set
		for _, p := range s.Past {
			late, past = append(late, p), past.Join(p.Set)
		}
		early = early.Join(does.Minus(past))
		for _, o := range s.Opens {
			m.opens = appendOpen(m.opens, o)
		}
		for _, e := range s.Ends {
			m.ends = appendEnd(m.ends, e)
		}
		for _, r := range s.Runs {
			m.runs = appendRun(m.runs, r)
		}
		m.keeps = union(m.keeps, s.Keeps)
	}
	for _, p := range late {
		m.past = append(m.past, Past{Param: p.Param, Set: p.Set.Minus(early)})
	}
	name := c.Method.FullName()
	for i := range c.Args {
		if _, ok := c.Args[i].Type().Underlying().(*types.Signature); ok {
			m.runs = append(m.runs, Run{Param: i + 1, Via: name, ViaArg: i + 1, Named: mayFail(c.Args[i].Type()) && namedForTransactions(name), How: name})
		}
	}
}

func union(a, b []int) []int {
	for _, i := range b {
		if !slices.Contains(a, i) {
			a = append(slices.Clip(a), i)
		}
	}
	return a
}

func appendOpen(list []Open, o Open) []Open {
	for i, old := range list {
		if old.Result == o.Result && old.Index == o.Index {
			list[i].If = common(old.If, o.If)
			return list
		}
	}
	return append(list, o)
}

func appendEnd(list []End, e End) []End {
	for i, old := range list {
		if old.Param == e.Param {
			list[i].OnSuccess, list[i].OnFailure = old.OnSuccess || e.OnSuccess, old.OnFailure || e.OnFailure
			list[i].Rollback, list[i].Commit = old.Rollback && e.Rollback, old.Commit && e.Commit
			return list
		}
	}
	return append(list, e)
}

func appendRun(list []Run, r Run) []Run {
	for i, old := range list {
		if old.Param == r.Param && old.Field == r.Field && old.Made == r.Made && old.Via == r.Via {
			list = slices.Clone(list)
			list[i] = old.either(r)
			return list
		}
	}
	return append(list, r)
}

// structural adds what the shape of a type tells: one that can begin, commit and roll back is a unit of work, and what a Begin
// returns that can be committed and rolled back is a transaction. It speaks where nothing else has.
func (k *knower) structural(m *meaning, c *ssa.CallCommon, fn *types.Func) {
	recv := fn.Signature().Recv()
	if recv == nil {
		return
	}
	ends := len(m.ends) == 0 && endName(fn.Name(), recv.Type())
	begins := len(m.opens) == 0 && namedForBeginning(fn) && (c.IsInvoke() || k.class(fn.Pkg()) == whose.ThirdParty)
	if !ends && !begins || k.catalog.Package(fn.Pkg().Path()) {
		return // also: the transactions of a broker's client are none of a database
	}
	if ends {
		m.ends = endsAll(c, fn.Name(), canEnd(recv.Type()))
	}
	if begins {
		m.opens = k.begins(fn)
	}
}

// endsAll says that a call ends the transaction of its receiver, and, if that is a unit of work, of the context that it is given.
func endsAll(c *ssa.CallCommon, name string, unit bool) []End {
	var ends []End
	for i := range operands(c) {
		if v := operand(c, i); i == 0 || unit && isContext(v.Type()) {
			ends = append(ends, End{Param: i, OnSuccess: true, OnFailure: true, Rollback: rollbackName(name), Commit: commitName(name)})
		}
	}
	return ends
}

func (k *knower) begins(fn *types.Func) []Open {
	results := fn.Signature().Results()
	unit := canEnd(fn.Signature().Recv().Type())
	var opens []Open
	for i := range results.Len() {
		t := results.At(i).Type()
		if k.txLike(t) || unit && isContext(t) {
			opens = append(opens, Open{Result: true, Index: i, How: fn.FullName()})
		}
	}
	if len(opens) == 0 && unit && (results.Len() == 0 || errorIndex(fn.Signature()) == 0) {
		opens = append(opens, Open{How: fn.FullName()})
	}
	return opens
}

// endName reports whether a method that is called on a transaction ends it, by its name: also Close, where the type can commit.
func endName(name string, recv types.Type) bool {
	return commitName(name) || rollbackName(name) || name == "Close" && canCommit(recv)
}

func commitName(name string) bool { return strings.HasPrefix(strings.ToLower(name), "commit") }

func rollbackName(name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(lower, "rollback") || strings.HasPrefix(lower, "abort")
}

// summary returns what is known of an own or imported function, or nil.
func (k *knower) summary(fn *types.Func) *Summary {
	fn = fn.Origin()
	if fn.Pkg() == k.pass.Pkg {
		k.ledger.read(fn)
		return k.own[fn]
	}
	s, ok := k.imported[fn]
	if !ok {
		s = new(Summary)
		if !k.pass.ImportObjectFact(fn, s) {
			s = nil
		}
		k.imported[fn] = s
	}
	return s
}

// has reports whether the body of fn was looked into.
func (k *knower) has(fn *types.Func) bool {
	class := k.class(fn.Pkg())
	return class == whose.Own
}

func (k *knower) liveness(fn *ssa.Function) *liveness {
	root := declared(fn)
	l, ok := k.lives[root]
	if !ok {
		l = newLiveness(root)
		k.lives[root] = l
	}
	return l
}

// acting returns the implementations of an interface method, if one of them may have a summary: hardly ever does one, and to ask which
// types implement an interface is slow.
func (k *knower) acting(method *types.Func) []*types.Func {
	if !slices.ContainsFunc(k.namesakes(method), func(m *types.Func) bool { return k.summary(m) != nil }) {
		return nil
	}
	found, ok := k.methods[method]
	if !ok {
		found = k.implementations(method)
		k.methods[method] = found
	}
	return found
}

// implementations returns the methods of own types, of this package and those that it imports, that implement an interface method.
func (k *knower) implementations(method *types.Func) []*types.Func {
	iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var found []*types.Func
	for _, t := range k.ownTypes(method) {
		if fn := methodOf(t, method); fn != nil && types.Implements(t, iface) {
			found = append(found, fn)
		}
	}
	return found
}

// namesakes returns the methods of own types that have the name of an interface's.
func (k *knower) namesakes(method *types.Func) []*types.Func {
	found, ok := k.byName[method.Id()]
	if !ok {
		for _, t := range k.ownTypes(method) {
			if fn := methodOf(t, method); fn != nil {
				found = append(found, fn)
			}
		}
		k.byName[method.Id()] = found
	}
	return found
}

func methodOf(t types.Type, method *types.Func) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, false, method.Pkg(), method.Name())
	if fn, ok := obj.(*types.Func); ok {
		return fn.Origin()
	}
	return nil
}

// ownTypes lists the pointers to the concrete named types of the own packages in sight that may have the method.
func (k *knower) ownTypes(method *types.Func) []types.Type {
	var all []types.Type
	for _, pkg := range k.ownPackages() {
		for _, t := range ssapass.Implementers(pkg, method.Name()) {
			if t.TypeParams().Len() == 0 {
				all = append(all, types.NewPointer(t))
			}
		}
	}
	return all
}

// ownPackages lists the package and the own ones that it imports, directly or not.
func (k *knower) ownPackages() []*types.Package {
	if k.packages != nil {
		return k.packages
	}
	seen := map[*types.Package]bool{}
	var visit func(p *types.Package)
	visit = func(p *types.Package) {
		if seen[p] || p != k.pass.Pkg && k.class(p) != whose.Own {
			return
		}
		seen[p] = true
		k.packages = append(k.packages, p)
		for _, q := range p.Imports() {
			visit(q)
		}
	}
	visit(k.pass.Pkg)
	return k.packages
}

// class says whose code a package is. The universe, which declares error, is none.
func (k *knower) class(pkg *types.Package) whose.Class {
	if pkg == nil {
		return whose.Std
	}
	return whose.Package(k.pass, pkg)
}
