// Package dropall opens scopes from which nothing leaves in any case, and says so elsewhere than in the call.
package dropall

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(context.Context, int) error { return nil }

func enqueue(ctx context.Context) error { return airlock.Enqueue(ctx, send, 1) }

var (
	drop    = airlock.DropAll()
	allow   = airlock.AllowAll()
	quiet   = []airlock.ScopeOption{airlock.WithPolicy(drop)}
	preview = airlock.New(airlock.WithPolicy(airlock.DropAll()))
	usual   = airlock.New()
	changed = airlock.DropAll()
)

func init() { changed = airlock.AllowAll() }

func policyVariable(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(drop))
	defer scope.Discard()
	return enqueue(ctx)
}

func changedVariable(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(changed))
	defer scope.Discard()
	return enqueue(ctx) // want `effects are silently lost`
}

func optionsVariable(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, quiet...)
	defer scope.Discard()
	return enqueue(ctx)
}

func airlockVariable(ctx context.Context) error {
	ctx, scope := preview.Begin(ctx)
	defer scope.Discard()
	return enqueue(ctx)
}

func usualAirlock(ctx context.Context) error {
	ctx, scope := usual.Begin(ctx)
	defer scope.Discard()
	return enqueue(ctx) // want `effects are silently lost`
}

func appended(ctx context.Context) error {
	opts := []airlock.ScopeOption{airlock.WithStrict()}
	opts = append(opts, airlock.WithPolicy(airlock.DropAll()))
	ctx, scope := airlock.Begin(ctx, opts...)
	defer scope.Discard()
	return enqueue(ctx)
}

func appendedAfter(ctx context.Context) error {
	opts := append(quiet, airlock.WithPolicy(allow))
	ctx, scope := airlock.Begin(ctx, opts...)
	defer scope.Discard()
	return enqueue(ctx) // want `effects are silently lost`
}

func given(ctx context.Context, opts ...airlock.ScopeOption) error {
	ctx, scope := airlock.Begin(ctx, opts...)
	defer scope.Discard()
	return enqueue(ctx) // want `effects are silently lost`
}
