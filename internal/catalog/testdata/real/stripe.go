// Package stripe calls the functions of a resource's package, a client's unexported service, and the backend.
package stripe

import (
	"context"

	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/charge"
	"github.com/stripe/stripe-go/v82/webhook"
)

func calls(ctx context.Context, c *stripe.Client, b stripe.Backend, payload []byte) {
	charge.New(&stripe.ChargeParams{})                  // want: payment
	charge.Get("ch", nil)                               // want: payment query
	c.V1PaymentIntents.Create(ctx, nil)                 // want: payment
	c.V1PaymentIntents.Retrieve(ctx, "pi", nil)         // want: payment query
	c.V1Tokens.Create(ctx, nil)                         // want: payment
	b.Call("POST", "/v1/x", "key", nil, nil)            // want: payment by method
	webhook.ConstructEvent(payload, "header", "secret") // want: none
}
