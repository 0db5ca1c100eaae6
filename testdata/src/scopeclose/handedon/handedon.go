// Package handedon hands literals on that open the scope, or return what closes it.
package handedon

import (
	"context"
	"errors"
	"iter"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

var errBusy = errors.New("busy")

func open(ctx context.Context) (*airlock.Scope, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	_, scope := airlock.Begin(ctx)
	return scope, nil
}

// A call that is handed a literal which opens the scope returns its error.
func retry(fn func() error) error {
	for {
		err := fn()
		if err == nil {
			return nil
		}
		if !errors.Is(err, errBusy) {
			return err
		}
	}
}

func retried(ctx context.Context) error {
	var scope *airlock.Scope
	err := retry(func() error {
		var err error
		scope, err = open(ctx)
		return err
	})
	if err != nil {
		return err // there is none
	}
	defer scope.Discard()
	return nil
}

func retriedElsewhere(ctx context.Context, retry func(func() error) error) error {
	var scope *airlock.Scope
	if err := retry(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, scope = airlock.Begin(ctx)
		return nil
	}); err != nil {
		return err // there is none
	}
	defer scope.Discard()
	return nil
}

func retriedLeak(ctx context.Context) error {
	var scope *airlock.Scope
	err := retry(func() (err error) {
		scope, err = open(ctx) // want `still open at the return`
		return err
	})
	if err != nil {
		return err
	}
	if cond() {
		return errBusy
	}
	scope.Discard()
	return nil
}

// Whoever calls a literal has what it returns.
func call(next func() func()) { next()() }

func lazy(next func() func()) func() { return func() { next()() } }

var kept []func() func()

func keep(next func() func()) { kept = append(kept, next) }

func drop(next func() func()) {}

func returned(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	call(func() func() {
		return func() { scope.Discard() }
	})
}

func returnedMethod(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	call(func() func() { return scope.Discard })
}

func returnedLazily(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	lazy(func() func() {
		return func() { scope.Discard() }
	})()
}

func returnedKept(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	keep(func() func() {
		return func() { scope.Discard() }
	})
}

func returnedField(ctx context.Context) {
	type hooks struct{ stop func() func() }
	_, scope := airlock.Begin(ctx)
	h := &hooks{stop: func() func() { return scope.Discard }}
	h.stop()()
}

func returnedTwice(ctx context.Context) func() func() {
	_, scope := airlock.Begin(ctx)
	return func() func() { return scope.Discard }
}

func notReturned(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return`
	call(func() func() {
		_ = scope.State()
		return func() {}
	})
}

func neverCalled(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return`
	f := func() func() { return scope.Discard }
	_ = f
}

// Iterators are such literals.
type source func(ctx context.Context) iter.Seq[int]

func all(ctx context.Context, next source) iter.Seq[int] {
	return func(yield func(int) bool) {
		for v := range next(ctx) {
			if !yield(v) {
				return
			}
		}
	}
}

func iterated(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	next := func(context.Context) iter.Seq[int] {
		return func(yield func(int) bool) {
			scope.Discard()
			yield(1)
		}
	}
	for range all(ctx, next) {
	}
}
