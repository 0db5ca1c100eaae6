// Package cells: variables that literals capture hold what they hold when the literal runs. // want package:"touches airlock"
package cells

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func Before(ctx context.Context) error { // want Before:`requires\(0: airlock.Enqueue\) opens\(0: airlock.Begin\)`
	f := func() error { return airlock.Enqueue(ctx, send, "a") }
	if err := f(); err != nil { // still the parameter
		return err
	}
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	return s.Flush(ctx)
}

func After(ctx context.Context) error { // want After:`^opens\(0: airlock.Begin\)$`
	f := func() error { return airlock.Enqueue(ctx, send, "a") }
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	if err := f(); err != nil { // the scope's own by now
		return err
	}
	return s.Flush(ctx)
}

func Inner(ctx context.Context) error { // want Inner:`^opens\(0: airlock.Begin\)$`
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	func() {
		func() { airlock.Enqueue(ctx, send, "a") }()
	}()
	return s.Flush(ctx)
}

func Deferred(ctx context.Context) error { // want Deferred:`^opens\(0: airlock.Begin\)$`
	defer func() { airlock.Enqueue(ctx, send, "a") }()
	ctx, s := airlock.Begin(ctx)
	defer s.Discard()
	return s.Flush(ctx)
}
