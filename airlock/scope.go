package airlock

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// A State says what has become of a scope.
type State int32

const (
	// Open: intents are buffered.
	Open State = iota
	// Flushed: handed to executors, apart from what policies dropped.
	Flushed
	// Captured: closed, and at least one intent is held by an enclosing scope, which decides.
	Captured
	// Pending: closed inside a transaction that has not committed yet.
	Pending
	// Discarded: closed, and nothing was dispatched.
	Discarded

	closing // as Open to the eye, but nothing is accepted: capture hooks are being asked
)

func (s State) String() string {
	return nth(int(s), "Open", "Flushed", "Captured", "Pending", "Discarded", "Open")
}

// nth returns the word for k, or its number.
func nth(k int, words ...string) string {
	if k < 0 || k >= len(words) {
		return strconv.Itoa(k)
	}
	return words[k]
}

// A Scope buffers the effects that are enqueued under its context, until it is flushed or discarded. Scopes are made by
// [Run], [Begin] and [InTx], and must not be copied. All methods may be called concurrently, and, for reading, also after
// the scope has closed.
type Scope struct {
	ctx    carrier // the context of the scope
	env    env     // what it carries
	parent *Scope
	tree   *tree
	set    *settings
	*terms
	begun uintptr // the call of Begin; 0: a scope of Run or InTx

	state atomic.Int32 // written under tree.mu
	going atomic.Int32 // Go children that run; changes under tree.mu

	// The rest is guarded by tree.mu; what is held and the flights are immutable once the scope has closed.
	held     cargo
	refusals []*refusal
	written  *flight // what TxExecutors wrote
	flown    *flight // what was dispatched
	idle     chan struct{}
	lostErr  error // says that committed intents were discarded
	canary   *canary
	copied   bool // the last captured list is a copy of short ones
	rest     fate // of all intents that are in no flight
	flushing bool // a Flush waits for Go children
	orphaned bool // discarded by an enclosing scope
	hooked   bool // a scope around it has a capture hook
	heard    bool // it, or a scope that handed something up to it, has observers
	inTx     bool // InTx flushes it

	nested, next, prev *Scope // the scopes begun below that are not done, as a list

	root tree // of the tree, if parent is nil
	few  [5]*Intent
}

// A tree is what a root scope and all nested in it share: one lock, and the order of everything that is enqueued. No user
// code runs under the lock. // I8
type tree struct {
	mu  sync.Mutex
	seq uint64

	committed bool // some intents are
}

// Begin opens a scope and returns it with its context. Close it on every path:
//
//	ctx, scope := airlock.Begin(ctx)
//	defer scope.Discard()
//	...
//	return scope.Flush(ctx)
//
// Below a scope that has closed the new one is born closed: its Flush returns [ErrScopeClosed].
func Begin(ctx context.Context, opts ...ScopeOption) (context.Context, *Scope) {
	mustContext(ctx, "airlock.Begin")
	mustOptions(opts, "airlock.Begin")
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	return begin(ctx, nil, opts, pcs[0])
}

// Begin is the package's Begin with a's defaults.
func (a *Airlock) Begin(ctx context.Context, opts ...ScopeOption) (context.Context, *Scope) {
	mustContext(ctx, "airlock.Airlock.Begin")
	mustOptions(opts, "airlock.Airlock.Begin")
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	return begin(ctx, a, opts, pcs[0])
}

func begin(ctx context.Context, a *Airlock, opts []ScopeOption, pc uintptr) (context.Context, *Scope) {
	s := open(ctx, envOf(ctx), a, opts)
	s.begun = pc
	s.watch() // I14
	return &s.ctx, s
}

// open makes a scope below e, born closed if that one's scope has closed.
func open(ctx context.Context, e *env, a *Airlock, opts []ScopeOption) *Scope {
	s := &Scope{parent: e.enclosing()}
	s.held.own = s.few[:0]
	policy, isDefault := s.configure(e, a, opts)
	s.heard = len(s.set.observers) > 0
	s.env = env{
		scope: s, home: e.home, going: e.going, depth: e.depth, guarded: e.guarded, dispatching: e.dispatching,
		chain: e.chain.push(policy, s, isDefault),
	}
	if a != nil {
		s.env.home = a
	}
	s.ctx = carrier{ctx, &s.env}
	if s.parent == nil {
		s.tree = &s.root
	} else {
		s.tree, s.hooked = s.parent.tree, s.parent.hooked || s.parent.capture != nil
		s.parent.adopt(s)
	}
	return s
}

// adopt adds child to the scopes nested in s, or closes it if s has closed.
func (s *Scope) adopt(child *Scope) {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	if s.closed() {
		child.orphaned = true
		child.setState(Discarded) // I7
		return
	}
	child.next = s.nested
	if s.nested != nil {
		s.nested.prev = child
	}
	s.nested = child
}

// leave takes s off its parent's list of nested scopes. The caller holds the lock.
func (s *Scope) leave() {
	if s.parent == nil {
		return
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else if s.parent.nested == s {
		s.parent.nested = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	}
	s.prev, s.next = nil, nil
}

// FromContext returns the scope that an [Enqueue] with ctx goes to: the innermost, also if it has closed. In a task that
// runs in this process it is the task's own.
func FromContext(ctx context.Context) (*Scope, bool) {
	mustContext(ctx, "airlock.FromContext")
	s := envOf(ctx).enclosing()
	return s, s != nil
}

// Detach returns a context without a scope, for work that outlives the scope of ctx. What is enqueued there needs a scope of
// its own. The policies of ctx stay in force, and so do its application's defaults (see [New]): authority does not end with
// the scope.
func Detach(ctx context.Context) context.Context {
	mustContext(ctx, "airlock.Detach")
	return with(ctx, envOf(ctx).detached())
}

// State returns what has become of the scope so far.
func (s *Scope) State() State {
	if st := State(s.state.Load()); st != closing {
		return st
	}
	return Open
}

func (s *Scope) closed() bool { return State(s.state.Load()) != Open }

// closedAs says, for errors, how it is that the scope takes nothing more.
func (s *Scope) closedAs() string {
	if st := s.State(); st != Open {
		return st.String()
	}
	return "being flushed"
}

// setState is called with the lock held.
func (s *Scope) setState(st State) {
	s.state.Store(int32(st))
	if st != Open && st != closing {
		s.release()
	}
}

// Parent returns the scope that this one is nested in, or nil.
func (s *Scope) Parent() *Scope { return s.parent }

// Intents returns the intents that the scope has buffered, its own and captured ones, in the order in which they were
// enqueued. It is a snapshot; after the scope has closed it tells what it held.
func (s *Scope) Intents() []*Intent { return inOrder(s.lists()) }

// Own returns the intents that were enqueued in this very scope, in order.
func (s *Scope) Own() []*Intent { return inOrder(s.lists()[:1]) }

// Captured returns the intents that nested scopes handed up, in the order in which they were enqueued.
func (s *Scope) Captured() []*Intent { return inOrder(s.lists()[1:]) }

// lists returns the scope's own list and the captured ones. What they hold now never changes.
func (s *Scope) lists() [][]*Intent {
	s.tree.mu.Lock()
	defer s.tree.mu.Unlock()
	return s.held.lists()
}

// Discard closes the scope and drops its intents, and those of the scopes nested in it, which it closes first. It does
// nothing if the scope has closed, and never waits: goroutines that [Go] started find the scope closed.
func (s *Scope) Discard() { s.discard(false) }

// String returns the scope's state and size.
func (s *Scope) String() string {
	return fmt.Sprintf("airlock.Scope(%v, %d intents)", s.State(), len(s.Intents()))
}
