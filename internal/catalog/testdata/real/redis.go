// Package redis calls methods that are promoted from an unexported type, and an interface's through a wider one.
package redis

import (
	"context"

	"github.com/redis/go-redis/v9"
)

func calls(ctx context.Context, c *redis.Client, u redis.UniversalClient, p redis.Pipeliner) {
	c.Publish(ctx, "ch", 1) // want: queue
	u.Publish(ctx, "ch", 1) // want: queue
	c.Get(ctx, "k")         // want: cache query
	u.Set(ctx, "k", 1, 0)   // want: cache
	p.Incr(ctx, "k")        // want: cache
	c.Do(ctx, "GET", "k")   // want: cache by verb
	c.Pipeline()            // want:
}
