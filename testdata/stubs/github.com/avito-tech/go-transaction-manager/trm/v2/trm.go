// Package trm is a stub: signatures only.
package trm

import "context"

type Manager interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}
