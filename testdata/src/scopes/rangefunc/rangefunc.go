// want package:"handles scopes"

// Package rangefunc opens a scope in the body of a range over a function, which is longer than the function around it.
package rangefunc

import (
	"context"
	"iter"

	"github.com/airlock-go/airlock/airlock"
)

func pick(n int) bool { return n%7 == 3 }

func longBody(ctx context.Context, seq iter.Seq[int]) (err error) {
	for n := range seq {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard()
		switch {
		case n == 1 && pick(n), n == 2, n == 3 || n == 4 && pick(n):
			return ctx.Err()
		case n > 5 && pick(n+1) || n == 9:
			return context.Cause(ctx)
		}
		return scope.Flush(ctx)
	}
	return nil
}
