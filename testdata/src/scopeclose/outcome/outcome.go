// Package outcome has functions that return no error: whether the work failed is told by something else.
package outcome

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/airlock-go/airlock/airlock"
)

func notify(context.Context, int) error { return nil }

func work(ctx context.Context) error { return airlock.Enqueue(ctx, notify, 1) }

func tries(ctx context.Context) bool { return work(ctx) == nil }

func pure() error { return nil }

func cond() bool { return false }

// A handler answers an error.
func handler(w http.ResponseWriter, r *http.Request) {
	ctx, scope := airlock.Begin(r.Context())
	defer scope.Discard()
	if err := work(ctx); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return // the work has failed
	}
	if err := pure(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return // so has this
	}
	if r.FormValue("draft") == "" {
		return // want `effects are silently lost`
	}
	if err := scope.Flush(ctx); err != nil {
		log.Print(err)
	}
}

func otherForms(ctx context.Context, n int) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	err := work(ctx)
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		return
	case errors.Is(err, os.ErrNotExist):
		return
	case !(err == nil):
		return
	case ctx.Err() != nil:
		return
	}
	if n == 0 {
		return // want `effects are silently lost`
	}
	_ = scope.Flush(ctx)
}

// One that was looked at, and got over with, is no failure.
func gotOver(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		log.Print(err)
	}
} // want `effects are silently lost`

// Exit codes and texts.
func code(ctx context.Context, dry bool) int {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if dry {
		return 0 // want `effects are silently lost`
	}
	if err := scope.Flush(ctx); err != nil {
		return 1
	}
	return 0
}

func text(ctx context.Context) (string, bool) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return "failed", false
	}
	if err := scope.Flush(ctx); err != nil {
		return "failed", false
	}
	return "done", true
}

// Where there is an error to return, no error is success.
func swallowed(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		log.Print(err)
		return nil // want `effects are silently lost`
	}
	return scope.Flush(ctx)
}

// What the work returned says whether it went well.
func told(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if !tries(ctx) {
		return
	}
	_ = scope.Flush(ctx)
}

func toldByNobody(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	tries(ctx)
	if cond() {
		return // want `effects are silently lost`
	}
	_ = scope.Flush(ctx)
}

func neverFlushed(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if !tries(ctx) {
		return // want `effects are silently lost`
	}
} // want `effects are silently lost`

type result struct {
	Code  int
	Notes []string
}

func measured(ctx context.Context) result {
	err := work(ctx)
	return result{Code: 200, Notes: []string{fmt.Sprint(err)}}
}

func toldByField(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if res := measured(ctx); res.Code < 400 && len(res.Notes) == 0 {
		_ = scope.Flush(ctx)
	}
}

func toldByPart(ctx context.Context, mode string) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	res := measured(ctx)
	if len(mode[1:]) > 2 {
		return // want `effects are silently lost`
	}
	if len(res.Notes[1:]) > 0 {
		return
	}
	_ = scope.Flush(ctx)
}

// A recorder that the work was handed says it, too.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) Status() int { return r.status }

func middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context())
		defer scope.Discard()
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r.WithContext(ctx))
		if rec.status < http.StatusBadRequest {
			_ = scope.Flush(ctx)
		}
	})
}

func middlewareByMethod(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context())
		defer scope.Discard()
		rec := wrap(w)
		next.ServeHTTP(rec, r.WithContext(ctx))
		if rec.Status() >= http.StatusBadRequest {
			return
		}
		_ = scope.Flush(ctx)
	})
}

func wrap(w http.ResponseWriter) interface {
	http.ResponseWriter
	Status() int
} {
	return &recorder{ResponseWriter: w}
}

func filled(ctx context.Context, failed *bool) { *failed = work(ctx) != nil }

func toldByVariable(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	var failed bool
	filled(ctx, &failed)
	if failed {
		return
	}
	_ = scope.Flush(ctx)
}

// A middleware that does not ask may lose all.
func middlewareByRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context())
		defer scope.Discard()
		r = r.WithContext(ctx)
		next.ServeHTTP(w, r)
		if r.Method == http.MethodGet {
			return // want `effects are silently lost`
		}
		_ = scope.Flush(ctx)
	})
}

// What the function's own object is set to says nothing of the work.
type service struct{ dry bool }

func (s *service) work(ctx context.Context) error { return work(ctx) }

func (s *service) do(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := s.work(ctx); err != nil {
		return
	}
	if s.dry {
		return // want `effects are silently lost`
	}
	_ = scope.Flush(ctx)
}
