// Package assert runs code under AssertNoEffects.
package assert

import (
	"context"
	"net/http"
	"net/smtp"

	"github.com/airlock-go/airlock/airlock"
)

//airlock:effect mail
func send(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil)
}

func order(ctx context.Context) error { return airlock.Enqueue(ctx, send, "") }

func ask(ctx context.Context) error {
	_, err := http.Get("https://example.com")
	return err
}

func dryRun(ctx context.Context) error {
	return airlock.Run(ctx, order, airlock.WithPolicy(airlock.AssertNoEffects())) // want `^this code runs under AssertNoEffects, but enqueues: order → airlock.Enqueue; take it out, or choose another policy$`
}

func asks(ctx context.Context) error {
	return airlock.Run(ctx, ask, airlock.WithPolicy(airlock.AssertNoEffects())) // silent: a query
}

func dropped(ctx context.Context) error {
	return airlock.Run(ctx, order, airlock.WithPolicy(airlock.DropAll())) // silent: dropped, not refused
}

func combined(ctx context.Context) error {
	quiet := airlock.Policies(airlock.AllowAll(), airlock.AssertNoEffects())
	return airlock.Run(ctx, func(ctx context.Context) error { // want `this code runs under AssertNoEffects, but performs mail`
		return smtp.SendMail("localhost:25", nil, "", nil, nil) // want `mail leaves here`
	}, airlock.WithPolicy(quiet))
}

func local(ctx context.Context) error {
	return airlock.Run(airlock.WithLocalPolicy(ctx, airlock.AssertNoEffects()), order) // want `this code runs under AssertNoEffects, but enqueues`
}

func open(ctx context.Context) error {
	_ = airlock.Enqueue(ctx, send, "")                                              // silent: before, and in another scope
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.AssertNoEffects())) // want `this code runs under AssertNoEffects, but enqueues: open → order → airlock.Enqueue`
	defer scope.Discard()
	if err := order(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func closed(outer context.Context) error {
	ctx, scope := airlock.Begin(outer, airlock.WithPolicy(airlock.AssertNoEffects())) // silent: closed before anything is enqueued
	if err := scope.Flush(ctx); err != nil {
		return err
	}
	return airlock.Enqueue(outer, send, "")
}
