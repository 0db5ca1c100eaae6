// Package initialiser opens scopes when the program starts.
package initialiser

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// S44
var leakedContext, leaked = airlock.Begin(context.Background()) // want `this scope is kept in a package variable, and nothing in this package flushes or discards it`

var closedContext, closed = airlock.Begin(context.Background()) // Stop closes it

var _, _ = airlock.Begin(context.Background()) // want `still open`

var handed = handOut() // want `the scope in this value is kept in a package variable`

var fromInit, fromInitClosed, stopped, later *airlock.Scope

func init() {
	_, fromInit = airlock.Begin(leakedContext)      // want `this scope is kept in a package variable`
	_, fromInitClosed = airlock.Begin(closedContext) // Stop closes it
	_, scope := airlock.Begin(context.Background())  // want `still open at the return on line 26`
	_ = scope.State()
}

func Stop() {
	closed.Discard()
	stop(fromInitClosed)
	_ = leaked.State()
	_ = fromInit.State()
	_ = handed.scope.State()
}

func stop(scope *airlock.Scope) { scope.Discard() }

type holder struct{ scope *airlock.Scope }

func handOut() holder {
	_, scope := airlock.Begin(context.Background())
	return holder{scope}
}

// A58, B26
func ordinary(ctx context.Context) {
	_, later = airlock.Begin(ctx) // an ordinary function: who closes it is out of sight
}
