// Package domain has role domain in the configuration of these fixtures.
package domain

import (
	"net/http"
	"net/smtp"
)

// Total keeps the promise of its package.
func Total(xs []int) int { return len(xs) }

// Notify does not.
func Notify(to string) error { // want `Notify is in a package with role domain, but performs mail: Notify → send → net/smtp.SendMail; move it out of the domain`
	return send(to)
}

func send(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue`
}

// Order is an entity.
type Order struct{}

// Rate asks another service.
func (Order) Rate() error { // want `Order.Rate is in a package with role domain, but performs http query`
	_, err := http.Get("https://example.com")
	return err
}
