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

// A taskRun is the context of a task that runs. Its scope is made at first use, and so is what the context carries. // I11
type taskRun struct {
	context.Context
	intent *Intent
	env    atomic.Pointer[env]
	scope  atomic.Pointer[Scope]
}

// open returns the context to call i's task with. That of the first run is part of the intent, to save an allocation.
func (i *Intent) open(ctx context.Context) *taskRun {
	if len(i.set.propagators) > 0 {
		ctx = i.extract(ctx, i.set.propagators)
	}
	t := &i.first
	if !i.started.CompareAndSwap(false, true) {
		t = new(taskRun)
	}
	t.Context, t.intent = ctx, i
	return t
}

func (t *taskRun) Value(key any) any {
	if key == (envKey{}) {
		return t.carried()
	}
	return t.Context.Value(key)
}

func (t *taskRun) String() string { return "airlock.Task" }

// carried returns what the context carries.
func (t *taskRun) carried() *env {
	if e := t.env.Load(); e != nil {
		return e
	}
	around := envOf(t.Context)
	t.env.CompareAndSwap(nil, &env{
		task: t, chain: t.intent.chain, home: around.home, going: around.going,
		depth: max(t.intent.depth, around.depth) + 1, dispatching: true,
	})
	return t.env.Load()
}

// ended stands for the scope of a task that has ended without one.
var ended = new(Scope)

// enter returns the task's scope.
func (t *taskRun) enter() *Scope {
	if s := t.scope.Load(); s != nil && s != ended {
		return s
	}
	e := t.carried()
	s := &Scope{set: t.intent.set}
	s.own, s.tree = s.few[:0], &s.root
	s.env = *e
	s.env.scope, s.env.task = s, nil
	s.ctx = carrier{t, &s.env}
	if !t.scope.CompareAndSwap(nil, s) {
		if other := t.scope.Load(); other != ended {
			return other
		}
		s.setState(Discarded) // I7: a goroutine that the task left behind
	}
	return s
}

// close ends the task, which returned err.
func (t *taskRun) close(err error) error {
	if t.scope.CompareAndSwap(nil, ended) {
		return err
	}
	return t.scope.Load().finish(t.Context, err)
}

// abandon ends a task that has panicked or is exiting.
func (t *taskRun) abandon() {
	if !t.scope.CompareAndSwap(nil, ended) {
		s := t.scope.Load()
		s.join()
		s.discard(false)
	}
}
