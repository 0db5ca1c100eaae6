// Package requires: which functions enqueue in the scope of a context that they are handed. // want package:"touches airlock" package:"1 types, 0 interfaces, asks 0, known .service."
package requires

import (
	"context"
	"net/http"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func direct(ctx context.Context) error { // want direct:`requires\(0: airlock.Enqueue\)`
	return airlock.Enqueue(ctx, send, "a")
}

func second(id int, ctx context.Context) error { // want second:`requires\(1: requires.direct → airlock.Enqueue\)`
	return direct(ctx)
}

var notify = airlock.NewTask("notify", send)

func task(ctx context.Context) error { // want task:`requires\(0: airlock.Task.Enqueue\)`
	return notify.Enqueue(ctx, "a")
}

func function(ctx context.Context) error { // want function:`requires\(0: airlock.EnqueueFunc\)`
	return airlock.EnqueueFunc(ctx, "f", func(context.Context) error { return nil })
}

func derived(ctx context.Context) error { // want derived:`requires\(0: requires.direct → airlock.Enqueue\)`
	ctx, cancel := context.WithCancel(context.WithValue(ctx, key{}, 1))
	defer cancel()
	return direct(ctx)
}

type key struct{}

func detached(ctx context.Context) error { // Detach cuts it off
	return direct(airlock.Detach(ctx))
}

func inside(ctx context.Context) error { // want inside:`opens\(0: airlock.Run\)`
	return airlock.Run(ctx, func(ctx context.Context) error { return direct(ctx) })
}

func literal(ctx context.Context) error { // want literal:`requires\(0: airlock.Enqueue\)`
	f := func() error { return airlock.Enqueue(ctx, send, "a") }
	return f()
}

func never(ctx context.Context) { // the literal is never called
	f := func() error { return airlock.Enqueue(ctx, send, "a") }
	_ = f
}

func argument(ctx context.Context) error { // want argument:`requires\(0: airlock.Enqueue\)`
	f := func(c context.Context) error { return airlock.Enqueue(c, send, "a") }
	return f(ctx)
}

func handler(w http.ResponseWriter, r *http.Request) { // want handler:`requires\(1: requires.direct → airlock.Enqueue\)`
	direct(r.Context())
}

type service struct{}

func (service) method(ctx context.Context) error { return direct(ctx) } // want method:`requires\(0: requires.direct → airlock.Enqueue\)`

func value(ctx context.Context) error { // want value:`requires\(0: requires.service.method → requires.direct → airlock.Enqueue\)`
	f := service{}.method
	return f(ctx)
}

func expression(ctx context.Context) error { // want expression:`requires\(0: requires.service.method → requires.direct → airlock.Enqueue\)`
	f := service.method
	return f(service{}, ctx)
}

func even(ctx context.Context, n int) error { // want even:`requires\(0: requires.odd → airlock.Enqueue\)`
	if n == 0 {
		return nil
	}
	return odd(ctx, n-1)
}

func odd(ctx context.Context, n int) error { // want odd:`requires\(0: airlock.Enqueue\)`
	if n == 0 {
		return airlock.Enqueue(ctx, send, "a")
	}
	return even(ctx, n-1)
}

func generic[T any](ctx context.Context, v T) error { // want generic:`requires\(0: airlock.Enqueue\)`
	return airlock.Enqueue(ctx, func(context.Context, T) error { return nil }, v)
}

func instance(ctx context.Context) error { // want instance:`requires\(0: requires.generic → airlock.Enqueue\)`
	return generic(ctx, 1)
}

func started(ctx context.Context) { // want started:`requires\(0: requires.direct → airlock.Enqueue\)`
	go direct(ctx)
}

func deferred(ctx context.Context) { // want deferred:`requires\(0: requires.direct → airlock.Enqueue\)`
	defer direct(ctx)
}
