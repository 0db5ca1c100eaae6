// Package unflushed has scopes that are discarded although nothing says that their effects should be lost.
package unflushed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/airlock-go/airlock/airlock"
)

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })

var errDenied = errors.New("denied")

func cond() bool { return false }

func fail() error { return errors.New("failed") }

func check() error {
	if cond() {
		return errDenied
	}
	return nil
}

func work(ctx context.Context) error { return notify.Enqueue(ctx, 1) }

func pure(ctx context.Context) error { return ctx.Err() }

// S04
func s04SuccessWithoutFlush(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := notify.Enqueue(ctx, 1); err != nil {
		return err // the error says that nothing has left
	}
	if cond() {
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func s04NothingEnqueuedYet(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if cond() {
		return nil // nothing was enqueued yet
	}
	if err := notify.Enqueue(ctx, 1); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func s04FailedEnqueue(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := notify.Enqueue(ctx, 1); err != nil {
		return // an Enqueue that has failed has enqueued nothing
	}
	if err := scope.Flush(ctx); err != nil {
		fmt.Println(err)
	}
}

func s04DropAll(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll())) // nothing leaves in any case
	defer scope.Discard()
	return work(ctx)
}

func s04AssertNoEffects(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithStrict(), airlock.WithPolicy(airlock.AssertNoEffects())) // nothing leaves in any case
	defer scope.Discard()
	return work(ctx)
}

func s04LastPolicyWins(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll()), airlock.WithPolicy(airlock.AllowAll()))
	defer scope.Discard()
	return work(ctx) // want `effects are silently lost`
}

func s04Policies(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(airlock.Policies(airlock.DropAll(), airlock.LogOnFlush(nil)))) // all must agree
	defer scope.Discard()
	return work(ctx)
}

func s04LocalPolicy(ctx context.Context) error {
	ctx, scope := airlock.Begin(airlock.WithLocalPolicy(ctx, airlock.DropAll())) // the policy binds every scope below
	defer scope.Discard()
	return work(ctx)
}

func s04UnknownPolicy(ctx context.Context, p airlock.Policy) error {
	ctx, scope := airlock.Begin(ctx, airlock.WithPolicy(p))
	defer scope.Discard()
	return work(ctx) // want `effects are silently lost`
}

// S56
func s56FlushForgotten(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return work(ctx) // want `effects are silently lost: something may have been enqueued before this return, the scope is only discarded, and no error says so; return scope.Flush\(ctx\)`
}

func s56NothingEnqueues(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return pure(ctx) // pure enqueues nothing
}

func s56NoError(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		fmt.Println(err)
	}
} // want `effects are silently lost`

func s56Literal(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		scope.Discard()
	}()
	return work(ctx) // want `effects are silently lost`
}

// S57
func s57Intents(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := work(ctx)
	for _, i := range scope.Intents() { // a preview
		fmt.Println(i)
	}
	return err
}

func s57Report(ctx context.Context) (*airlock.Report, error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := work(ctx)
	return scope.Report(), err // a preview
}

func preview(scope *airlock.Scope) { fmt.Println(len(scope.Own())) }

func s57Helper(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := work(ctx)
	preview(scope) // a preview by a helper
	return err
}

func s57OnTheOtherPath(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return err
	}
	if cond() {
		fmt.Println(len(scope.Intents()))
		return nil // a preview
	}
	return nil // want `effects are silently lost`
}

// S17: a Discard in plain view is a decision where another path flushes.
func s17Decision(ctx context.Context, dry bool) error {
	ctx, scope := airlock.Begin(ctx)
	if err := work(ctx); err != nil {
		scope.Discard()
		return err
	}
	if dry {
		scope.Discard()
		return nil
	}
	return scope.Flush(ctx)
}

func discardedOnly(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := work(ctx); err != nil {
		scope.Discard()
		return err
	}
	scope.Discard()
	return nil // want `effects are silently lost`
}

// Errors that can't be nil.
func errorsKnown(ctx context.Context, n int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return fmt.Errorf("working: %w", err) // made here
	}
	switch n {
	case 0:
		return errDenied // a package's error
	case 1:
		return errors.New("one") // made here
	case 2:
		return fail() // fail always fails
	case 3:
		return &os.PathError{Op: "open"} // a value of a type of its own
	case 4:
		if err := check(); err != nil {
			return wrap(err) // wrap returns an error for an error
		}
	case 5:
		if err := check(); errors.Is(err, sql.ErrNoRows) {
			return err // something that is ErrNoRows is not nil
		}
	case 6:
		return http.ErrNoCookie // a package's error
	case 7:
		return check() // want `effects are silently lost`
	case 8:
		return unwrap(errDenied) // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func wrap(err error) error {
	if errors.Is(err, errDenied) {
		return fmt.Errorf("denied: %w", err)
	}
	return err
}

func unwrap(err error) error {
	if errors.Is(err, errDenied) {
		return nil
	}
	return err
}

// One return for all.
func oneReturn(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := work(ctx)
	if err == nil {
		err = scope.Flush(ctx)
	}
	return err // not nil, or flushed
}

func named(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err = work(ctx); err != nil {
		return // not nil
	}
	return scope.Flush(ctx)
}

func namedLoses(ctx context.Context) (n int, err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	n, err = 1, work(ctx)
	return // want `effects are silently lost`
}

func deferredFlush(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	defer func() {
		if err == nil {
			err = scope.Flush(ctx) // the deferred literal flushes where there was no error
		}
	}()
	return work(ctx)
}

// What may enqueue.
type repository interface {
	Save(ctx context.Context, n int) error
}

func throughInterface(ctx context.Context, r repository) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return r.Save(ctx, 1) // want `effects are silently lost`
}

func throughFunc(ctx context.Context, f func(context.Context) error) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return f(ctx) // want `effects are silently lost`
}

func throughDerived(ctx context.Context, f func(context.Context) error) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return work(context.WithValue(ctx, "key", 1)) // want `effects are silently lost`
}

func throughLiteral(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	do := func() error { return work(ctx) }
	return do() // want `effects are silently lost`
}

func throughDatabase(ctx context.Context, db *sql.DB) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	_, err := db.ExecContext(ctx, "select 1")
	return err // a database enqueues nothing
}

func detached(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return work(airlock.Detach(ctx)) // not in this scope
}

func nested(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	return airlock.Run(ctx, work) // want `effects are silently lost`
}

// A middleware.
func middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context())
		defer scope.Discard()
		next.ServeHTTP(w, r.WithContext(ctx))
		if cond() {
			return // want `effects are silently lost`
		}
		if err := scope.Flush(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}

// A helper that only discards, called at the end of the function.
func begin(ctx context.Context) (context.Context, func()) {
	ctx, scope := airlock.Begin(ctx)
	return ctx, scope.Discard
}

func cleanupOnly(ctx context.Context) error {
	ctx, done := begin(ctx)
	defer done()
	return work(ctx) // want `effects are silently lost`
}

func quietBegin(ctx context.Context) (context.Context, *airlock.Scope) {
	return airlock.Begin(ctx, airlock.WithPolicy(airlock.DropAll()))
}

func quietCaller(ctx context.Context) error {
	ctx, scope := quietBegin(ctx) // its policy is the helper's
	defer scope.Discard()
	return work(ctx)
}

// Handed on: somebody else may flush it.
func handedOn(ctx context.Context, keep func(*airlock.Scope)) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	keep(scope)
	return work(ctx) // keep may see to it
}
