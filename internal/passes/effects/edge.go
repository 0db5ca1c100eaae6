package effects

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
	"github.com/airlock-go/airlock/internal/whose"
)

// A unit is something that can be called: a function or literal of this package, a function of another one, a closure that one
// returned, or a function that is not looked into because what it does is known.
type unit struct {
	name     string                   // full name
	fn       *ssa.Function            // of this package
	obj      *types.Func              // what it is declared as, if it is
	summary  *Summary                 // of another package, or of a closure from there
	factory  *unit                    // of such a closure: the function that returned it
	entry    *catalog.Entry           // known from the catalog, the config or a directive
	place    *place                   // of a receiver, and of what is received: the channel
	part     map[ssa.Instruction]bool // of a receiver: what it does with what it received
	sites    []*callsite              // of a receiver: the calls in that part
	in, out  []*edge
	actuals  []*sym
	stores   []Stored
	entries  map[*key]*entry
	order    []*entry
	frozen   *Summary
	finished bool
}

func (u *unit) String() string { return u.name }

// owns reports whether s is a parameter of u, or of a function that u is a literal in, or what a receiver received.
func (u *unit) owns(s *sym) bool {
	return s.unit == u || s.unit.place != nil && s.unit.place == u.place || u.fn != nil && s.unit.fn != nil && within(u.fn, s.unit.fn)
}

// literal reports whether u has no name that a reader knows: chains pass over it.
func (u *unit) literal() bool { return u.factory != nil || u.fn != nil && u.fn.Parent() != nil }

// An edge is one thing that a call in this package may call.
type edge struct {
	edgeKey
	call   ssa.CallInstruction // nil for the receivers of what is sent
	send   ssa.Instruction     // then, the send
	sent   ssa.Value           // and what is sent
	at     token.Pos
	caller *unit
	// callback says that it was handed to a function with a summary, and found when solving.
	callback bool
	ways     map[*Way]*Way // see graft
	led      []string      // see lead
}

type edgeKey struct {
	callee  *unit
	async   Async
	recv    ssa.Value // the receiver, where it is not the call's first argument
	shifted bool      // the call's arguments are the callee's parameters from 1 on
	through *unit     // the call is of this function, which calls back: the callee's arguments are not known
	guard   guard
	made    *edge // the call that returned the closure called
	via     *sym  // the parameter of another function, or what was received, through which it is called
}

// A guard is a call of a method on a parameter that is not resolved in its function: what such a method does in general is held
// against callers only where their argument does not show which one it is.
type guard struct {
	sym    *sym
	method string
}

// arg returns what the callee's i-th parameter is, nil if that is not known.
func (e *edge) arg(i int) ssa.Value {
	if e.through != nil || e.call == nil {
		if i == 0 {
			return e.recv
		}
		return nil
	}
	if e.shifted {
		if i == 0 {
			return e.recv
		}
		i--
	}
	if args := e.call.Common().Args; i < len(args) {
		return args[i]
	}
	return nil
}

// atLarge reports whether the edge calls a method of which only the type of the receiver is known: one that implements an interface's.
func (e *edge) atLarge() bool { return e.shifted && e.recv == nil && e.through == nil }

// receives reports whether s is the receiver of a method, or a part of it.
func (s *sym) receives(u *unit) bool {
	return s.unit == u && s.index == 0 && u.obj != nil && u.obj.Signature().Recv() != nil
}

func (e *edge) calleeName() string {
	if e.callee == nil {
		return ""
	}
	return e.callee.name
}

func (e *edge) throughName() string {
	if e.through == nil {
		return ""
	}
	return e.through.name
}

// givenTo returns the name of the function that was given the callback, if it is one that a reader should see.
func (e *edge) givenTo() string {
	if !e.callback || e.through == nil || e.through.literal() {
		return ""
	}
	return e.through.name
}

// A callsite is a call in this package.
type callsite struct {
	call     ssa.CallInstruction
	unit     *unit // where it stands
	async    Async
	edges    []*edge
	keys     map[edgeKey]bool
	results  []waiting
	loose    bool           // something that is called is not looked into
	params   map[asked]bool // functions asked of the caller that are called here
	open     map[opened]bool
	dynamic  bool // the targets depend on what reaches the receiver
	unknown  bool // what is called is not known
	received bool // because it was received from a channel
	enqueue  *enqueue
}

type waiting struct {
	index int
	n     *node
}

type asked struct {
	guard
	async Async
}

type opened struct {
	method string
	guard  guard
	async  Async
}

func (s *callsite) pos() token.Pos { return ssapass.CallPos(s.call.Common()) }

func (g *graph) addEdge(s *callsite, k edgeKey) *edge {
	k.async = max(k.async, s.async)
	if s.keys[k] {
		return nil
	}
	if s.keys == nil {
		s.keys = map[edgeKey]bool{}
	}
	s.keys[k] = true
	e := &edge{edgeKey: k, call: s.call, caller: s.unit, at: s.pos()}
	s.edges = append(s.edges, e)
	k.callee.in = append(k.callee.in, e)
	s.unit.out = append(s.unit.out, e)
	if k.callee.summary != nil {
		g.store(e)
	}
	for _, a := range k.callee.actuals {
		g.supply(e, a, g.actual(a))
	}
	for _, w := range s.results {
		g.connect(e, w.index, w.n)
	}
	return e
}

// loosen says that the call's results may come from somewhere that is not looked into.
func (g *graph) loosen(s *callsite) {
	if s.loose {
		return
	}
	s.loose = true
	for _, w := range s.results {
		g.loosenResult(s, w)
	}
}

// loosenResult says so of one result. A function that somebody else's code makes, such as an iterator or a cancel function, is no open
// question: what it does would be known, and it calls what was handed in.
func (g *graph) loosenResult(s *callsite, w waiting) {
	if fn := ssapass.Callee(s.call.Common()); fn != nil && fn.Pkg() != nil && whose.Package(g.engine.pass, fn.Pkg()).Foreign() {
		if results := fn.Signature().Results(); w.index < results.Len() && isFunc(results.At(w.index).Type()) {
			return
		}
	}
	g.add(w.n, g.outside(""))
}

func splitPath(path string) []string { return strings.Split(path, ".") }
