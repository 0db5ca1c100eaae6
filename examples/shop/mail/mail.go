// Package mail sends mail over SMTP: an adapter, on the far side of the airlock.
//
//airlock:effects mail
package mail

import (
	"context"
	"fmt"
	"net/smtp"
)

// Message is one mail.
type Message struct{ To, Subject, Body string }

// SMTP sends mail through one server.
type SMTP struct{ Addr, From string }

// Send sends one message.
func (s *SMTP) Send(_ context.Context, m Message) error {
	msg := fmt.Sprintf("To: %s\r\nSubject: %s\r\n\r\n%s", m.To, m.Subject, m.Body)
	return smtp.SendMail(s.Addr, nil, s.From, []string{m.To}, []byte(msg))
}
