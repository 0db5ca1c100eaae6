// Package collections keeps scopes in maps and slices that are closed by a loop over them.
package collections

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

// A map of scopes, closed by a range over it.
func mapFlushed(ctx context.Context, keys []string) error {
	open := map[string]*airlock.Scope{}
	for _, k := range keys {
		_, scope := airlock.Begin(ctx)
		open[k] = scope
	}
	var errs []error
	for _, scope := range open {
		errs = append(errs, scope.Flush(ctx)) // each its own
	}
	return errors.Join(errs...)
}

func sliceFlushed(ctx context.Context, n int) (err error) {
	var all []*airlock.Scope
	for range n {
		_, scope := airlock.Begin(ctx)
		all = append(all, scope)
	}
	for _, scope := range all {
		err = errors.Join(err, scope.Flush(ctx))
	}
	return err
}

func mapLookedUp(ctx context.Context, keys []string) {
	open := map[string]*airlock.Scope{}
	for _, k := range keys {
		if _, ok := open[k]; !ok { // a look at one of them is no walk over all
			_, scope := airlock.Begin(ctx)
			open[k] = scope
		}
	}
	for _, scope := range open {
		scope.Discard()
	}
}

func mapLookedUpOnly(ctx context.Context, keys []string) {
	open := map[string]*airlock.Scope{}
	for _, k := range keys {
		if open[k] == nil {
			_, scope := airlock.Begin(ctx) // want `still open at the return`
			open[k] = scope
		}
	}
}
