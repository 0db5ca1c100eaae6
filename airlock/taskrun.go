package airlock

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Run calls the task: here, or in a worker's process. A panic in it is returned as a *[PanicError].
//
// What the task enqueues goes into a fresh scope of its own, with the intent's policies, executor, routes and observers. It is
// made when it is first needed and flushed after the task has returned nil; its failed flush is the error of Run. Tasks that
// enqueue tasks may go sixteen deep, see [ErrReentrancyLimit].
//
// Executors call Run; everybody else leaves it to them.
func (i *Intent) Run(ctx context.Context) (err error) {
	mustContext(ctx, "airlock.Intent.Run")
	if envOf(ctx).guarded {
		return ErrPolicyEnqueue // I12
	}
	if len(i.set.observers) > 0 {
		defer i.ran(ctx, time.Now(), &err)
	}
	t := i.open(ctx)
	done := false
	defer func() {
		if !done {
			t.abandon()
			err = caught(recover())
		}
	}()
	err = t.close(i.job.call(t))
	done = true
	return err
}

// ran tells the observers how it went.
func (i *Intent) ran(ctx context.Context, start time.Time, err *error) {
	i.set.notify(ctx, IntentEvent{Intent: i, Err: *err, Duration: time.Since(start)}, ran)
}

// caught makes an error of a recovered value; of none, where a goroutine is exiting. It must be called while panicking.
func caught(v any) error {
	if v == nil {
		return errGoexit
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}

// A taskRun is the context of a task that runs. What it carries, and the task's scope, are made at first use. // I11
type taskRun struct {
	context.Context
	intent *Intent
	own    atomic.Pointer[taskEnv]
}

// A taskEnv is what the context of a task carries.
type taskEnv struct {
	env
	inner atomic.Pointer[Scope]
}

// These stand for what a running task has not needed yet, and for what one that has ended did not need.
var (
	runningEnv = new(taskEnv)
	endedEnv   = new(taskEnv)
	ended      = new(Scope)
)

// open returns the context to call i's task with. That of the first run is part of the intent, to save an allocation.
func (i *Intent) open(ctx context.Context) *taskRun {
	if ps := i.set.propagators; len(ps) > 0 {
		ctx = i.extract(ctx, ps)
	}
	t := &i.first
	if !t.own.CompareAndSwap(nil, runningEnv) {
		t = new(taskRun)
		t.own.Store(runningEnv)
	}
	t.Context, t.intent = ctx, i
	return t
}

func (t *taskRun) Value(key any) any {
	if key == (envKey{}) {
		return &t.carried().env
	}
	return t.Context.Value(key)
}

func (t *taskRun) String() string { return "airlock.Task" }

// carried returns what the context carries.
func (t *taskRun) carried() *taskEnv {
	if own := t.own.Load(); own != runningEnv && own != endedEnv {
		return own
	}
	around := envOf(t.Context)
	own := &taskEnv{env: env{
		task: t, chain: t.intent.chain, home: around.home, going: around.going,
		depth: max(int(t.intent.depth), around.depth) + 1, dispatching: true,
	}}
	if !t.own.CompareAndSwap(runningEnv, own) {
		if other := t.own.Load(); other != endedEnv {
			return other
		}
		own.inner.Store(ended) // I7: a goroutine that the task left behind
	}
	return own
}

// enter returns the task's scope.
func (t *taskRun) enter() *Scope {
	own := t.carried()
	if s := own.inner.Load(); s != nil && s != ended {
		return s
	}
	s := &Scope{set: t.intent.set, terms: &noTerms}
	s.held.own, s.tree = s.few[:0], &s.root
	s.env = own.env
	s.env.scope, s.env.task = s, nil
	s.ctx = carrier{t, &s.env}
	if !own.inner.CompareAndSwap(nil, s) {
		if other := own.inner.Load(); other != ended {
			return other
		}
		s.setState(Discarded) // I7
	}
	return s
}

// end ends the task and returns its scope, or nil if it never needed one.
func (t *taskRun) end() *Scope {
	if t.own.CompareAndSwap(runningEnv, endedEnv) {
		return nil
	}
	own := t.own.Load()
	if own.inner.CompareAndSwap(nil, ended) {
		return nil
	}
	return own.inner.Load()
}

// close ends the task, which returned err.
func (t *taskRun) close(err error) error {
	if s := t.end(); s != nil {
		return s.finish(t.Context, err)
	}
	return err
}

// abandon ends a task that has panicked or is exiting.
func (t *taskRun) abandon() {
	if s := t.end(); s != nil {
		s.end(false)
	}
}
