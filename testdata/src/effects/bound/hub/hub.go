// Package hub implements the port.
package hub

import (
	"net/smtp"

	"example.com/fixtures/effects/bound/events"
)

type Service struct{ bus *events.Bus }

func (s *Service) Consume(string) { s.mail() } // want `^mail$`

func (s *Service) mail() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

type Echo struct{ bus *events.Bus }

func (e *Echo) Consume(name string) { e.bus.Publish(name) } // want `^open .*Consume goroutine if unknown #0.bus.subscribers; calls #0.bus.subscribers.Consume goroutine$`
