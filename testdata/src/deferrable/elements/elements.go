// Package elements: home-made functions that enqueue each of what they are handed.
package elements

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/airlock-go/airlock/airlock"
)

func use(...any) error { return nil }

type event interface{ Name() string }

type placed struct{ ID int }

func (placed) Name() string { return "placed" }

type dirty struct {
	ID int
	tx *sql.Tx
}

func (*dirty) Name() string { return "dirty" }

type bus struct{}

func (b *bus) handle(context.Context, event) error { return nil }

func (b *bus) publish(ctx context.Context, e event) error { return airlock.Enqueue(ctx, b.handle, e) }

func (b *bus) publishAll(ctx context.Context, es ...event) error {
	for _, e := range es {
		if err := b.publish(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (b *bus) publishList(ctx context.Context, es []event) error { return b.publishAll(ctx, es...) }

func (b *bus) names(ctx context.Context, es ...event) error {
	var all []string
	for _, e := range es {
		all = append(all, e.Name())
	}
	return airlock.Enqueue(ctx, func(context.Context, []string) error { return nil }, all)
}

func publish(ctx context.Context, b *bus, tx *sql.Tx) {
	b.publish(ctx, &dirty{1, tx})                              // want `its argument(.tx)? \(a transaction\)`
	b.publishAll(ctx, placed{1}, &dirty{1, tx})                // want `this intent carries its argument(.tx)? \(a transaction\), gone or changed`
	b.publishAll(ctx, &dirty{1, tx}, &dirty{2, tx})            // want `this intent carries its argument(.tx)? \(a transaction\), gone or changed`
	b.publishList(ctx, []event{placed{1}, &dirty{1, tx}})      // want `its argument(.tx)? \(a transaction\)`
	b.publishAll(ctx, placed{1}, placed{2})                    // plain
	b.publishAll(ctx)                                          // nothing
	b.publishList(ctx, []event{placed{1}, &dirty{1, nil}}[:1]) // plain
	b.names(ctx, placed{1}, &dirty{1, tx})                     // only their names
}

func (b *bus) given(ctx context.Context, d *dirty, p *placed, e event, s *service) {
	b.publish(ctx, d)                            // want `its argument.tx \(a transaction\)`
	b.publish(ctx, event(d))                     // want `its argument.tx \(a transaction\)`
	b.publish(ctx, p)                            // plain
	b.publish(ctx, e)                            // whatever it is
	airlock.Enqueue(ctx, b.any, any([]*dirty{})) // want `its argument.tx \(a transaction\)`
	var it event = d
	airlock.EnqueueFunc(ctx, "a", func(context.Context) error { return use(it) }) // want `it.tx \(a transaction\)`
	var r runner = s
	airlock.EnqueueFunc(ctx, "a", func(ctx context.Context) error { return r.run(ctx) }) // a service's own context
	if p != nil {
		it = e
	}
}

func (b *bus) any(context.Context, any) error { return nil }

type runner interface{ run(context.Context) error }

type service struct{ ctx context.Context }

func (s *service) run(context.Context) error { return use(s.ctx) }

func (b *bus) written(ctx context.Context, d *dirty) {
	b.publishAll(ctx, placed{1}, d) // want `its argument.tx \(a transaction\), its argument \(a variable that is written after this\)`
	d.ID = 2
}

func enqueueAll[T any](ctx context.Context, xs []T, fn func(context.Context, T) error) error {
	for _, x := range xs {
		if err := airlock.Enqueue(ctx, fn, x); err != nil {
			return err
		}
	}
	return nil
}

func generic(ctx context.Context, rs []*http.Request, ids []int) {
	enqueueAll(ctx, rs, func(context.Context, *http.Request) error { return nil }) // want `its argument \(a request\)`
	enqueueAll(ctx, ids, func(context.Context, int) error { return nil })          // plain
	ids[0] = 1                                                                     // each was copied
	ids = ids[:0]
	use(ids)
}

func after(ctx context.Context, fns ...func(context.Context) error) {
	for _, fn := range fns {
		airlock.EnqueueFunc(ctx, "after", func(ctx context.Context) error { return fn(ctx) })
	}
}

func functions(ctx context.Context, db *sql.DB, tx *sql.Tx) {
	after(ctx, func(context.Context) error { return use(db) }, func(context.Context) error { return use(tx) }) // want `carries tx \(a transaction\)`
	after(ctx, func(context.Context) error { return use(db) })                                                 // a database
	n := 1
	after(ctx, func(context.Context) error { return use(n) }) // want `n \(a variable that is written after this\)`
	n = 2
}
