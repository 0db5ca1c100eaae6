// Package halves opens scopes in one function and flushes them in another, which leaves them open where it fails.
package halves

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/airlock-go/airlock/airlock"
)

func send(context.Context, int) error { return nil }

func workAndFlush(ctx context.Context, s *airlock.Scope) error {
	if err := airlock.Enqueue(ctx, send, 1); err != nil {
		return err
	}
	if _, err := os.Stat("x"); err != nil {
		return err
	}
	return s.Flush(ctx)
}

func tail(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return workAndFlush(ctx, scope)
}

func checked(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := workAndFlush(ctx, scope); err != nil {
		return fmt.Errorf("work: %w", err)
	}
	return nil
}

func swallowed(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := workAndFlush(ctx, scope); err != nil {
		log.Print(err)
		return nil // want `effects are silently lost`
	}
	return nil
}

func fatal(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	if err := workAndFlush(ctx, scope); err != nil {
		log.Fatal(err)
	}
}

func notFatal(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	if err := workAndFlush(ctx, scope); err != nil {
		log.Print(err)
	}
}

func flushedTwice(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := workAndFlush(ctx, scope); err != nil {
		return err
	}
	return scope.Flush(ctx) // want `Flush fails with ErrScopeClosed`
}

// flushIf flushes where there is no error.
func flushIf(ctx context.Context, s *airlock.Scope, err error) error {
	if err == nil {
		err = s.Flush(ctx)
	}
	return err
}

func passed(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return flushIf(ctx, scope, airlock.Enqueue(ctx, send, 1))
}

func workFor(ctx context.Context, s *airlock.Scope) (int, error) {
	if err := airlock.Enqueue(ctx, send, 1); err != nil {
		return 0, err
	}
	return 1, s.Flush(ctx)
}

func value(ctx context.Context) (int, error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return workFor(ctx, scope)
}

// maybeFlush flushes for even numbers: its error does not tell.
func maybeFlush(ctx context.Context, s *airlock.Scope, n int) error {
	if n%2 == 0 {
		return s.Flush(ctx)
	}
	return nil
}

func maybe(ctx context.Context, n int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := airlock.Enqueue(ctx, send, 1); err != nil {
		return err
	}
	return maybeFlush(ctx, scope, n) // want `effects are silently lost`
}

// closeOnError discards where it is handed an error, and returns it.
func closeOnError(s *airlock.Scope, err error) error {
	if err != nil {
		s.Discard()
		return fmt.Errorf("closed: %w", err)
	}
	return nil
}

func closedOnError(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := closeOnError(scope, airlock.Enqueue(ctx, send, 1)); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func leftOnError(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	if err := closeOnError(scope, airlock.Enqueue(ctx, send, 1)); err == nil {
		return errors.New("no error")
	}
	return nil // want `effects are silently lost`
}

func then(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

func chained(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return then(airlock.Enqueue(ctx, send, 1), func() error { return scope.Flush(ctx) })
}

func code(ctx context.Context, s *airlock.Scope) int {
	if err := airlock.Enqueue(ctx, send, 1); err != nil {
		return 1
	}
	if err := s.Flush(ctx); err != nil {
		return 1
	}
	return 0
}

func exitsWithCode(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if c := code(ctx, scope); c != 0 {
		os.Exit(c)
	}
}

func exitsWithout(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // want `lost when the process exits`
	defer scope.Discard()
	if c := code(ctx, scope); c == 0 {
		os.Exit(c)
	}
}

type unit struct {
	ctx   context.Context
	scope *airlock.Scope
}

func (u *unit) finish(err error) error {
	if err != nil {
		return err
	}
	return u.scope.Flush(u.ctx)
}

func (u *unit) drop() { u.scope.Discard() }

func begin(ctx context.Context) *unit {
	ctx, scope := airlock.Begin(ctx)
	return &unit{ctx, scope}
}

func inUnit(ctx context.Context) error {
	u := begin(ctx)
	defer u.drop()
	return u.finish(airlock.Enqueue(u.ctx, send, 1))
}

func discardOnError(errp *error, s *airlock.Scope) {
	if *errp != nil {
		s.Discard()
	}
}

func deferredDiscard(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer discardOnError(&err, scope)
	if err := airlock.Enqueue(ctx, send, 1); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func deferredDiscardOnly(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	defer discardOnError(&err, scope)
	return airlock.Enqueue(ctx, send, 1)
}

func handle(errp *error, f func()) {
	if *errp != nil {
		f()
	}
}

func handled(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer handle(&err, scope.Discard)
	if err := airlock.Enqueue(ctx, send, 1); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

// end flushes, or discards where there is an error by then.
func (u *unit) end(errp *error) {
	if *errp != nil {
		u.scope.Discard()
		return
	}
	*errp = u.scope.Flush(u.ctx)
}

func open(ctx context.Context, name string) (*unit, error) {
	if _, err := os.Stat(name); err != nil {
		return nil, err
	}
	return begin(ctx), nil
}

func ended(ctx context.Context) (err error) {
	u, err := open(ctx, "x")
	if err != nil {
		return err
	}
	defer u.end(&err)
	return airlock.Enqueue(u.ctx, send, 1)
}

func enqueue(ctx context.Context) error { return airlock.Enqueue(ctx, send, 1) }

func endedWithALocal(ctx context.Context) error {
	u := begin(ctx)
	var err error
	defer u.end(&err)
	err = enqueue(u.ctx)
	return err
}

// describe tells of an error, and is house style.
func describe(errp *error, format string, args ...any) {
	if *errp != nil {
		*errp = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *errp)
	}
}

func described(ctx context.Context, id int) (err error) {
	defer describe(&err, "order %d", id)
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		if err != nil {
			scope.Discard()
		}
	}()
	if err = airlock.Enqueue(ctx, send, id); err != nil {
		return err
	}
	if id == 0 {
		return errors.New("no id")
	}
	return scope.Flush(ctx)
}

func describedAndLost(ctx context.Context, id int) (err error) {
	defer describe(&err, "order %d", id)
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err = airlock.Enqueue(ctx, send, id); err != nil {
		return err
	}
	if id == 0 {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func fill(errp *error, id int) {
	if id == 3 {
		*errp = errors.New("three")
	}
}

func filled(ctx context.Context, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := airlock.Enqueue(ctx, send, id)
	if err != nil {
		return err
	}
	fill(&err, id)
	if err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func open2(ctx context.Context) (_ context.Context, commit func(context.Context) error, rollback func()) {
	ctx, scope := airlock.Begin(ctx)
	return ctx, scope.Flush, scope.Discard
}

func committed(ctx context.Context) error {
	ctx, commit, rollback := open2(ctx)
	defer rollback()
	if err := enqueue(ctx); err != nil {
		return err
	}
	return commit(ctx)
}

func neverCommitted(ctx context.Context) error {
	ctx, _, rollback := open2(ctx)
	defer rollback()
	return enqueue(ctx) // want `effects are silently lost`
}

func committedLater(ctx context.Context, early bool) error {
	ctx, commit, rollback := open2(ctx)
	defer func() { rollback() }()
	if err := enqueue(ctx); err != nil {
		return err
	}
	if early {
		return nil // want `effects are silently lost`
	}
	return commit(ctx)
}

func neitherOfTwo(ctx context.Context) error {
	ctx, commit, rollback := open2(ctx) // want `the scope opened here is still open at the return`
	if err := enqueue(ctx); err != nil {
		rollback()
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return commit(ctx)
}
