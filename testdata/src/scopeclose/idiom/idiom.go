// Package idiom opens and closes scopes as the documentation says, and almost so.
package idiom

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/airlock-go/airlock/airlock"
)

type order struct{ id int }

func (o *order) validate() error { return nil }

func send(context.Context, int) error { return nil }

func enqueue(ctx context.Context, id int) error { return airlock.Enqueue(ctx, send, id) }

func plain(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := o.validate(); err != nil {
		return err
	}
	if o.id == 0 {
		return errors.New("no id")
	}
	if err := enqueue(ctx, o.id); err != nil {
		return fmt.Errorf("order %d: %w", o.id, err)
	}
	return scope.Flush(ctx)
}

func named(ctx context.Context, o *order) (id int, err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, o.id); err != nil {
		return 0, err
	}
	if err := scope.Flush(ctx); err != nil {
		log.Printf("flush: %v", err)
		return 0, err
	}
	return o.id, nil
}

func onEachBranch(ctx context.Context, o *order, twice bool) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if twice {
		if err := enqueue(ctx, o.id); err != nil {
			return err
		}
		return scope.Flush(ctx)
	}
	if err := enqueue(ctx, o.id); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func lost(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, o.id); err != nil {
		return err
	}
	if o.id == 7 {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func lostWithAnotherError(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	invalid := o.validate()
	if err := enqueue(ctx, o.id); err != nil {
		return invalid // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func lostOnTheGoodSide(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := enqueue(ctx, o.id)
	if err == nil {
		return err // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func lostInANamedResult(ctx context.Context, o *order) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err = enqueue(ctx, o.id); err != nil {
		err = nil
		return err // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func lostOnOneWay(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, o.id); err != nil {
		return err
	}
	if o.id > 0 {
		if err := scope.Flush(ctx); err != nil {
			return err
		}
	}
	return nil // want `effects are silently lost`
}

func enqueuedAfter(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return enqueue(ctx, o.id) // want `scope that is closed by now`
}

func enqueuedAfterByTheRuntime(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return airlock.Enqueue(ctx, send, o.id) // want `closed by now: airlock.Enqueue fails`
}

func enqueuedInTheEnd(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer enqueue(ctx, o.id) // want `scope that is closed by now`
	defer scope.Discard()
	return scope.Flush(ctx)
}

func deferredAfterwards(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	defer enqueue(ctx, o.id) // want `scope that is closed by now`
	return scope.Flush(ctx)
}

func flushedTwice(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := scope.Flush(ctx); err != nil {
		return scope.Flush(ctx) // want `Flush fails with ErrScopeClosed`
	}
	return nil
}

func flushedInTurns(ctx context.Context, orders []*order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	for _, o := range orders {
		if err := enqueue(ctx, o.id); err != nil {
			return err
		}
		if err := scope.Flush(ctx); err != nil { // want `Flush fails with ErrScopeClosed`
			return err
		}
	}
	return nil
}

func exits(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx) // want `lost when the process exits`
	defer scope.Discard()
	if err := enqueue(ctx, o.id); err != nil {
		return err
	}
	if o.id == 0 {
		os.Exit(0)
	}
	return scope.Flush(ctx)
}

func exitsFirst(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx) // want `lost when the process exits`
	if o.id == 0 {
		os.Exit(0)
	}
	defer scope.Discard()
	return scope.Flush(ctx)
}

func returnsFirst(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	if o.id == 0 {
		return errors.New("no id")
	}
	defer scope.Discard()
	if err := enqueue(ctx, o.id); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func inALoop(ctx context.Context, orders []*order) error {
	for _, o := range orders {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard() // want `when the function returns`
		if err := enqueue(ctx, o.id); err != nil {
			return err
		}
		if err := scope.Flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func untilItWorks(ctx context.Context, orders []*order) error {
	for _, o := range orders {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard() // want `when the function returns`
		if err := enqueue(ctx, o.id); err == nil {
			return scope.Flush(ctx)
		}
	}
	return errors.New("none works")
}

func orders(o *order, more bool) error {
	if err := o.validate(); err != nil || more {
		ctx, scope := airlock.Begin(context.Background())
		defer scope.Discard()
		if enqueue(ctx, o.id) != nil {
			return err // want `effects are silently lost`
		}
		return scope.Flush(ctx)
	}
	return nil
}

func unused(ctx context.Context, o *order) error {
	inner, scope := airlock.Begin(ctx) // want `is used for nothing`
	defer scope.Discard()
	if err := enqueue(ctx, o.id); err != nil {
		return err
	}
	return scope.Flush(inner)
}

func kept(ctx context.Context, o *order) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	later := func() error { return enqueue(ctx, o.id) } // want `scope that is closed by now`
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return later()
}
