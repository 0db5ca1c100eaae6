// Package wrong: inside a scope, the context from which it was opened.
package wrong

import (
	"context"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func helper(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }

func begin(ctx context.Context) error { // S20
	ctx2, s := airlock.Begin(ctx)
	defer s.Discard()
	airlock.Enqueue(ctx, send, "a") // want `this enqueues outside the scope opened on line 16: airlock.Enqueue; pass the context that airlock.Begin returned`
	helper(ctx)                     // want `outside the scope opened on line 16: helper → airlock.Enqueue`
	airlock.Enqueue(ctx2, send, "a")
	return s.Flush(ctx2)
}

func run(ctx context.Context) error { // S28
	return airlock.Run(ctx, func(inner context.Context) error {
		airlock.Enqueue(inner, send, "a")
		return airlock.Enqueue(ctx, send, "a") // want `outside the scope opened on line 25: airlock.Enqueue; pass the context that airlock.Run hands its function`
	})
}

func runFromMain() error { // S28: it has no scope either, but this is what to do
	ctx := context.Background()
	return airlock.Run(ctx, func(inner context.Context) error {
		return airlock.Enqueue(ctx, send, "a") // want `outside the scope opened on line 33`
	})
}

func derived(ctx context.Context) error {
	child, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	ctx2, s := airlock.Begin(ctx)
	defer s.Discard()
	airlock.Enqueue(child, send, "a") // want `outside the scope`
	return s.Flush(ctx2)
}

func fromDerived(ctx context.Context) error {
	ctx2, s := airlock.Begin(context.WithValue(ctx, key{}, 1))
	defer s.Discard()
	airlock.Enqueue(ctx, send, "a") // want `outside the scope`
	return s.Flush(ctx2)
}

type key struct{}

func inner(ctx context.Context) error {
	ctx2, s := airlock.Begin(ctx)
	defer s.Discard()
	func() {
		airlock.Enqueue(ctx, send, "a") // want `outside the scope`
	}()
	return s.Flush(ctx2)
}

func block(ctx context.Context) error { // S49
	{
		ctx, s := airlock.Begin(ctx)
		airlock.Enqueue(ctx, send, "a") // the scope's own
		if err := s.Flush(ctx); err != nil {
			return err
		}
	}
	return airlock.Enqueue(ctx, send, "a") // closed by now
}

func blockOpen(ctx context.Context) error { // S49
	var flush func() error
	{
		ctx, s := airlock.Begin(ctx)
		defer s.Discard()
		airlock.Enqueue(ctx, send, "a")
		flush = func() error { return s.Flush(ctx) }
	}
	airlock.Enqueue(ctx, send, "a") // want `outside the scope`
	return flush()
}

func before(ctx context.Context) error {
	airlock.Enqueue(ctx, send, "a") // before the scope
	ctx2, s := airlock.Begin(ctx)
	defer s.Discard()
	return s.Flush(ctx2)
}

func after(ctx context.Context) error {
	ctx2, s := airlock.Begin(ctx)
	if err := airlock.Enqueue(ctx2, send, "a"); err != nil {
		s.Discard()
		return airlock.Enqueue(ctx, send, "failed") // closed by now
	}
	if err := s.Flush(ctx2); err != nil {
		return err
	}
	return airlock.Enqueue(ctx, send, "done") // closed by now
}

func twoInPlainView(ctx context.Context) error {
	return airlock.Run(ctx, func(outer context.Context) error {
		return airlock.Run(outer, func(inner context.Context) error {
			airlock.Enqueue(inner, send, "a")
			return airlock.Enqueue(outer, send, "b") // two scopes in plain view: a choice
		})
	})
}

func twoBegins(ctx context.Context) error {
	outer, s := airlock.Begin(ctx)
	defer s.Discard()
	inner, t := airlock.Begin(outer)
	defer t.Discard()
	airlock.Enqueue(outer, send, "b") // a choice
	if err := t.Flush(inner); err != nil {
		return err
	}
	return s.Flush(outer)
}

func conditional(ctx context.Context, own bool) error {
	var s *airlock.Scope
	if own {
		ctx, s = airlock.Begin(ctx)
		defer s.Discard()
	}
	return airlock.Enqueue(ctx, send, "a") // the scope's own, where there is one
}

func guarded(ctx context.Context) error {
	ctx2, s := airlock.Begin(ctx)
	defer s.Discard()
	if _, ok := airlock.FromContext(ctx); ok {
		airlock.Enqueue(ctx, send, "a") // somebody looked
	}
	return s.Flush(ctx2)
}

func shadowed(ctx context.Context) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		return airlock.Enqueue(ctx, send, "a") // the scope's own
	})
}

func app(ctx context.Context, a *airlock.Airlock) error {
	return a.Run(ctx, func(inner context.Context) error {
		return airlock.Enqueue(ctx, send, "a") // want `outside the scope`
	})
}

func handedOn(ctx context.Context) error {
	ctx2, s := airlock.Begin(ctx)
	closeIt(ctx2, s)
	return airlock.Enqueue(ctx, send, "a") // the helper may have closed it
}

func closeIt(ctx context.Context, s *airlock.Scope) { s.Flush(ctx) }
