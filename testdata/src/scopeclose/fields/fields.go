// Package fields keeps scopes in structs whose methods close them.
package fields

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

func send(context.Context, int) error { return nil }

func enqueue(ctx context.Context) error { return airlock.Enqueue(ctx, send, 1) }

type batch struct {
	ctx   context.Context
	scope *airlock.Scope
	n     int
}

func (b *batch) commitTwice() error {
	if err := b.scope.Flush(b.ctx); err != nil {
		return err
	}
	return b.scope.Flush(b.ctx) // want `Flush fails with ErrScopeClosed`
}

func enqueueAfter(b *batch) error {
	if err := b.scope.Flush(b.ctx); err != nil {
		return err
	}
	return enqueue(b.ctx) // want `scope that is closed by now`
}

// rotate goes on with another scope.
func (b *batch) rotate(ctx context.Context) error {
	if err := b.scope.Flush(b.ctx); err != nil {
		return err
	}
	b.ctx, b.scope = airlock.Begin(ctx)
	return enqueue(b.ctx)
}

func (b *batch) begin(ctx context.Context) { b.ctx, b.scope = airlock.Begin(ctx) }

func (b *batch) rotateByMethod(ctx context.Context) error {
	if err := b.scope.Flush(b.ctx); err != nil {
		return err
	}
	b.begin(ctx)
	if err := enqueue(b.ctx); err != nil {
		return err
	}
	return b.scope.Flush(b.ctx)
}

// add flushes what is full.
func (b *batch) add(ctx context.Context) error {
	if err := enqueue(b.ctx); err != nil {
		return err
	}
	if b.n++; b.n == 100 {
		if err := b.scope.Flush(b.ctx); err != nil {
			return err
		}
		b.begin(ctx)
	}
	return nil
}

func (b *batch) each(ctx context.Context, ids []int) error {
	for range ids {
		if err := enqueue(b.ctx); err != nil {
			return err
		}
		if err := b.scope.Flush(b.ctx); err != nil {
			return err
		}
		b.begin(ctx)
	}
	return nil
}

func (b *batch) end(err error) error {
	if err != nil {
		b.scope.Discard()
		return err
	}
	return b.scope.Flush(b.ctx)
}

func (b *batch) Close() error {
	b.scope.Discard() // no error, whatever was done before
	b.scope.Discard()
	return nil
}

// swap hands on to a scope of the caller's.
func (b *batch) swap(ctx context.Context, s *airlock.Scope) error {
	old := b.scope
	b.ctx, b.scope = ctx, s
	return errors.Join(old.Flush(b.ctx), enqueue(b.ctx))
}
