//airlock:effects http

// Package adapter is the client of another service: what it performs, it performs as an effect.
package adapter

import (
	"net/http"
	"strings"
)

// Client talks to the service.
type Client struct{ url string }

// Post tells the service something.
func (c *Client) Post(body string) error {
	resp, err := http.Post(c.url, "text/plain", strings.NewReader(body)) // silent: an adapter
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Again calls another effect of the adapter.
func (c *Client) Again(body string) error { return c.Post(body) } // silent: an adapter

// Configured performs nothing, and so is no effect.
func (c *Client) Configured() bool { return c.url != "" }
