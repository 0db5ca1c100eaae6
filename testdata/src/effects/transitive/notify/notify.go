// Package notify wraps an effect.
package notify

import "net/smtp"

type Client struct{ addr string }

func (c *Client) Send(to string) error { // want `^mail$`
	return c.send(to)
}

func (c *Client) send(to string) error { // want `^mail$`
	return smtp.SendMail(c.addr, nil, "a@example.com", []string{to}, nil)
}

func Format(to string) string { return "<" + to + ">" }
