package airlock

import (
	"context"
	"sync/atomic"
	"time"
)

// A flight is one dispatch.
type flight struct {
	envContext // the dispatch context, in the same piece

	scope   *Scope
	ctx     context.Context
	results []Result // one for each intent, in order
	failed  atomic.Bool
}

// dispatch hands list to the executors, in order, and publishes the results with those that are known already. // I2
func (s *Scope) dispatch(ctx context.Context, list []*Intent, known []Result) error {
	if len(list)+len(known) == 0 && len(s.set.observers) == 0 {
		return nil
	}
	f := &flight{scope: s}
	f.prepare(ctx)
	if len(list) > 0 {
		f.results = make([]Result, len(list))
		for k, i := range list {
			f.results[k].Intent = i
		}
		var cancel context.CancelFunc
		if f.ctx, cancel = s.bound(f.ctx, ctx); cancel != nil {
			defer cancel()
		}
	}
	return f.fly(known)
}

// prepare makes the context that effects see: ctx's values, and no scope. // I9
func (f *flight) prepare(ctx context.Context) {
	s := f.scope
	f.own = envOf(ctx).detached()
	f.own.dispatching, f.own.guarded = true, false
	f.own.depth = max(f.own.depth, s.env.depth)
	f.carrier = carrier{context.WithoutCancel(ctx), &f.own}
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

// fly dispatches, and also where a task exits the goroutine leaves a report and tells the observers.
func (f *flight) fly(known []Result) (err error) {
	defer func() { err = f.land(known) }()
	f.judge()
	for k := 0; k < len(f.results); {
		k = f.step(k)
	}
	return nil
}

// land settles what is still in the air and publishes the results.
func (f *flight) land(known []Result) error {
	s := f.scope
	for k := range f.results {
		switch r := &f.results[k]; r.Outcome {
		case flying:
			f.done(f.ctx, r, errGoexit, 0)
		case OutcomePending:
			f.skip(r)
		}
	}
	s.tree.mu.Lock()
	s.results = mergeResults(known, f.results)
	captured := s.rest == OutcomeCaptured
	s.tree.mu.Unlock()
	if captured && len(s.set.observers) > 0 {
		s.tellCaptured(f.ctx)
	}
	var err error
	if f.bad() {
		err = &FlushError{Report: s.Report()} // I10
	}
	if len(s.set.observers) > 0 {
		s.set.notifyScope(f.ctx, s.event(err), closed)
	}
	return err
}

func (f *flight) bad() bool {
	for k := range f.results {
		if o := f.results[k].Outcome; o == OutcomeFailed || o == OutcomeSkipped {
			return true
		}
	}
	return false
}

func (s *Scope) tellCaptured(ctx context.Context) {
	for _, r := range s.Report().results {
		if r.Outcome == OutcomeCaptured {
			r.Intent.set().notify(ctx, IntentEvent{Scope: s, Intent: r.Intent, Outcome: OutcomeCaptured}, dispatched)
		}
	}
}

// judge asks the policies of each intent, and marks what they drop.
func (f *flight) judge() {
	guarded := f.ctx
	for k := range f.results {
		r := &f.results[k]
		chain := r.Intent.chain()
		if chain == nil {
			continue
		}
		if chain.foreign && guarded == f.ctx {
			guarded = guard(f.ctx)
		}
		r.Outcome = flying
		if p, err := ask(guarded, chain, r.Intent); err != nil {
			f.done(f.ctx, r, err, 0)
		} else if p != nil {
			r.Outcome, r.Policy = OutcomeDropped, p // I5
			f.tell(f.ctx, r, 0)
		} else {
			r.Outcome = OutcomePending
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
	r := &f.results[k]
	switch {
	case r.Outcome != OutcomePending:
		return k + 1
	case f.stopped():
		f.skip(r)
		return k + 1
	}
	switch ex := r.Intent.executor().(type) {
	case inline:
	case *parallel:
		end := f.extent(k)
		f.spread(f.pending(k, end), ex.n)
		return end
	case BatchExecutor:
		end := f.extent(k)
		f.batch(f.pending(k, end), ex.ExecuteBatch)
		return end
	}
	f.one(r)
	return k + 1
}

// stopped says that the rest is to be skipped. // I10
func (f *flight) stopped() bool {
	return f.scope.failFast && f.failed.Load() || f.ctx.Err() != nil
}

func (f *flight) skip(r *Result) {
	r.Outcome, r.Err = OutcomeSkipped, f.ctx.Err()
	f.tell(f.ctx, r, 0)
}

// extent returns the end of the run of consecutive intents from k on that share an executor. What policies dropped doesn't
// interrupt it. // I2
func (f *flight) extent(k int) int {
	ex := f.results[k].Intent.executor()
	end := k + 1
	for ; end < len(f.results); end++ {
		if r := &f.results[end]; r.Outcome == OutcomePending && !same(r.Intent.executor(), ex) {
			break
		}
	}
	return end
}

func (f *flight) pending(k, end int) []*Result {
	list := make([]*Result, 0, end-k)
	for ; k < end; k++ {
		if r := &f.results[k]; r.Outcome == OutcomePending {
			list = append(list, r)
		}
	}
	return list
}

// one dispatches a single intent.
func (f *flight) one(r *Result) {
	r.Outcome = flying
	i := r.Intent
	if len(i.set().observers) == 0 {
		f.done(f.ctx, r, perform(f.ctx, i), 0)
		return
	}
	ctx := i.set().dispatching(f.ctx, IntentEvent{Scope: f.scope, Intent: i})
	start := time.Now()
	err := perform(ctx, i)
	f.done(ctx, r, err, time.Since(start))
}

// perform executes i; a panic is an error.
func perform(ctx context.Context, i *Intent) (err error) {
	defer recovering(&err)
	if i.chain() != nil {
		i.chain().dispatching(i.chain().guarded(ctx), i)
	}
	return i.executor().Execute(ctx, i)
}

// batch dispatches consecutive intents at once.
func (f *flight) batch(rs []*Result, execute func(context.Context, []*Intent) []error) {
	is := make([]*Intent, 0, len(rs))
	ready := rs[:0]
	for _, r := range rs {
		r.Outcome = flying
		if err := notifyPolicies(f.ctx, r.Intent); err != nil {
			f.done(f.ctx, r, err, 0)
			continue
		}
		ready = append(ready, r)
		is = append(is, r.Intent)
	}
	if len(is) == 0 {
		return
	}
	ctxs := make([]context.Context, len(is))
	for k, i := range is {
		ctxs[k] = i.set().dispatching(f.ctx, IntentEvent{Scope: f.scope, Intent: i})
	}
	start := time.Now()
	errs, err := performBatch(f.ctx, is, execute)
	elapsed := time.Since(start)
	for k, r := range ready {
		if err == nil && errs != nil {
			f.done(ctxs[k], r, errs[k], elapsed)
		} else {
			f.done(ctxs[k], r, err, elapsed)
		}
	}
}

func notifyPolicies(ctx context.Context, i *Intent) (err error) {
	defer recovering(&err)
	if i.chain() != nil {
		i.chain().dispatching(i.chain().guarded(ctx), i)
	}
	return nil
}

// performBatch returns the executor's errors, or one for all.
func performBatch(ctx context.Context, is []*Intent, execute func(context.Context, []*Intent) []error) (errs []error, err error) {
	defer recovering(&err)
	n := len(is)
	errs = execute(ctx, is)
	if errs != nil && len(errs) != n {
		return nil, wrongLength(len(errs), n) // I10
	}
	return errs, nil
}

// done settles r.
func (f *flight) done(ctx context.Context, r *Result, err error, elapsed time.Duration) {
	if err != nil {
		f.failed.Store(true)
		r.Outcome, r.Err = OutcomeFailed, err
	} else {
		r.Outcome = OutcomeDispatched
	}
	f.tell(ctx, r, elapsed)
}

func (f *flight) tell(ctx context.Context, r *Result, elapsed time.Duration) {
	if set := r.Intent.set(); len(set.observers) > 0 {
		set.notify(ctx, IntentEvent{
			Scope: f.scope, Intent: r.Intent, Outcome: r.Outcome, Err: r.Err, Policy: r.Policy, Duration: elapsed,
		}, dispatched)
	}
}

// recovering, deferred, makes an error of a panic. A runtime.Goexit goes on.
func recovering(err *error) {
	if v := recover(); v != nil {
		*err = caught(v)
	}
}
