// Package mongo is a stub: signatures only.
package mongo

import "context"

type Client struct{}

type SessionContext interface {
	context.Context
	Session
}

type Session interface {
	StartTransaction() error
	AbortTransaction(ctx context.Context) error
	CommitTransaction(ctx context.Context) error
	WithTransaction(ctx context.Context, fn func(ctx SessionContext) (any, error)) (any, error)
	EndSession(ctx context.Context)
}

func (c *Client) StartSession() (Session, error) { return nil, nil }
