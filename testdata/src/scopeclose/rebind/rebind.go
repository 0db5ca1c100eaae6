// Package rebind assigns scopes to variables that hold one already.
package rebind

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// A47, B10
func a47Reassigned(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 15`
	_, scope = airlock.Begin(ctx)  // closed
	scope.Discard()
}

// B11
func b11ReceiverEvaluated(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the first defer has this one
	defer scope.Discard()
	_, scope = airlock.Begin(ctx) // the second one has this one
	defer scope.Discard()
}

// B12
func b12Variable(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 31`
	defer func() { scope.Discard() }()
	_, scope = airlock.Begin(ctx) // both literals close this one
	defer func() { scope.Discard() }()
}

// B19
func b19ThreeTimes(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 39`
	_, scope = airlock.Begin(ctx)  // want `still open at the return on line 39`
	_, scope = airlock.Begin(ctx)  // want `still open at the return on line 39`
	_ = scope
}

func setToNil(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 45`
	defer func() { scope.Discard() }()
	scope = nil
}

func swapped(ctx context.Context) {
	_, one := airlock.Begin(ctx) // closed as two
	_, two := airlock.Begin(ctx) // closed as one
	one, two = two, one
	one.Discard()
	two.Discard()
}

func closedTwiceOtherNever(ctx context.Context) {
	_, one := airlock.Begin(ctx) // closed
	_, two := airlock.Begin(ctx) // want `still open at the return on line 61`
	defer one.Discard()
	defer one.Discard()
	_ = two
}
