// Package asserted has tests that go on only where an error is what they say.
package asserted

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/airlock-go/airlock/airlock"
)

var errBusy = errors.New("busy")

func begin(ctx context.Context) (context.Context, *airlock.Scope, error) {
	if ctx.Err() != nil {
		return nil, nil, errBusy
	}
	ctx, scope := airlock.Begin(ctx)
	return ctx, scope, nil
}

// The test ends where begin did not fail: no scope is open after it.
func refused(t *testing.T, ctx context.Context) {
	_, _, err := begin(ctx)
	require.ErrorIs(t, err, errBusy)
}

func refusedAtAll(t *testing.T, ctx context.Context) {
	_, _, err := begin(ctx)
	require.Error(t, err)
}

func refusedBy(t *testing.T, ctx context.Context) {
	must := require.New(t)
	_, _, err := begin(ctx)
	must.ErrorContains(err, "busy")
	_, _, err = begin(ctx)
	must.ErrorIsf(err, errBusy, "the second")
}

// Where it did not fail the scope is open.
func allowed(t *testing.T, ctx context.Context) {
	_, scope, err := begin(ctx) // want `still open`
	require.NoError(t, err)
	_ = scope
}

func allowedAndClosed(t *testing.T, ctx context.Context) {
	ctx, scope, err := begin(ctx)
	require.NoError(t, err)
	defer scope.Discard()
	_ = scope.Flush(ctx)
}

func refusedOtherwise(t *testing.T, ctx context.Context) {
	var target *refusal
	_, _, err := begin(ctx)
	require.ErrorAs(t, err, &target)
	_, _, err = begin(ctx)
	require.EqualError(t, err, "busy")
	_, _, err = begin(ctx)
	require.Errorf(t, err, "the %s", "third")
}

type refusal struct{}

func (*refusal) Error() string { return "refused" }

func allowedBy(t *testing.T, ctx context.Context) {
	_, scope, err := begin(ctx) // want `still open`
	require.New(t).NoErrorf(err, "the %s", "first")
	_ = scope
}

// What says nothing of the error leaves all open.
func compared(t *testing.T, ctx context.Context) {
	_, _, err := begin(ctx) // want `still open`
	require.Equal(t, errBusy, err)
}
