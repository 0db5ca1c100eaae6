package main

import (
	"context"
	"os"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// S40: os.Exit skips the deferred call.
func TestMain(m *testing.M) {
	_, scope := airlock.Begin(context.Background()) // want `lost when the process exits on line 15`
	defer scope.Discard()
	os.Exit(m.Run())
}

// A42, S39
func TestCleanup(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context()) // the test closes it when it is done
	t.Cleanup(scope.Discard)
	if err := work(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestCleanupLiteral(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context()) // the test closes it when it is done
	t.Cleanup(func() { scope.Discard() })
	_ = work(ctx)
}

// A70
func TestFatal(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context()) // t.Fatal ends the test
	if err := work(ctx); err != nil {
		t.Fatal(err)
	}
	if err := scope.Flush(ctx); err != nil {
		t.Error(err)
	}
}

// unflushed is off in tests: a test looks at what would leave.
func TestUnflushed(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context())
	defer scope.Discard()
	_ = work(ctx)
}

func TestNeverClosed(t *testing.T) {
	ctx, scope := airlock.Begin(t.Context()) // want `still open at the return on line 55`
	_ = work(ctx)
	_ = scope.Intents()
}
