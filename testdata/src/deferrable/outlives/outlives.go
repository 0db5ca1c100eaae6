// Package outlives: what was made to outlive the function.
package outlives

import (
	"context"

	"github.com/gin-gonic/gin"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type key struct{}

func contexts(ctx context.Context) {
	background := context.Background()
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(background) }) // nobody cancels it
	without := context.WithoutCancel(ctx)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(without) }) // nobody cancels it
	valued := context.WithValue(without, key{}, 1)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(valued) }) // nobody cancels it
	other := context.WithValue(ctx, key{}, 1)
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(other) }) // want `other \(an outer context\)`
}

func copied(c *gin.Context) {
	cp := c.Copy()
	airlock.EnqueueFunc(c, "a", func(context.Context) error { return use(cp.Param("id")) }) // gin's copy is made for this
}
