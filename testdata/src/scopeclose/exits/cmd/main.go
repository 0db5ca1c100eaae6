// Command main exits with scopes open.
package main

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func work(ctx context.Context) error {
	return airlock.EnqueueFunc(ctx, "work", func(context.Context) error { return nil })
}

// B07: what is buffered is lost when main returns.
func main() {
	ctx, scope := airlock.Begin(context.Background()) // want `still open at the return on line 21`
	if err := work(ctx); err != nil {
		scope.Discard()
		panic(err)
	}
}
