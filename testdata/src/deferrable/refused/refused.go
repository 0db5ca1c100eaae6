// Package refused: what is written only where the enqueue failed, so that no intent carries it.
package refused

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

func send(context.Context, *order) error { return nil }

type order struct {
	ID     int
	Status string
}

func marked(ctx context.Context, o *order) error {
	if err := airlock.Enqueue(ctx, send, o); err != nil { // no intent has what is marked
		o.Status = "failed"
		return err
	}
	return nil
}

func markedEither(ctx context.Context, o *order) error {
	err := airlock.Enqueue(ctx, send, o) // want `its argument`
	if err == nil {
		o.Status = "sent"
	} else {
		o.Status = "failed"
	}
	return err
}

func markedAlways(ctx context.Context, o *order) error {
	err := airlock.Enqueue(ctx, send, o) // want `its argument`
	if err != nil {
		use(err)
	}
	o.Status = "done"
	return err
}

func markedWhenEqual(ctx context.Context, o *order) error {
	err := airlock.Enqueue(ctx, send, o) // no intent has what is marked
	if err == nil {
		return nil
	}
	o.Status = "failed"
	return err
}

func markedBySort(ctx context.Context, o *order) error {
	err := airlock.Enqueue(ctx, send, o)
	switch {
	case errors.Is(err, airlock.ErrNoScope): // no intent has what is marked
		o.Status = "never"
	case err != nil:
		o.Status = "failed"
	}
	return err
}

func markedByType(ctx context.Context, o *order) error {
	err := airlock.Enqueue(ctx, send, o)
	if failed, ok := errors.AsType[*failure](err); ok { // no intent has what is marked
		o.Status = failed.Error()
	}
	return err
}

type failure struct{ error }

func markedByAnother(ctx context.Context, o *order) error {
	err := airlock.Enqueue(ctx, send, o) // want `its argument`
	if other := use(o.ID); other != nil {
		o.Status = "failed"
		return errors.Join(err, other)
	}
	return err
}

func named(ctx context.Context) (o order, err error) {
	o.ID = 1
	if err = airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.ID) }); err != nil { // the one write
		return order{}, err
	}
	return o, nil
}

func namedWithDefer(ctx context.Context) (o order, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, use())
		}
	}()
	o.ID = 1
	err = airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.ID) }) // the one write
	if err != nil {
		return order{}, err
	}
	return o, nil
}

func namedAfter(ctx context.Context) (o order, err error) {
	o.ID = 1
	if err = airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.ID) }); err != nil { // want `o \(a variable that is written after this\)`
		return order{}, err
	}
	return order{}, nil
}

func namedOverwritten(ctx context.Context) (o order, err error) {
	o.ID = 1
	err = airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(o.ID) }) // want `o \(a variable that is written after this\)`
	if err = use(); err != nil {                                                          // another error
		return order{}, err
	}
	return o, nil
}

func eachTurn(ctx context.Context, ids []int) error {
	for _, id := range ids {
		o := &order{ID: id}
		if err := airlock.Enqueue(ctx, send, o); err != nil { // another one in each round
			o.Status = "failed"
			continue
		}
		use(o)
	}
	return nil
}

func laterTurn(ctx context.Context, o *order, ids []int) {
	for range ids {
		if err := airlock.Enqueue(ctx, send, o); err != nil { // want `its argument`
			o.Status = "failed" // in the second round, the intent of the first has it
		}
	}
}

func untilTaken(ctx context.Context, o *order, ids []int) error {
	for range ids {
		if err := airlock.Enqueue(ctx, send, o); err == nil { // it is taken once
			return nil
		}
		o.Status = "again"
	}
	return nil
}

// A helper that enqueues says by its error that it did not.
func place(ctx context.Context, o *order) (int, error) {
	return o.ID, airlock.Enqueue(ctx, send, o)
}

func throughHelper(ctx context.Context, o *order) error {
	id, err := place(ctx, o) // no intent has what is marked
	if err != nil {
		o.Status = "failed"
		return err
	}
	return use(id)
}

func throughHelperThen(ctx context.Context, o *order) error {
	id, err := place(ctx, o) // want `its argument`
	if err != nil {
		return err
	}
	o.Status = "sent"
	return use(id)
}
