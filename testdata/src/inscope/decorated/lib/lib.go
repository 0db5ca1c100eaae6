// Package lib decorates handlers. It knows of no scopes.
package lib

import "context"

type Handler func(ctx context.Context, id int) error

func Logged(next Handler) Handler {
	return func(ctx context.Context, id int) error {
		println(id)
		return next(ctx, id)
	}
}

type key struct{}

// Named hands on a context with a value.
func Named(name string, next Handler) Handler {
	return func(ctx context.Context, id int) error {
		return next(context.WithValue(ctx, key{}, name), id)
	}
}

// Never calls what it is handed with a context that nobody knows.
func Never(next Handler) Handler {
	return func(ctx context.Context, id int) error {
		if id < 0 {
			return next(nil, id)
		}
		return nil
	}
}

// Each hands its own context to what it is handed.
func Each(ctx context.Context, ids []int, h Handler) error {
	for _, id := range ids {
		if err := h(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
