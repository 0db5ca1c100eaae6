package tests

import (
	"context"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

func TestWithout(t *testing.T) {
	Place(t.Context()) // want `\(testing.common.Context\): Place → airlock.Enqueue`
}

func TestWithScope(t *testing.T) { // S39
	ctx, s := airlock.Begin(t.Context())
	t.Cleanup(s.Discard)
	Place(ctx) // scoped
}

func TestRun(t *testing.T) {
	airlock.Run(t.Context(), func(ctx context.Context) error { return Place(ctx) }) // scoped
}
