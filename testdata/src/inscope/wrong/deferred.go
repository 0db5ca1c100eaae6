package wrong

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

// Deferred calls run last in, first out: what is deferred before Begin runs after the scope's own end.

func deferredBeforeBegin(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			_ = helper(ctx) // the scope has been discarded
		}
	}()
	sctx, s := airlock.Begin(ctx)
	defer s.Discard()
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func deferredBetween(ctx context.Context) (err error) {
	sctx, s := airlock.Begin(ctx)
	defer func() {
		if err != nil {
			_ = helper(ctx) // the scope has been discarded
		}
	}()
	defer func() { s.Discard() }()
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func deferredAfterDiscard(ctx context.Context) (err error) {
	sctx, s := airlock.Begin(ctx)
	defer s.Discard()
	defer func() {
		if err != nil {
			_ = helper(ctx) // runs before the discard // want `this enqueues outside the scope opened on line 40: helper → airlock.Enqueue`
		}
	}()
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func deferredBeforeNothing(ctx context.Context) error {
	defer func() {
		_ = helper(ctx) // the error's path leaves the scope open // want `this enqueues outside the scope opened on line 57`
	}()
	sctx, s := airlock.Begin(ctx)
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func deferredSometimes(ctx context.Context, keep bool) error {
	defer func() {
		_ = helper(ctx) // want `this enqueues outside the scope opened on line 68`
	}()
	sctx, s := airlock.Begin(ctx)
	if !keep {
		defer s.Discard()
	}
	return helper(sctx)
}

func deferredCall(ctx context.Context) error {
	defer helper(ctx) // runs after the discard
	sctx, s := airlock.Begin(ctx)
	defer helper(ctx) // and so does this
	defer s.Discard()
	defer helper(ctx) // want `this enqueues outside the scope opened on line 77`
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func deferredMethodValue(ctx context.Context) error {
	defer func() { _ = helper(ctx) }() // runs after the discard
	sctx, s := airlock.Begin(ctx)
	discard := s.Discard
	defer discard()
	return helper(sctx)
}

func deferredHelper(ctx context.Context) error {
	defer func() { _ = helper(ctx) }() // runs after the flush
	sctx, s := airlock.Begin(ctx)
	defer closeIt(sctx, s)
	return helper(sctx)
}

// What a literal closes first is closed for what follows in it.

func discardsFirst(ctx context.Context) (err error) {
	sctx, s := airlock.Begin(ctx)
	defer func() {
		s.Discard()
		if err != nil {
			_ = helper(ctx)
		}
	}()
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func discardsLast(ctx context.Context) (err error) {
	sctx, s := airlock.Begin(ctx)
	defer func() {
		if err != nil {
			_ = helper(ctx) // want `this enqueues outside the scope opened on line 119`
		}
		s.Discard()
	}()
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func discardsSometimes(ctx context.Context) (err error) {
	sctx, s := airlock.Begin(ctx)
	defer func() {
		if err != nil {
			s.Discard()
		}
		_ = helper(ctx) // want `this enqueues outside the scope opened on line 133`
	}()
	if err := helper(sctx); err != nil {
		return err
	}
	return nil
}

// The function is handed the scope, and closes it first.
func finish(ctx context.Context, s *airlock.Scope, err *error) {
	s.Discard()
	if *err != nil {
		_ = helper(ctx)
	}
}

func handsScope(ctx context.Context) (err error) {
	sctx, s := airlock.Begin(ctx)
	defer finish(ctx, s, &err)
	if err := helper(sctx); err != nil {
		return err
	}
	return s.Flush(sctx)
}

func inLiteral(ctx context.Context) error {
	sctx, s := airlock.Begin(ctx)
	fail := func() error {
		s.Discard()
		return helper(ctx) // closed by now
	}
	if err := helper(sctx); err != nil {
		return fail()
	}
	return s.Flush(sctx)
}
