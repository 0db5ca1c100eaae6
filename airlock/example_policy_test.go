package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/airlock-go/airlock/airlock"
)

// A Limit is a policy of one's own: it refuses to enqueue more than so many effects.
type Limit struct{ left atomic.Int64 }

func NewLimit(n int64) *Limit {
	l := new(Limit)
	l.left.Store(n)
	return l
}

var errTooMany = errors.New("too many effects")

func (l *Limit) OnEnqueue(context.Context, *airlock.Intent) error {
	if l.left.Add(-1) < 0 {
		return errTooMany
	}
	return nil
}

func (l *Limit) Allows(context.Context, *airlock.Intent) bool { return true }

// A policy of one's own.
func ExamplePolicy() {
	err := airlock.Run(context.Background(), func(ctx context.Context) error {
		for id := range 1000 {
			if err := airlock.Enqueue(ctx, NotifyWarehouse, id); err != nil {
				return err
			}
		}
		return nil
	}, airlock.WithPolicy(NewLimit(100)))
	fmt.Println(errors.Is(err, errTooMany))
	// Output:
	// true
}
