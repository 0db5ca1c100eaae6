package rewrite

import (
	"context"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// TestOrder passes once the calls are enqueued.
func TestOrder(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context(), airlock.WithPolicy(airlock.DropAll()))
	defer scope.Discard()
	if err := Order(ctx, "a@example.com"); err != nil {
		t.Fatal(err)
	}
	if err := Derived(ctx, "a@example.com"); err != nil {
		t.Fatal(err)
	}
	Drop(ctx, "a@example.com")
	var names []string
	for _, i := range scope.Intents() {
		names = append(names, i.Name())
	}
	if len(names) != 5 {
		t.Errorf("%d intents %q, want 5", len(names), names)
	}
	if err := scope.Flush(context.WithoutCancel(ctx)); err != nil {
		t.Error(err)
	}
}
