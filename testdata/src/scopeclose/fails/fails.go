// Package fails returns errors that can't be nil, in other ways than right after a test for nil, and some that can.
package fails

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"example.com/fixtures/scopeclose/fails/errs"
	"github.com/airlock-go/airlock/airlock"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func send(context.Context, int) error { return nil }

func enqueue(ctx context.Context, id int) error {
	if err := airlock.Enqueue(ctx, send, id); err != nil {
		return err
	}
	if id == 7 {
		return errors.New("seven")
	}
	return nil
}

func untilDone(ctx context.Context, in <-chan int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	for {
		select {
		case n, ok := <-in:
			if !ok {
				return scope.Flush(ctx)
			}
			if err := enqueue(ctx, n); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func untilStopped(ctx context.Context, in <-chan int, stop <-chan bool) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	for {
		select {
		case n := <-in:
			if err := enqueue(ctx, n); err != nil {
				return err
			}
		case <-stop:
			return ctx.Err() // want `effects are silently lost`
		}
	}
}

func waits(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

func waitsForAnother(ctx, other context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	<-other.Done()
	return ctx.Err() // want `effects are silently lost`
}

func asks(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	if ctx.Err() != nil {
		fmt.Println("cancelled")
		return context.Cause(ctx)
	}
	return scope.Flush(ctx)
}

func asksLate(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	if ctx.Err() == nil {
		return ctx.Err() // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func joins(ctx context.Context, ids []int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	var failed []error
	for _, id := range ids {
		if err := enqueue(ctx, id); err != nil {
			failed = append(failed, fmt.Errorf("order %d: %w", id, err))
		}
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	return scope.Flush(ctx)
}

func joinsFirst(ctx context.Context, ids []int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	failed := make([]error, 0, len(ids))
	for _, id := range ids {
		if err := enqueue(ctx, id); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) != 0 {
		return failed[0]
	}
	return scope.Flush(ctx)
}

func joinsAll(ctx context.Context, ids []int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	var results []error
	for _, id := range ids {
		results = append(results, enqueue(ctx, id))
	}
	if len(results) > 0 {
		return errors.Join(results...) // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func joinsMaybe(ctx context.Context, ids []int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	var failed []error
	for _, id := range ids {
		if err := enqueue(ctx, id); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...) // want `effects are silently lost`
}

func joinsTwo(ctx context.Context, cleanup func() error) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return errors.Join(err, cleanup())
	}
	if err := cleanup(); err != nil {
		return errors.Join(errors.New("cleanup"), err)
	}
	return scope.Flush(ctx)
}

func joinsNone(ctx context.Context, cleanup, close func() error) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return errors.Join(cleanup(), close()) // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func wrap(err error, msg string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", msg, err)
}

type opError struct {
	op  string
	err error
}

func (e *opError) Error() string { return e.op + ": " + e.err.Error() }

func during(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return &opError{op, err}
}

func ignoring(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func wraps(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return during("enqueue", err)
	}
	if _, err := os.Stat("x"); err != nil {
		return wrap(err, "stat")
	}
	return scope.Flush(ctx)
}

func wrapsAway(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return ignoring(err) // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func elsewhere(ctx context.Context, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, id); err != nil {
		return err
	}
	switch id {
	case 1:
		return errs.NotFound(id)
	case 2:
		return errs.BadRequest(id)
	case 3:
		_, err := errs.Lookup(id)
		return err
	}
	return scope.Flush(ctx)
}

func elsewhereMaybe(ctx context.Context, id int) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, id); err != nil {
		return errs.Last([]error{nil}) // want `effects are silently lost`
	}
	if id == 2 {
		return errs.Check(id) // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

type runner struct{ err error }

func (r *runner) do(f func() error) {
	if r.err == nil {
		r.err = f()
	}
}

func sticky(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	r := &runner{}
	r.do(func() error { return enqueue(ctx, 1) })
	if r.err != nil {
		return r.err
	}
	return scope.Flush(ctx)
}

func stickyNoMore(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	r := &runner{}
	r.do(func() error { return enqueue(ctx, 1) })
	if r.err != nil {
		r.err = nil
		return r.err // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func rowsErr(ctx context.Context, rows *sql.Rows) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	for rows.Next() {
		if err := enqueue(ctx, 1); err != nil {
			return err
		}
	}
	if rows.Err() != nil {
		return rows.Err()
	}
	return scope.Flush(ctx)
}

func rowsErrLater(ctx context.Context, rows *sql.Rows) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	if rows.Err() != nil {
		rows.NextResultSet()
		return rows.Err() // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func is(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := enqueue(ctx, 1)
	if errors.Is(err, io.EOF) {
		return err
	}
	var op *opError
	if errors.As(err, &op) {
		return err
	}
	if err == io.ErrUnexpectedEOF {
		return err
	}
	if os.IsNotExist(err) {
		return err
	}
	if _, ok := err.(*opError); ok {
		return err
	}
	if !errors.Is(err, io.EOF) {
		return err // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func serves(ctx context.Context, srv *http.Server) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return scope.Flush(ctx)
}

// list is another module's list of errors, which wraps what it is given.
type list struct{ errs []error }

func (l *list) Error() string { return fmt.Sprint(l.errs) }

func (l *list) orNil() error {
	if l == nil {
		return nil
	}
	return l
}

func collects(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	var l *list
	if err := enqueue(ctx, 1); err != nil {
		l = &list{[]error{err}}
	}
	if err := l.orNil(); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func named(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return errs.NotFound(1)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return scope.Flush(ctx)
}

// failed is true for errors only.
func failed(err error) bool { return err != nil && !errors.Is(err, io.EOF) }

// fine is true for no error, too.
func fine(err error) bool { return err == nil || errors.Is(err, io.EOF) }

func byPredicate(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); failed(err) {
		return err
	}
	return scope.Flush(ctx)
}

func byAnother(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); fine(err) {
		return err // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func oneOfTwo(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err1, err2 := enqueue(ctx, 1), enqueue(ctx, 2)
	if err1 != nil || err2 != nil {
		return errors.Join(err1, err2)
	}
	return scope.Flush(ctx)
}

func joinsEnd(ctx context.Context, f *os.File) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := enqueue(ctx, 1)
	if err == nil {
		err = scope.Flush(ctx)
	}
	return errors.Join(err, f.Close())
}

func inSlots(ctx context.Context, fns []func(context.Context) error) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	errs := make([]error, len(fns))
	for i, fn := range fns {
		errs[i] = fn(ctx)
	}
	for i := range errs {
		if errs[i] != nil {
			return errs[i]
		}
	}
	return scope.Flush(ctx)
}

func inOtherSlots(ctx context.Context, fns []func(context.Context) error) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	errs := make([]error, len(fns)+1)
	for i, fn := range fns {
		errs[i] = fn(ctx)
	}
	for i := range fns {
		if errs[i] != nil {
			return errs[i+1] // want `effects are silently lost`
		}
	}
	return scope.Flush(ctx)
}

