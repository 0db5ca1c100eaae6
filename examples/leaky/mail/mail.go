// Package mail sends mail over SMTP.
package mail

import (
	"fmt"
	"net/smtp"
)

// SMTP sends mail through one server.
type SMTP struct{ Addr, From string }

// Send sends one message.
func (s *SMTP) Send(to, subject, body string) error {
	msg := fmt.Sprintf("To: %s\r\nSubject: %s\r\n\r\n%s", to, subject, body)
	return smtp.SendMail(s.Addr, nil, s.From, []string{to}, []byte(msg))
}
