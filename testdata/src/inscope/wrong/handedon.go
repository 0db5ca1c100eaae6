package wrong

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

// Whoever else has the scope may have closed it.

type unit struct {
	ctx   context.Context
	scope *airlock.Scope
}

func (u *unit) flush() error { return u.scope.Flush(u.ctx) }

func closedByAMethod(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	u := &unit{sctx, s}
	if err := helper(sctx); err != nil {
		s.Discard()
		return err
	}
	if err := u.flush(); err != nil {
		return err
	}
	return helper(ctx)
}

func traced(name string, fn func() error) error {
	println(name)
	return fn()
}

func closedInALiteral(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	defer s.Discard()
	if err := helper(sctx); err != nil {
		return err
	}
	if err := traced("flush", func() error { return s.Flush(sctx) }); err != nil {
		return err
	}
	return helper(ctx)
}

func closedByAMethodValue(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	done := s.Discard
	if err := helper(sctx); err != nil {
		done()
		return errors.Join(err, helper(ctx))
	}
	return s.Flush(sctx)
}

func closedOnTheSpot(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	err := helper(sctx)
	func() {
		if err != nil {
			s.Discard()
			return
		}
		err = s.Flush(sctx)
	}()
	return errors.Join(err, helper(ctx))
}

func flushAll(ctx context.Context, all ...*airlock.Scope) (err error) {
	for _, s := range all {
		err = errors.Join(err, s.Flush(ctx))
	}
	return err
}

func closedByAHelper(ctx context.Context) error {
	first, s1 := airlock.Begin(ctx)
	second, s2 := airlock.Begin(ctx)
	err := errors.Join(helper(first), helper(second))
	err = errors.Join(err, flushAll(ctx, s1, s2))
	return errors.Join(err, helper(ctx))
}

// A literal that only looks at the scope does not close it.
func lookedAt(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	defer s.Discard()
	open := func() bool { return s.State() == airlock.Open }
	if err := helper(sctx); err != nil || !open() {
		return err
	}
	if err := helper(ctx); err != nil { // want `outside the scope opened on line`
		return err
	}
	return s.Flush(sctx)
}

// It is handed on later.
func handedOnLater(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	defer s.Discard()
	if err := helper(ctx); err != nil { // want `outside the scope opened on line`
		return err
	}
	if err := helper(sctx); err != nil {
		return err
	}
	return traced("flush", func() error { return s.Flush(sctx) })
}
