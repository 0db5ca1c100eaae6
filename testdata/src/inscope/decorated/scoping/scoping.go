// Package scoping decorates handlers with scopes.
package scoping

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func Scoped(next func(ctx context.Context, id int) error) func(ctx context.Context, id int) error {
	return func(ctx context.Context, id int) error {
		return airlock.Run(ctx, func(ctx context.Context) error { return next(ctx, id) })
	}
}
