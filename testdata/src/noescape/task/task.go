// Package task calls effects like any other function.
package task

import (
	"context"
	"net/smtp"

	"github.com/airlock-go/airlock/airlock"

	"example.com/fixtures/noescape/adapter"
	"example.com/fixtures/noescape/task/warehouse"
)

// Thank sends mail.
//
//airlock:effect mail
func Thank(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: an effect body
}

func Handle(ctx context.Context, to string) error {
	return Thank(ctx, to) // want `^Thank is an effect \(marked //airlock:effect\) and is called directly: Handle → Thank; enqueue it$`
}

func Enqueued(ctx context.Context, to string) error {
	return airlock.Enqueue(ctx, Thank, to) // silent
}

// notify becomes an effect by being enqueued.
func notify(ctx context.Context, id int) error { return nil }

var remind = airlock.NewTask("remind", Remind)

// Remind becomes an effect by being a task.
func Remind(ctx context.Context, id int) error { return nil }

type Service struct{}

// Ship becomes an effect by being enqueued as a method value.
func (s *Service) Ship(ctx context.Context, id int) error { return nil }

func (s *Service) Order(ctx context.Context, id int) error {
	if err := airlock.Enqueue(ctx, notify, id); err != nil {
		return err
	}
	if err := airlock.Enqueue(ctx, s.Ship, id); err != nil {
		return err
	}
	if err := notify(ctx, id); err != nil { // want `notify is an effect \(its package enqueues it\) and is called directly`
		return err
	}
	if err := s.Ship(ctx, id); err != nil { // want `\(\*Service\).Ship is an effect \(its package enqueues it\)`
		return err
	}
	go Remind(ctx, id) // want `Remind is an effect \(its package enqueues it\)`
	return remind.Enqueue(ctx, id)
}

// The runtime asks for a scope first, and sends directly without one.
func Maybe(ctx context.Context, id int) error {
	if _, ok := airlock.FromContext(ctx); ok {
		return airlock.Enqueue(ctx, notify, id)
	}
	return notify(ctx, id) // want `notify is an effect`
}

// Both is an effect itself: it may call others.
//
//airlock:effect
func Both(ctx context.Context, to string) error { return Thank(ctx, to) }

type Mailer interface {
	//airlock:effect mail
	Send(ctx context.Context, to string) error
	Close() error
}

func through(ctx context.Context, m Mailer) error {
	defer m.Close()        // silent: not marked
	return m.Send(ctx, "") // want `Mailer.Send is an effect \(marked //airlock:effect\) and is called directly`
}

type smtpMailer struct{}

// Send implements a method that is marked.
func (smtpMailer) Send(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: an effect body
}

func (smtpMailer) Close() error { return nil }

//airlock:effect mail
var hook = func(to string) { _ = smtp.SendMail("a:25", nil, "", []string{to}, nil) }

func hooked() {
	hook("") // want `hook is an effect \(marked //airlock:effect\) and is called directly`
}

func adapted(c *adapter.Client) error {
	if c.Configured() { // silent: it performs nothing
		return c.Post("hello") // want `\(\*adapter.Client\).Post is an effect \(of an adapter package\) and is called directly`
	}
	return nil
}

// Silent: a kind that is off.
//
//airlock:effect fs
func spool() {}

func spooled() { spool() }

func ported(ctx context.Context, p warehouse.Port) error {
	return p.Ship(ctx, 1) // want `warehouse.Port.Ship is an effect \(marked //airlock:effect\) and is called directly`
}

type courier struct{}

// Ship implements a method that another package marks.
func (courier) Ship(ctx context.Context, id int) error {
	return smtp.SendMail("localhost:25", nil, "", nil, nil) // silent: an effect body
}

// The package that declares it enqueues it.
func elsewhere(ctx context.Context) error {
	return warehouse.Notify(ctx, 1) // want `warehouse.Notify is an effect \(its package enqueues it\) and is called directly: elsewhere → warehouse.Notify`
}
