// Package stub calls clients that a tool wrote into the user's own module.
package stub

import (
	"context"

	"google.golang.org/grpc"

	"example.com/fixtures/effects/stub/billing"
)

func Charge(ctx context.Context, c billing.BillingClient) error { // want `^rpc$`
	_, err := c.Charge(ctx, &billing.Order{})
	return err
}

func Look(ctx context.Context, c billing.BillingClient) (*billing.Receipt, error) { // want `^rpc query used$`
	return c.GetReceipt(ctx, &billing.Order{})
}

// A charger is all that the package wants to know of the client.
type charger interface {
	Charge(ctx context.Context, in *billing.Order, opts ...grpc.CallOption) (*billing.Receipt, error)
}

func Narrow(ctx context.Context, c charger) error { // want `^rpc$`
	_, err := c.Charge(ctx, &billing.Order{})
	return err
}

// A ledgerReadOnly is a client that only reads, whatever its methods are called.
type ledgerReadOnly interface {
	Blocked(ctx context.Context, in *billing.Order, opts ...grpc.CallOption) (*billing.Receipt, error)
}

func Blocked(ctx context.Context, c ledgerReadOnly) (*billing.Receipt, error) { // want `^rpc query used$`
	return c.Blocked(ctx, &billing.Order{})
}

func Unnamed(ctx context.Context, c interface { // want `^rpc query used$`
	GetReceipt(ctx context.Context, in *billing.Order, opts ...grpc.CallOption) (*billing.Receipt, error)
}) (*billing.Receipt, error) {
	return c.GetReceipt(ctx, &billing.Order{})
}

func Post() error { return billing.Post("https://example.org") } // want `^http$`

func Replace() error { return billing.Replace("https://example.org") } // want `^http query; http$`

func Wired() error { return billing.Wired() } // want `^mail$`
