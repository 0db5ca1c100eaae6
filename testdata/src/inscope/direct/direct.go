// Package direct: an Enqueue with a context that carries no scope.
package direct

import (
	"context"
	"net/http"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

var task = airlock.NewTask("send", send)

func background() {
	airlock.Enqueue(context.Background(), send, "a") // S21 // want `this context carries no scope \(context.Background\): airlock.Enqueue; open one with airlock.Run or airlock.Begin`
}

func todo() {
	airlock.EnqueueFunc(context.TODO(), "send", func(context.Context) error { return nil }) // S21 // want `\(context.TODO\): airlock.EnqueueFunc`
}

func taskHandle() {
	task.Enqueue(context.Background(), "a") // want `\(context.Background\): airlock.Task.Enqueue`
}

func variable() {
	ctx := context.Background()
	ctx, cancel := context.WithCancel(context.WithValue(ctx, key{}, 1))
	defer cancel()
	airlock.Enqueue(ctx, send, "a") // derived from Background // want `\(context.Background\): airlock.Enqueue`
}

type key struct{}

func detach(ctx context.Context) {
	airlock.Enqueue(airlock.Detach(ctx), send, "a") // want `\(airlock.Detach\): airlock.Enqueue`
}

func somePath(ctx context.Context, urgent bool) {
	if urgent {
		ctx = context.Background()
	}
	airlock.Enqueue(ctx, send, "a") // on one path // want `\(context.Background\)`
}

func request() {
	r, _ := http.NewRequestWithContext(context.Background(), "GET", "/", nil)
	airlock.Enqueue(r.Context(), send, "a") // a request carries the context that it was made with // want `\(context.Background\)`
}

func again(i *airlock.Intent) {
	i.Enqueue(context.Background()) // want `airlock.Intent.Enqueue`
}

func deferred() {
	defer airlock.Enqueue(context.Background(), send, "a") // want `airlock.Enqueue`
}

func literal() {
	ctx := context.Background()
	f := func() {
		airlock.Enqueue(ctx, send, "a") // captured, not handed: this call is the first that receives it // want `\(context.Background\)`
	}
	f()
}

func argument() {
	f := func(ctx context.Context) { airlock.Enqueue(ctx, send, "a") }
	f(context.Background()) // the call that first receives it // want `\(context.Background\): airlock.Enqueue`
}

func parameter(ctx context.Context) {
	airlock.Enqueue(ctx, send, "a") // from the caller
}

func replaced(ctx context.Context) error {
	ctx2 := context.Background()
	ctx2, scope := airlock.Begin(ctx2)
	defer scope.Discard()
	airlock.Enqueue(ctx2, send, "a") // the scope's own
	return scope.Flush(ctx2)
}

func run() error {
	return airlock.Run(context.Background(), func(ctx context.Context) error {
		return airlock.Enqueue(ctx, send, "a") // Run's own
	})
}

var global = context.Background()

func fromGlobal() {
	airlock.Enqueue(global, send, "a") // unknown: whoever sets it
}
