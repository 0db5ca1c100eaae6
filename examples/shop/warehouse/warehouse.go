// Package warehouse talks to the warehouse's HTTP API: an adapter, on the far side of the airlock.
//
//airlock:effects http
package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Client is a client of the warehouse.
type Client struct {
	URL  string
	HTTP http.Client
}

// Reserve asks the warehouse to set the goods of an order aside.
func (c *Client) Reserve(ctx context.Context, order int64) error {
	return c.post(ctx, "/reservations", map[string]int64{"order": order})
}

// Release gives a reservation back.
func (c *Client) Release(ctx context.Context, order int64) error {
	return c.post(ctx, "/releases", map[string]int64{"order": order})
}

func (c *Client) post(ctx context.Context, path string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("warehouse answered %s", resp.Status)
	}
	return nil
}
