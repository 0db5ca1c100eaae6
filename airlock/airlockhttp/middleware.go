package airlockhttp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

// dispatchTimeout bounds the flush of a request's scope: a handler that has answered must not hang on an effect.
const dispatchTimeout = 30 * time.Second

// Config is the long form of [Middleware]. The zero Config is what Middleware uses. A Config may be copied, and its middleware is
// safe for concurrent use.
type Config struct {
	// Scope are the options of each request's scope.
	Scope []airlock.ScopeOption

	// Airlock opens the scopes. By default, the package-level [airlock.Begin] does.
	Airlock *airlock.Airlock

	// BeforeHeaders flushes when the response's headers would go out, so that a failed flush becomes a 500. By default, the scope
	// is flushed after the handler has returned.
	BeforeHeaders bool

	// ShouldFlush decides by the status of the response; it is not asked after a panic. By default, a status below 400 flushes.
	ShouldFlush func(status int) bool

	// OnError hears of a flush that failed. If the headers are not out yet (always with BeforeHeaders) w is fresh and OnError answers
	// the request; otherwise what is written to w is lost or appended to the body. By default, the error is logged
	// with log/slog and an unanswered request is answered with a 500.
	OnError func(w http.ResponseWriter, r *http.Request, err error)
}

// Middleware returns a middleware that opens a scope with these options around each request, flushes it after the handler when the
// status is below 400, and discards it otherwise. See [Config] for more.
func Middleware(opts ...airlock.ScopeOption) func(http.Handler) http.Handler {
	return Config{Scope: opts}.Middleware
}

// Middleware wraps next. It panics if next is nil.
func (c Config) Middleware(next http.Handler) http.Handler {
	if next == nil {
		panic("airlockhttp: Middleware of a nil http.Handler")
	}
	opts := append([]airlock.ScopeOption{
		airlock.WithDispatchTimeout(dispatchTimeout),
		airlock.WithCapture(captureUncommitted),
	}, c.Scope...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := c.begin(r.Context(), opts)
		defer scope.Discard()
		e := newExchange(c, scope, w, r.WithContext(ctx))
		next.ServeHTTP(e.wrap(w), e.request)
		e.finish()
	})
}

func (c Config) begin(ctx context.Context, opts []airlock.ScopeOption) (context.Context, *airlock.Scope) {
	if c.Airlock != nil {
		return c.Airlock.Begin(ctx, opts...)
	}
	return airlock.Begin(ctx, opts...)
}

// captureUncommitted releases what a transaction has committed: the answer to the request can't take it back.
func captureUncommitted(_ *airlock.Scope, i *airlock.Intent) bool { return !i.Committed() }

func (c Config) shouldFlush(status int) bool {
	if c.ShouldFlush != nil {
		return c.ShouldFlush(status)
	}
	return status < http.StatusBadRequest
}

func (c Config) onError(w http.ResponseWriter, r *http.Request, err error, answered bool) {
	if c.OnError != nil {
		c.OnError(w, r, err)
		return
	}
	slog.ErrorContext(r.Context(), "airlockhttp: the effects of a request failed", "method", r.Method, "pattern", r.Pattern, "error", err)
	if !answered {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}
