package airlock

import (
	"context"
	"fmt"
	"runtime"
)

// A Task is an effect with a name, that can be enqueued and not called. Make tasks with [NewTask], once, as package variables:
//
//	var NotifyWarehouse = airlock.NewTask("shop.notify_warehouse", notifyWarehouse)
//
// A Task is immutable and may be used concurrently.
type Task[A any] struct {
	name    string
	fn      func(context.Context, A) error // nil: implemented elsewhere
	options *Options
}

// NewTask returns the task of fn under a name that stays the same when fn moves: it is what queues store. The options are
// those of every intent of the task.
func NewTask[A any](name string, fn func(context.Context, A) error, opts ...Option) *Task[A] {
	must(name != "", "airlock.NewTask", "empty name")
	must(fn != nil, "airlock.NewTask", "nil function")
	return &Task[A]{name, fn, combine("airlock.NewTask", nil, opts)}
}

// RemoteTask returns a task that another binary implements, under the same name. It can be enqueued for executors that take
// it there; run here it fails with [ErrUnknownTask].
func RemoteTask[A any](name string, opts ...Option) *Task[A] {
	must(name != "", "airlock.RemoteTask", "empty name")
	return &Task[A]{name, nil, combine("airlock.RemoteTask", nil, opts)}
}

// Name returns the name.
func (t *Task[A]) Name() string { return t.name }

// Enqueue is like the function [Enqueue]. The options come after the task's and win.
func (t *Task[A]) Enqueue(ctx context.Context, arg A, opts ...Option) error {
	mustContext(ctx, "airlock.Task.Enqueue")
	must(t != nil, "airlock.Task.Enqueue", "nil Task")
	c := &taskCall[A]{task: t, arg: arg}
	c.job = c
	c.options = combine("airlock.Task.Enqueue", t.options, opts)
	var pcs [1]uintptr
	runtime.Callers(2+c.options.frames(), pcs[:]) // not in a function of its own: each frame to unwind costs
	c.pc = pcs[0]
	return c.enter(ctx)
}

// Arg returns the argument of i if i is an intent of this task.
func (t *Task[A]) Arg(i *Intent) (A, bool) {
	if c, ok := i.job.(*taskCall[A]); ok && c.task.name == t.name {
		return c.arg, true
	}
	var zero A
	return zero, false
}

// A taskCall is an intent to run a task. Both are one allocation.
type taskCall[A any] struct {
	Intent
	task *Task[A]
	arg  A
}

func (c *taskCall[A]) call(ctx context.Context) error {
	if c.task.fn == nil {
		return fmt.Errorf("%w: %s is implemented in another binary; enqueue it for an executor that takes it there",
			ErrUnknownTask, c.task.name)
	}
	return c.task.fn(ctx, c.arg)
}

func (c *taskCall[A]) argument() any  { return c.arg }
func (c *taskCall[A]) name() taskName { return taskName{c.task.name, true} }

func (c *taskCall[A]) again() *Intent {
	d := &taskCall[A]{task: c.task, arg: c.arg}
	d.job = d
	return &d.Intent
}
