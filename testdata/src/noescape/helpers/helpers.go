// Package helpers has unexported functions that effect bodies call, or not only they.
package helpers

import (
	"context"
	"net/smtp"

	"github.com/airlock-go/airlock/airlock"
)

func send(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil)
}

//airlock:effect mail
func Thank(ctx context.Context, to string) error { return first(to, 2) }

// first and second call each other, and only Thank calls them from outside.
func first(to string, n int) error {
	if n == 0 {
		return send(to) // silent: all calls lie in effect bodies
	}
	return second(to, n-1)
}

func second(to string, n int) error { return first(to, n) }

func shared(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: shared`
}

//airlock:effect mail
func Remind(ctx context.Context, to string) error { return shared(to) }

func Handle(to string) error { return shared(to) } // a call outside: shared is no effect body

func uncalled(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: uncalled`
}

func value(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: value`
}

var table = map[string]func(string) error{"value": value} // used as a value: anyone may call it

//airlock:effect mail
func Table(to string) error { return value(to) }

func Exported(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: Exported`
}

//airlock:effect mail
func Uses(to string) error { return Exported(to) }

type sender interface{ send(to string) error }

type impl struct{}

func (impl) send(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: impl.send`
}

//airlock:effect mail
func Direct(to string) error { return impl{}.send(to) }

func Through(s sender) error { return s.send("") } // the interface may stand for impl

type generic[T any] struct{}

func (g generic[T]) deliver(v T) error {
	return smtp.SendMail("localhost:25", nil, "", nil, nil) // silent: only an effect body calls it
}

func Generic(ctx context.Context, id int) error {
	return airlock.EnqueueFunc(ctx, "generic", func(context.Context) error { return generic[int]{}.deliver(id) })
}
