package assert

import (
	"context"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// The rule is on in tests.
func TestOrder(t *testing.T) {
	_ = airlock.Run(t.Context(), func(ctx context.Context) error { // want `this code runs under AssertNoEffects, but enqueues: TestOrder → order → airlock.Enqueue`
		return order(ctx)
	}, airlock.WithPolicy(airlock.AssertNoEffects()))
}
