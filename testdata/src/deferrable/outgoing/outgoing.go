// Package outgoing: requests that a client sends, which nothing ends when a handler returns.
package outgoing

import (
	"context"
	"net/http"
	"strings"

	"github.com/airlock-go/airlock/airlock"
)

func send(context.Context, *http.Request) error { return nil }

func hook(ctx context.Context, c *http.Client, url string) error {
	req, err := http.NewRequest("POST", url, strings.NewReader("x"))
	if err != nil {
		return err
	}
	req.Header.Set("X-Hook", "1")
	return airlock.EnqueueFunc(ctx, "hook", func(ctx context.Context) error { // made here, without a context
		resp, err := c.Do(req.WithContext(ctx))
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
}

func argument(ctx context.Context, url string) error {
	req, err := http.NewRequest("POST", url, nil)
	if err != nil {
		return err
	}
	return airlock.Enqueue(ctx, send, req) // made here, without a context
}

func either(ctx context.Context, url string, body bool) error {
	var req *http.Request
	var err error
	if body {
		req, err = http.NewRequest("POST", url, strings.NewReader("x"))
	} else {
		req, err = http.NewRequest("GET", url, nil)
	}
	if err != nil {
		return err
	}
	return airlock.EnqueueFunc(ctx, "hook", func(ctx context.Context) error { return send(ctx, req) }) // made here, without a context
}

func underNoContext(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), "GET", url, nil)
	if err != nil {
		return err
	}
	return airlock.EnqueueFunc(ctx, "hook", func(ctx context.Context) error { return send(ctx, req) }) // nobody cancels it
}

func withoutCancel(ctx context.Context, url string) error {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	copied := req.Clone(context.Background())
	return airlock.EnqueueFunc(ctx, "hook", func(ctx context.Context) error { return send(ctx, copied) }) // nobody cancels it
}

func underContext(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	return airlock.EnqueueFunc(ctx, "hook", func(ctx context.Context) error { return send(ctx, req) }) // want `req \(an outer context\)`
}

func argumentUnderContext(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	return airlock.Enqueue(ctx, send, req) // want `its argument \(an outer context\)`
}

func givenContext(ctx context.Context, url string) error {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return err
	}
	req = req.WithContext(ctx)
	return airlock.EnqueueFunc(ctx, "hook", func(ctx context.Context) error { return send(ctx, req) }) // want `req \(an outer context\)`
}

func proxied(w http.ResponseWriter, r *http.Request) {
	req, err := http.NewRequest(r.Method, "http://other", r.Body)
	if err != nil {
		return
	}
	_ = airlock.EnqueueFunc(r.Context(), "proxy", func(ctx context.Context) error { return send(ctx, req) }) // want `req \(a request's body\)`
}

func incoming(w http.ResponseWriter, r *http.Request) {
	copied := r.Clone(context.Background())
	_ = airlock.EnqueueFunc(r.Context(), "proxy", func(ctx context.Context) error { return send(ctx, copied) }) // want `copied \(a request\)`
}

func incomingOr(w http.ResponseWriter, r *http.Request) {
	req := r
	if r.Method == http.MethodHead {
		req, _ = http.NewRequest("GET", "http://other", nil)
	}
	_ = airlock.EnqueueFunc(r.Context(), "proxy", func(ctx context.Context) error { return send(ctx, req) }) // want `req \(a request\)`
}

type delivery struct {
	req *http.Request
	id  int
}

func (d *delivery) send(ctx context.Context) error { return send(ctx, d.req) }

func newDelivery(req *http.Request) *delivery { return &delivery{req: req} }

// In a field as in a variable.
func inField(ctx context.Context, url string, r *http.Request) {
	req, _ := http.NewRequest("GET", url, nil)
	d := &delivery{req, 1}
	airlock.EnqueueFunc(ctx, "a", d.send)                                                      // made here
	airlock.EnqueueFunc(ctx, "a", newDelivery(req).send)                                       // made here
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return send(ctx, d.req) }) // made here
	under, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
	airlock.EnqueueFunc(ctx, "a", newDelivery(under).send) // want `its receiver \(an outer context\)`
	airlock.EnqueueFunc(ctx, "a", newDelivery(r).send)     // want `its receiver.req \(a request\)`
	e := &delivery{r, 1}
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return send(ctx, e.req) }) // want `e.req \(a request\)`
}

// Method values have bound their receivers.
func bound(ctx context.Context, r *http.Request) {
	copied := r.Clone
	req := copied(context.Background())
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return send(ctx, req) }) // want `req \(a request\)`
}
