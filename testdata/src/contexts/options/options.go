// Package options: functions in the fields of an argument are handed over as arguments are. // want package:"touches airlock"
package options

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

type Options struct {
	OnDone  func(ctx context.Context) error
	OnError func(ctx context.Context, err error)
	Name    string
}

func scoped(ctx context.Context, opts Options) error { // want scoped:`opens\(0: airlock.Run\) calls\(1.OnDone: 0: scoped under \[0\]\)`
	return airlock.Run(ctx, func(ctx context.Context) error { return opts.OnDone(ctx) })
}

func plain(ctx context.Context, opts *Options) { // want plain:`calls\(1.OnDone: 0: scopeless\) calls\(1.OnError: 0: from \[0\]\)`
	if err := opts.OnDone(context.Background()); err != nil && opts.OnError != nil {
		opts.OnError(ctx, err)
	}
}

func handsOn(ctx context.Context, opts Options) { // want handsOn:`calls\(1.OnDone: 0: scopeless\) calls\(1.OnError: 0: from \[0\]\)`
	plain(ctx, &opts)
}

func withDefault(ctx context.Context, opts Options) { // want withDefault:`calls\(1.OnDone: 0: from \[0\]\)`
	if opts.OnDone == nil {
		opts.OnDone = func(context.Context) error { return nil }
	}
	opts.OnDone(ctx)
}

func callsField(ctx context.Context, opts Options) { // want callsField:`calls\(1.OnDone: 0: from \[0\]\)`
	call(ctx, opts.OnDone)
}

func call(ctx context.Context, fn func(context.Context) error) { // want call:`calls\(1: 0: from \[0\]\)`
	fn(ctx)
}

// What a receiver's fields hold was put there long before.
type server struct{ opts Options }

func (s *server) serve(ctx context.Context) { s.opts.OnDone(ctx) }