func coded(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := enqueue(ctx, 1)
	if status.Code(err) == codes.NotFound {
		return err
	}
	if status.Code(err) != codes.OK {
		return err
	}
	if ctx.Value(1) != nil {
		return status.New(codes.NotFound, "gone").Err()
	}
	if ctx.Value(2) != nil {
		return status.New(codes.OK, "fine").Err() // want `effects are silently lost`
	}
	if status.Code(err) == codes.OK {
		return err // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func cleanup(ctx context.Context) error { return nil }

// Calls that are handed a context are no questions about it.
func otherCalls(ctx context.Context, stop <-chan bool) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return cleanup(ctx) // want `effects are silently lost`
	}
	if cleanup(ctx) != nil {
		return cleanup(ctx) // want `effects are silently lost`
	}
	if cleanup(ctx) != nil {
		return ctx.Err() // want `effects are silently lost`
	}
	if ctx.Err() != nil {
		return cleanup(ctx) // want `effects are silently lost`
	}
	select {
	case <-ctx.Done():
		return cleanup(ctx) // want `effects are silently lost`
	case <-stop:
	}
	return scope.Flush(ctx)
}

type job struct{ err error }

func (j *job) step() error {
	err := j.err
	j.err = nil
	return err
}

func (j *job) failure() error { return j.err }

// What does something may do something else the next time.
func triesAgain(ctx context.Context, j *job, f io.Closer) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	if j.failure() != nil {
		return j.failure()
	}
	if j.step() != nil {
		return j.step() // want `effects are silently lost`
	}
	if f.Close() != nil {
		return f.Close() // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

func captured(ctx context.Context, out <-chan bool) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	go func() { <-ctx.Done() }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-out:
	}
	return scope.Flush(ctx)
}

func assignedSince(ctx context.Context, out <-chan bool) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := enqueue(ctx, 1); err != nil {
		return err
	}
	go func() { <-ctx.Done() }()
	select {
	case <-ctx.Done():
		ctx = context.WithoutCancel(ctx)
		return ctx.Err() // want `effects are silently lost`
	case <-out:
	}
	return scope.Flush(ctx)
}
