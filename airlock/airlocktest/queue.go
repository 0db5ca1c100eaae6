package airlocktest

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

// A Queue is a message queue and its worker in memory: an executor that encodes each intent at enqueue, as a real one does, and
// holds the messages until [Queue.Work] runs them.
//
// Make it with [NewQueue]. A Queue is safe for concurrent use and must not be copied.
type Queue struct {
	registry *airlock.Registry

	mu       sync.Mutex
	messages []airlock.Message
}

var _ interface {
	airlock.Executor
	airlock.Preparer
} = (*Queue)(nil)

// NewQueue returns an empty queue for the tasks of r.
func NewQueue(r *airlock.Registry) *Queue {
	if r == nil {
		panic("airlocktest: NewQueue of a nil *airlock.Registry")
	}
	return &Queue{registry: r}
}

// Prepare encodes the intent, and refuses one that can't travel.
func (q *Queue) Prepare(_ context.Context, i *airlock.Intent) (any, error) {
	return q.registry.Message(i)
}

// Execute puts the message on the queue.
func (q *Queue) Execute(_ context.Context, i *airlock.Intent) error {
	m, ok := i.Payload().(airlock.Message)
	if !ok {
		return fmt.Errorf("airlocktest: %s was not prepared by this queue", i.Name())
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages = append(q.messages, m)
	return nil
}

// Messages returns what is on the queue, oldest first.
func (q *Queue) Messages() []airlock.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]airlock.Message(nil), q.messages...)
}

// Work takes messages off the queue and runs them, each in a scope with opts, until the queue is empty. It returns the errors of
// those that failed, a panic as a *[airlock.PanicError], joined, in order; they are not put back.
func (q *Queue) Work(ctx context.Context, opts ...airlock.ScopeOption) error {
	var errs []error
	for {
		m, ok := q.take()
		if !ok {
			return errors.Join(errs...)
		}
		if err := q.run(ctx, m, opts); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.Task, err))
		}
	}
}

// run runs one message. As in any worker, a task that panics must not take the others with it.
func (q *Queue) run(ctx context.Context, m airlock.Message, opts []airlock.ScopeOption) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &airlock.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return q.registry.Run(ctx, m, opts...)
}

func (q *Queue) take() (airlock.Message, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.messages) == 0 {
		return airlock.Message{}, false
	}
	m := q.messages[0]
	q.messages = q.messages[1:]
	return m, true
}
