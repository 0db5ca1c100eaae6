// Package util has never heard of airlock.
package util

import "context"

type key struct{}

func WithUser(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, key{}, name)
}

func Fresh() context.Context { return context.Background() }

func Retry(ctx context.Context, fn func(context.Context) error) error {
	for fn(ctx) != nil {
	}
	return nil
}

func Go(fn func()) {
	go func() {
		defer func() { _ = recover() }()
		fn()
	}()
}
