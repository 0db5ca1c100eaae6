// Package manager is a stub: signatures only.
package manager

import "context"

type Manager struct{}

func (m *Manager) Do(ctx context.Context, fn func(ctx context.Context) error) error { return nil }
