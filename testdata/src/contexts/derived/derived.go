// Package derived: where the contexts that functions return come from. // want package:"touches airlock"
package derived

import (
	"context"
	"os"
	"os/signal"

	"github.com/airlock-go/airlock/airlock"
)

type key struct{}

func WithUser(ctx context.Context, name string) context.Context { // want WithUser:`result\(0: from \[0\]\)`
	return context.WithValue(ctx, key{}, name)
}

func WithSignals(ctx context.Context) (context.Context, context.CancelFunc) { // want WithSignals:`result\(0: from \[0\]\)`
	return signal.NotifyContext(ctx, os.Interrupt)
}

func Fresh() context.Context { return context.Background() } // want Fresh:`result\(0: scopeless\)`

func Cut(ctx context.Context) context.Context { return airlock.Detach(ctx) } // want Cut:`result\(0: scopeless\)`

func Open(ctx context.Context) (context.Context, *airlock.Scope) { // want Open:`opens\(0: airlock.Begin\) result\(0: scoped under \[0\]\)`
	return airlock.Begin(ctx)
}

func OpenNamed(ctx context.Context) (c context.Context, s *airlock.Scope, err error) { // want OpenNamed:`result\(0: scoped under \[0\]\)`
	c, s = Open(WithUser(ctx, "x"))
	return
}

func Either(ctx context.Context, b bool) context.Context { // want Either:`result\(0: scopeless, from \[0\]\)`
	if b {
		return ctx
	}
	return context.TODO()
}

type userContext struct {
	context.Context
	user string
}

func Custom(ctx context.Context) context.Context { // want Custom:`result\(0: from \[0\]\)`
	return &userContext{ctx, "x"}
}

func CustomValue(ctx context.Context) context.Context { // want CustomValue:`result\(0: from \[0\]\)`
	return userContext{Context: ctx}
}

var global context.Context

func Global() context.Context { return global } // a global is unknown
