package airlock

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A flight is one dispatch: what goes out, and what became of it.
type flight struct {
	envContext // the dispatch context, in the same piece

	scope  *Scope
	ctx    context.Context // to dispatch with: the above, unless observers or a deadline are around it
	list   []*Intent
	fates  []fate // of the intents in list; each is written by one goroutine at a time
	failed atomic.Bool

	mu   sync.Mutex
	why  map[int]reason // of the fates that have one
	some [6]fate
}

// A fate is an Outcome in a byte.
type fate uint8

const flying = fate(OutcomeDiscarded + 1) // being dispatched

// A reason is the rest of a Result.
type reason struct {
	err    error
	policy Policy
}

func newFlight(s *Scope, list []*Intent) *flight {
	f := &flight{scope: s, list: list}
	if len(list) <= len(f.some) {
		f.fates = f.some[:len(list)]
	} else {
		f.fates = make([]fate, len(list))
	}
	return f
}

// dispatch hands list to the executors, in order, and publishes what became of it. // I2
func (s *Scope) dispatch(ctx context.Context, list []*Intent) error {
	if len(list) == 0 && !s.heard {
		return nil
	}
	f := newFlight(s, list)
	f.prepare(ctx)
	if len(list) > 0 {
		var cancel context.CancelFunc
		if f.ctx, cancel = s.bound(f.ctx, ctx); cancel != nil {
			defer cancel()
		}
	}
	return f.fly()
}

// prepare makes the context that effects see: ctx's values, and no scope. // I9
func (f *flight) prepare(ctx context.Context) {
	s := f.scope
	f.own = envOf(ctx).detached()
	f.own.dispatching, f.own.guarded = true, false
	f.own.depth = max(f.own.depth, s.env.depth)
	if ctx.Done() != nil {
		ctx = context.WithoutCancel(ctx)
	}
	f.carrier = carrier{ctx, &f.own}
	f.ctx = &f.carrier
	if len(s.set.observers) > 0 {
		f.ctx = s.set.flushing(f.ctx, s.event(nil))
	}
}

// bound gives out, made from ctx, the scope's timeout and, if the scope is a task's own, the deadline of the dispatch around
// it. Without either, cancel is nil. // I9
func (s *Scope) bound(out, ctx context.Context) (_ context.Context, cancel context.CancelFunc) {
	var deadline time.Time
	if _, ok := s.ctx.Context.(*taskRun); ok {
		deadline, _ = ctx.Deadline()
	}
	if s.timeout > 0 {
		if d := time.Now().Add(s.timeout); deadline.IsZero() || d.Before(deadline) {
			deadline = d
		}
	}
	if deadline.IsZero() {
		return out, nil
	}
	return context.WithDeadline(out, deadline)
}

// fly dispatches. Where a task exits the goroutine it still leaves a report and tells the observers.
func (f *flight) fly() (err error) {
	defer func() { err = f.land() }()
	f.judge()
	for k := 0; k < len(f.list); {
		k = f.step(k)
	}
	return nil
}

// land settles what is still in the air and publishes the results.
func (f *flight) land() error {
	s, bad := f.scope, false
	for k := range f.fates {
		switch f.fates[k] {
		case flying:
			f.done(f.ctx, k, errGoexit, 0)
		case fate(OutcomePending):
			f.skip(k)
		}
		bad = bad || f.fates[k] == fate(OutcomeFailed) || f.fates[k] == fate(OutcomeSkipped)
	}
	s.tree.mu.Lock()
	s.flown = f
	s.tree.mu.Unlock()
	var err error
	if bad {
		err = &FlushError{Report: s.Report()} // I10
	}
	if s.heard {
		s.tellCaptured(f.ctx)
		s.set.notifyScope(f.ctx, s.event(err), closed)
	}
	return err
}

func (s *Scope) tellCaptured(ctx context.Context) {
	for _, r := range s.Report().results {
		if r.Outcome == OutcomeCaptured {
			r.Intent.set.notify(ctx, IntentEvent{Scope: s, Intent: r.Intent, Outcome: OutcomeCaptured}, dispatched)
		}
	}
}

