// Package allowed lets findings pass.
package allowed

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func allowed(ctx context.Context) {
	_, scope := airlock.Begin(ctx) //airlock:allow unclosed the test bench closes it
	_ = scope.State()
}

// B32
func unused(ctx context.Context) {
	_, scope := airlock.Begin(ctx) //airlock:allow scopeclose/unclosed nothing to allow // want `suppresses nothing`
	defer scope.Discard()
}
