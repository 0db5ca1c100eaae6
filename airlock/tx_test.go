package airlock_test

import "context"

// begins is a Transact of a database that does nothing.
func begins(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
