// Package sdk stands for a third party that the catalog does not know.
package sdk

import (
	"io"
	"net/http"
	"os"
)

// HTTPClient is *http.Client by another name.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// A Client hands its HTTP client out.
type Client struct{ HTTP HTTPClient }

// Charge posts.
func (c *Client) Charge() error {
	return c.send(http.MethodPost, nil)
}

// Balance asks.
func (c *Client) Balance() error {
	return c.send(http.MethodGet, nil)
}

func (c *Client) send(method string, body io.Reader) error {
	req, err := http.NewRequest(method, "https://example.org", body)
	if err != nil {
		return err
	}
	_, err = c.HTTP.Do(req)
	return err
}

// Order posts, and says what came of it.
func (c *Client) Order() (status int, err error) {
	resp, err := c.HTTP.Do(&http.Request{Method: http.MethodPost})
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// Save writes a file: a kind that is off by default.
func (c *Client) Save() error { return os.WriteFile("a", nil, 0o600) }

// A Codec is one of many, that users register.
type Codec interface{ Encode() }

// Registry holds what its users put in.
type Registry struct{ funcs map[string]func() }

// Add stores f.
func (r *Registry) Add(name string, f func()) { r.funcs[name] = f }

// AddPost stores a function that posts.
func (r *Registry) AddPost(c *Client) { r.Add("post", func() { c.Charge() }) }

// Call calls what was stored.
func (r *Registry) Call(name string) { r.funcs[name]() }

// Retry calls f until it succeeds.
func Retry(f func() error) error {
	for {
		if err := f(); err == nil {
			return nil
		}
	}
}
