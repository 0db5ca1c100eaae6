// Package guards: an enqueue under a guard requires nothing. // want package:"touches airlock"
package guards

import (
	"context"
	"log"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func IfOK(ctx context.Context) error {
	if _, ok := airlock.FromContext(ctx); ok {
		return airlock.Enqueue(ctx, send, "a")
	}
	return send(ctx, "a")
}

func Early(ctx context.Context) error {
	_, ok := airlock.FromContext(ctx)
	if !ok {
		return send(ctx, "a")
	}
	return airlock.Enqueue(ctx, send, "a")
}

func Fatal(ctx context.Context) error {
	if _, ok := airlock.FromContext(ctx); !ok {
		log.Fatal("no scope")
	}
	return airlock.Enqueue(ctx, send, "a")
}

func NotNil(ctx context.Context) error {
	if s, _ := airlock.FromContext(ctx); s != nil {
		return airlock.Enqueue(ctx, send, "a")
	}
	return nil
}

func And(ctx context.Context, urgent bool) error {
	_, ok := airlock.FromContext(ctx)
	later := ok && !urgent
	if later {
		return airlock.Enqueue(ctx, send, "a")
	}
	return nil
}

func Or(ctx context.Context, urgent bool) error { // want Or:`requires\(0: airlock.Enqueue\)`
	if _, ok := airlock.FromContext(ctx); ok || urgent {
		return airlock.Enqueue(ctx, send, "a")
	}
	return nil
}

func Child(ctx context.Context) error {
	child := context.WithoutCancel(ctx)
	if _, ok := airlock.FromContext(ctx); ok {
		return airlock.Enqueue(child, send, "a")
	}
	return nil
}

func Literal(ctx context.Context) error {
	if _, ok := airlock.FromContext(ctx); ok {
		f := func() error { return airlock.Enqueue(ctx, send, "a") }
		return f()
	}
	return nil
}

func Has(ctx context.Context) bool { // want Has:`guards\(0: 0\)`
	_, ok := airlock.FromContext(ctx)
	return ok
}

func Custom(ctx context.Context) error {
	if Has(ctx) {
		return airlock.Enqueue(ctx, send, "a")
	}
	return nil
}

func Conditional(ctx context.Context) error { // want Conditional:`^opens\(0: airlock.Begin\)$`
	var s *airlock.Scope
	if _, ok := airlock.FromContext(ctx); !ok {
		ctx, s = airlock.Begin(ctx)
		defer s.Discard()
	}
	return airlock.Enqueue(ctx, send, "a")
}

func ConditionalCaptured(ctx context.Context) error { // want ConditionalCaptured:`^opens\(0: airlock.Begin\)$`
	var s *airlock.Scope
	if _, ok := airlock.FromContext(ctx); !ok {
		ctx, s = airlock.Begin(ctx)
		defer s.Discard()
	}
	return func() error { return airlock.Enqueue(ctx, send, "a") }()
}

func Other(ctx, other context.Context) error { // want Other:`requires\(1: airlock.Enqueue\)`
	if _, ok := airlock.FromContext(ctx); ok {
		return airlock.Enqueue(other, send, "a")
	}
	return nil
}
