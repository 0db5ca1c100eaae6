package airlock

import (
	"context"
	"fmt"
	"runtime"
)

// maxDepth is how deep tasks may enqueue tasks that run in this process.
const maxDepth = 16

// Enqueue asks for task(ctx, arg) to be run once the scope of ctx has been flushed. It returns nil if and only if the scope
// has taken the intent. Otherwise the error matches
//
//   - [ErrNoScope]: there is no scope.
//   - [ErrScopeClosed]: the scope has been flushed or discarded. For work that outlives it, use [Detach] and a scope of its own.
//   - [ErrPolicyEnqueue]: ctx was given to a policy, an observer or a propagator.
//   - *[PolicyError]: a policy refused it.
//   - the executor's error, such as [ErrNotSerializable], if it can't take the intent; [ErrNotDeferrable].
//   - [ErrReentrancyLimit].
//
// The last three are remembered: the scope won't flush unless [PolicyError.Handled] is called.
func Enqueue[A any](ctx context.Context, task func(context.Context, A) error, arg A, opts ...Option) error {
	mustContext(ctx, "airlock.Enqueue")
	must(task != nil, "airlock.Enqueue", "nil task")
	c := &call[A]{fn: task, arg: arg}
	c.job = c
	c.options = combine("airlock.Enqueue", nil, opts)
	var pcs [1]uintptr
	runtime.Callers(2+c.options.frames(), pcs[:]) // not in a function of its own: each frame to unwind costs
	c.pc = pcs[0]
	return c.enter(ctx)
}

// EnqueueFunc is [Enqueue] for a function without an argument. What it closes over should be alive and unchanged when it
// runs. The name is for policies and for display.
func EnqueueFunc(ctx context.Context, name string, fn func(context.Context) error, opts ...Option) error {
	mustContext(ctx, "airlock.EnqueueFunc")
	must(name != "", "airlock.EnqueueFunc", "empty name")
	must(fn != nil, "airlock.EnqueueFunc", "nil function")
	c := &funcCall{label: name, fn: fn}
	c.job = c
	c.options = combine("airlock.EnqueueFunc", nil, opts)
	var pcs [1]uintptr
	runtime.Callers(2+c.options.frames(), pcs[:]) // not in a function of its own: each frame to unwind costs
	c.pc = pcs[0]
	return c.enter(ctx)
}

// A call is an intent to call a function of one argument. Both are one allocation.
type call[A any] struct {
	Intent
	fn  func(context.Context, A) error
	arg A
}

func (c *call[A]) call(ctx context.Context) error { return c.fn(ctx, c.arg) }
func (c *call[A]) argument() any                  { return c.arg }

func (c *call[A]) name() taskName { return nameOf(codeOf(c.fn)) }

func (c *call[A]) again() *Intent {
	d := &call[A]{fn: c.fn, arg: c.arg}
	d.job = d
	return &d.Intent
}

// A funcCall is an intent to call a function without an argument.
type funcCall struct {
	Intent
	label string
	fn    func(context.Context) error
}

func (c *funcCall) call(ctx context.Context) error { return c.fn(ctx) }
func (c *funcCall) argument() any                  { return nil }
func (c *funcCall) name() taskName                 { return taskName{c.label, false} }

func (c *funcCall) again() *Intent {
	d := &funcCall{label: c.label, fn: c.fn}
	d.job = d
	return &d.Intent
}

// Enqueue enqueues the intent again, in the scope of ctx: what [Report.Failed] returns after a partial failure. The new
// intent has the task, the argument, the options, the headers, the ID and the caller of this one; policies and executor are
// those of ctx.
func (i *Intent) Enqueue(ctx context.Context) error {
	mustContext(ctx, "airlock.Intent.Enqueue")
	n := i.job.again()
	n.options, n.pc = i.options, i.pc
	if h := i.carries().headers; h != nil {
		n.load().headers = h
	}
	n.id.Store(i.identify())
	n.committed.Store(i.Committed())
	return n.enter(ctx)
}

// enter puts i into the scope of ctx.
func (i *Intent) enter(ctx context.Context) error {
	e := envOf(ctx)
	if e.guarded {
		return fmt.Errorf("%w: enqueue %s", ErrPolicyEnqueue, i.where()) // I12
	}
	s := e.enclosing()
	if s == nil {
		return fmt.Errorf("%w: cannot enqueue %s: open one with airlock.Run or airlock.Begin, and pass on its context",
			ErrNoScope, i.where()) // I1
	}
	i.set, i.chain, i.depth = s.set, e.chain, int32(s.env.depth)
	if s.closed() {
		return s.late(ctx, i)
	}
	if ex := s.set.choose(i); ex != nil { // I15
		i.load().executor = ex
	}
	if by, err := i.admit(ctx, s); err != nil {
		return s.refuse(ctx, i, err, by)
	}
	if !s.add(i) {
		return s.late(ctx, i)
	}
	if len(s.set.observers) > 0 {
		s.set.notify(ctx, IntentEvent{Scope: s, Intent: i}, enqueued)
	}
	return nil
}

// admit asks all that may refuse i, before it is buffered.
func (i *Intent) admit(ctx context.Context, s *Scope) (*link, error) {
	if s.env.depth >= maxDepth {
		return nil, fmt.Errorf("%w: %s is enqueued by a task %d tasks deep; send it through a queue", ErrReentrancyLimit, i.where(), s.env.depth) // I11
	}
	if len(s.set.propagators) > 0 || i.options != nil && i.options.headers != nil {
		i.inject(ctx)
	}
	if i.chain != nil {
		if by, err := i.chain.admit(i.chain.guarded(ctx), i); err != nil { // I5
			return by, err
		}
	}
	ex := i.executor()
	if ex == Executor(inline{}) && !i.options.delayed() { // as most are
		return nil, nil
	}
	if _, ok := ex.(immediate); ok && s.set.strict && i.options.delayed() {
		return nil, fmt.Errorf("%w: %s: %s runs delayed tasks at once; give it a queue", ErrNotDeferrable, i.where(), describe(ex)) // I15
	}
	if p, ok := ex.(Preparer); ok {
		payload, err := p.Prepare(guard(ctx), i)
		if err != nil {
			return nil, fmt.Errorf("airlock: cannot enqueue %s: %w", i.where(), err) // I15
		}
		i.load().payload = payload
	}
	return nil, nil
}

// add buffers i, unless s has closed.
func (s *Scope) add(i *Intent) bool {
	t := s.tree
	t.mu.Lock()
	ok := !s.closed()
	if ok {
		t.seq++
		i.seq = t.seq
		s.held.own = append(s.held.own, i) // I2
		s.canary.note(i, 1)
	}
	t.mu.Unlock()
	return ok
}

// late answers an enqueue on a scope that has closed.
func (s *Scope) late(ctx context.Context, i *Intent) error {
	err := fmt.Errorf("%w: cannot enqueue %s in a scope that is %v: for work that outlives it, open a scope below airlock.Detach(ctx)",
		ErrScopeClosed, i.where(), s.closedAs()) // I7
	s.set.notify(ctx, IntentEvent{Scope: s, Intent: i, Err: err}, late)
	return err
}