// judge asks the policies of each intent, and marks what they drop.
func (f *flight) judge() {
	guarded := f.ctx
	for k, i := range f.list {
		chain := i.chain
		if chain == nil {
			continue
		}
		if chain.foreign && guarded == f.ctx {
			guarded = guard(f.ctx)
		}
		f.fates[k] = flying
		p, err := ask(guarded, chain, i)
		switch {
		case err != nil:
			f.done(f.ctx, k, err, 0)
		case p != nil:
			f.settle(f.ctx, k, OutcomeDropped, reason{policy: p}, 0) // I5
		default:
			f.fates[k] = fate(OutcomePending)
		}
	}
}

// ask returns the policy that drops i; a panic is an error.
func ask(ctx context.Context, chain *link, i *Intent) (p Policy, err error) {
	defer recovering(&err)
	return chain.verdict(ctx, i), nil
}

// step dispatches what is due at k and returns the index of what comes next.
func (f *flight) step(k int) int {
	switch {
	case !f.pends(k):
		return k + 1
	case f.stopped():
		f.skip(k)
		return k + 1
	}
	switch ex := f.list[k].executor().(type) {
	case inline: // as most are: no need to look further
	case *parallel:
		end := f.extent(k)
		f.spread(f.pending(k, end), ex.n)
		return end
	case BatchExecutor:
		end := f.extent(k)
		f.batch(f.pending(k, end), ex.ExecuteBatch)
		return end
	}
	f.one(k)
	return k + 1
}

func (f *flight) pends(k int) bool { return f.fates[k] == fate(OutcomePending) }

// stopped says that the rest is to be skipped. // I10
func (f *flight) stopped() bool {
	return f.scope.failFast && f.failed.Load() || f.ctx.Err() != nil
}

func (f *flight) skip(k int) { f.settle(f.ctx, k, OutcomeSkipped, reason{err: f.ctx.Err()}, 0) }

// extent returns the end of the run of consecutive intents from k on that share an executor. What policies dropped doesn't
// interrupt it. // I2
func (f *flight) extent(k int) int {
	ex := f.list[k].executor()
	end := k + 1
	for end < len(f.list) && (!f.pends(end) || same(f.list[end].executor(), ex)) {
		end++
	}
	return end
}

// pending returns the indices between k and end of what is to be dispatched.
func (f *flight) pending(k, end int) []int {
	ks := make([]int, 0, end-k)
	for ; k < end; k++ {
		if f.pends(k) {
			ks = append(ks, k)
		}
	}
	return ks
}

// one dispatches a single intent.
func (f *flight) one(k int) {
	f.fates[k] = flying
	i := f.list[k]
	if len(i.set.observers) == 0 {
		f.done(f.ctx, k, perform(f.ctx, i), 0)
		return
	}
	ctx := i.set.dispatching(f.ctx, IntentEvent{Scope: f.scope, Intent: i})
	start := time.Now()
	err := perform(ctx, i)
	f.done(ctx, k, err, time.Since(start))
}

// perform executes i; a panic is an error. // I10
func perform(ctx context.Context, i *Intent) error {
	ex := i.executor()
	if _, ok := ex.(inline); ok && i.chain == nil { // Run recovers by itself
		return ex.Execute(ctx, i)
	}
	return performGuarded(ctx, i, ex)
}

func performGuarded(ctx context.Context, i *Intent, ex Executor) (err error) {
	defer recovering(&err)
	i.chain.dispatching(i.chain.guarded(ctx), i)
	return ex.Execute(ctx, i)
}

// done settles an intent that was handed over, or wasn't because of err.
func (f *flight) done(ctx context.Context, k int, err error, elapsed time.Duration) {
	if err != nil {
		f.failed.Store(true)
		f.settle(ctx, k, OutcomeFailed, reason{err: err}, elapsed)
		return
	}
	f.settle(ctx, k, OutcomeDispatched, reason{}, elapsed)
}

// settle notes the outcome and tells the observers.
func (f *flight) settle(ctx context.Context, k int, o Outcome, why reason, elapsed time.Duration) {
	f.fates[k] = fate(o)
	if why != (reason{}) {
		f.mu.Lock()
		if f.why == nil {
			f.why = make(map[int]reason)
		}
		f.why[k] = why
		f.mu.Unlock()
	}
	if set := f.list[k].set; len(set.observers) > 0 {
		set.notify(ctx, IntentEvent{
			Scope: f.scope, Intent: f.list[k], Outcome: o, Err: why.err, Policy: why.policy, Duration: elapsed,
		}, dispatched)
	}
}

// recovering, deferred, makes an error of a panic. A runtime.Goexit goes on.
func recovering(err *error) {
	if v := recover(); v != nil {
		*err = caught(v)
	}
}
