// Package tests: a test's context has no scope.
package tests

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func Place(ctx context.Context) error { return airlock.Enqueue(ctx, send, "a") }
