// Package further has shapes of closing code as it is written around spans, rows, transactions and cancel functions.
package further

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/airlock-go/airlock/airlock"
)

var notify = airlock.NewTask("notify", func(context.Context, int) error { return nil })

func cond() bool { return false }

func use(ctx context.Context) error { return ctx.Err() }

// The error decides in a deferred literal: the idiom of transactions.
func commitOrRollback(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		if err != nil {
			scope.Discard()
			return
		}
		err = scope.Flush(ctx)
	}()
	return use(ctx)
}

func commitOrNothing(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	defer func() {
		if err == nil {
			err = scope.Flush(ctx)
		}
	}()
	return use(ctx)
}

func panicOrError(ctx context.Context) (err error) {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		if p := recover(); p != nil {
			scope.Discard()
			panic(p)
		} else if err != nil {
			scope.Discard()
		} else {
			err = scope.Flush(ctx)
		}
	}()
	return use(ctx)
}

func recovered(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("recovered: %v", p)
		}
	}()
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := use(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func done(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	committed := false
	defer func() {
		if !committed {
			scope.Discard()
		}
	}()
	if err := use(ctx); err != nil {
		return err
	}
	committed = true
	return scope.Flush(ctx)
}

func doneTooEarly(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	committed := false
	defer func() {
		if !committed {
			scope.Discard()
		}
	}()
	committed = true
	if err := use(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

func niledAfter(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	defer func() {
		if scope != nil {
			scope.Discard()
		}
	}()
	if err := use(ctx); err != nil {
		return err
	}
	err := scope.Flush(ctx)
	scope = nil
	return err
}

func niledBefore(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	defer func() {
		if scope != nil {
			scope.Discard()
		}
	}()
	scope = nil
	return use(ctx)
}

func once(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	var o sync.Once
	stop := func() { o.Do(scope.Discard) }
	defer stop()
	if cond() {
		stop()
	}
	_ = use(ctx)
}

func onceFunc(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	stop := sync.OnceFunc(scope.Discard)
	defer stop()
	_ = use(ctx)
}

func labelledBreak(ctx context.Context, in chan int) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
loop:
	for {
		select {
		case n, ok := <-in:
			if !ok {
				break loop
			}
			if n == 0 {
				scope.Discard()
				return
			}
		case <-ctx.Done():
			scope.Discard()
			return
		}
	}
}

func labelledBreakCloses(ctx context.Context, in chan int) {
	ctx, scope := airlock.Begin(ctx)
loop:
	for {
		select {
		case n, ok := <-in:
			if !ok || n == 0 {
				break loop
			}
		case <-ctx.Done():
			break loop
		}
	}
	scope.Discard()
}

func retryLoop(ctx context.Context) error {
	var err error
	for range 3 {
		inner, scope := airlock.Begin(ctx)
		if err = use(inner); err == nil {
			return scope.Flush(inner)
		}
		scope.Discard()
	}
	return err
}

func retryLoopLeaks(ctx context.Context) error {
	for range 3 {
		inner, scope := airlock.Begin(ctx) // want `still open when the next one takes its place|still open at the return`
		if err := use(inner); err == nil {
			return scope.Flush(inner)
		}
	}
	return errors.New("gave up")
}

func gotoRetry(ctx context.Context) error {
	n := 0
retry:
	inner, scope := airlock.Begin(ctx)
	err := use(inner)
	if err != nil {
		scope.Discard()
		if n++; n < 3 {
			goto retry
		}
		return err
	}
	return scope.Flush(inner)
}

func inGroup(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for i := range 3 {
		g.Go(func() error {
			ctx, scope := airlock.Begin(airlock.Detach(ctx))
			defer scope.Discard()
			if err := notify.Enqueue(ctx, i); err != nil {
				return err
			}
			return scope.Flush(ctx)
		})
	}
	return g.Wait()
}

func inGroupLeaks(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		ctx, scope := airlock.Begin(airlock.Detach(ctx)) // want `still open at the return`
		if err := use(ctx); err != nil {
			return err
		}
		return scope.Flush(ctx)
	})
	return g.Wait()
}

func closedByGroup(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	var g errgroup.Group
	g.Go(func() error {
		defer scope.Discard()
		return use(ctx)
	})
	return g.Wait()
}

type span struct{ *airlock.Scope }

func startSpan(ctx context.Context) (context.Context, span) {
	ctx, scope := airlock.Begin(ctx)
	return ctx, span{scope}
}

func promoted(ctx context.Context) {
	ctx, s := startSpan(ctx)
	defer s.Discard()
	_ = use(ctx)
}

func promotedNever(ctx context.Context) {
	ctx, s := startSpan(ctx) // want `the scope in this value is still open`
	_ = use(ctx)
	_ = s.State()
}

type ender interface{ End() }

type spanEnder struct{ scope *airlock.Scope }

func (s spanEnder) End() { s.scope.Discard() }

func startEnder(ctx context.Context) (context.Context, ender) {
	ctx, scope := airlock.Begin(ctx)
	return ctx, spanEnder{scope}
}

func endsInterface(ctx context.Context) {
	ctx, s := startEnder(ctx)
	defer s.End()
	_ = use(ctx)
}

func neverEnds(ctx context.Context) {
	ctx, s := startEnder(ctx) // want `still open at the return`
	_ = use(ctx)
	_ = s
}

type config struct{ opts []airlock.ScopeOption }

type option func(*config)

func strictly() option {
	return func(c *config) { c.opts = append(c.opts, airlock.WithStrict()) }
}

func open(ctx context.Context, opts ...option) (context.Context, *airlock.Scope) {
	var c config
	for _, o := range opts {
		o(&c)
	}
	return airlock.Begin(ctx, c.opts...)
}

func withOptions(ctx context.Context) error {
	ctx, scope := open(ctx, strictly())
	defer scope.Discard()
	return scope.Flush(ctx)
}

func withOptionsLeaks(ctx context.Context) error {
	ctx, scope := open(ctx, strictly()) // want `still open at the return`
	if err := use(ctx); err != nil {
		return err
	}
	return scope.Flush(ctx)
}

// A wrapper of a wrapper of a wrapper.
func open2(ctx context.Context) (context.Context, func(error) error, error) {
	ctx, scope := open(ctx)
	if err := use(ctx); err != nil {
		scope.Discard()
		return nil, nil, err
	}
	return ctx, func(err error) error {
		if err != nil {
			scope.Discard()
			return err
		}
		return scope.Flush(ctx)
	}, nil
}

func open3(ctx context.Context) (context.Context, func(error) error, error) { return open2(ctx) }

func wrapped(ctx context.Context) (err error) {
	ctx, end, err := open3(ctx)
	if err != nil {
		return err
	}
	defer func() { err = end(err) }()
	return use(ctx)
}

func wrappedLeaks(ctx context.Context) error {
	ctx, end, err := open3(ctx) // want `still open at the return`
	if err != nil {
		return err
	}
	if err := use(ctx); err != nil {
		return err
	}
	return end(nil)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func tryOpen(ctx context.Context) (*airlock.Scope, error) {
	if cond() {
		return nil, errors.New("no")
	}
	_, scope := airlock.Begin(ctx)
	return scope, nil
}

func mustOpen(ctx context.Context) {
	scope := must(tryOpen(ctx))
	defer scope.Discard()
}

func mustOpenLeaks(ctx context.Context) {
	scope := must(tryOpen(ctx)) // want `still open at the return`
	_ = scope.State()
}

func each(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func rangeOverFunc(ctx context.Context) error {
	for range each(3) {
		inner, scope := airlock.Begin(ctx)
		if err := use(inner); err != nil {
			scope.Discard()
			return err
		}
		if err := scope.Flush(inner); err != nil {
			return err
		}
	}
	return nil
}

func rangeOverFuncLeaks(ctx context.Context) error {
	for range each(3) {
		inner, scope := airlock.Begin(ctx) // want `still open`
		if err := use(inner); err != nil {
			return err
		}
		if err := scope.Flush(inner); err != nil {
			return err
		}
	}
	return nil
}

// An iterator that owns a scope as long as it is ranged over.
func scoped(ctx context.Context) iter.Seq[context.Context] {
	return func(yield func(context.Context) bool) {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard()
		for cond() {
			if !yield(ctx) {
				return // want `effects are silently lost`
			}
		}
	} // want `effects are silently lost`
}

func scopedFlushed(ctx context.Context) iter.Seq[context.Context] {
	return func(yield func(context.Context) bool) {
		ctx, scope := airlock.Begin(ctx)
		defer scope.Discard()
		for cond() {
			if !yield(ctx) {
				break
			}
		}
		_ = scope.Flush(ctx)
	}
}

func scopedLeaks(ctx context.Context) iter.Seq[context.Context] {
	return func(yield func(context.Context) bool) {
		ctx, scope := airlock.Begin(ctx) // want `still open at the return`
		for cond() {
			if !yield(ctx) {
				return
			}
		}
		scope.Discard()
	} // want `effects are silently lost`
}

func channelOfScopes(ctx context.Context, out chan<- *airlock.Scope) {
	_, scope := airlock.Begin(ctx) // the receiver's
	select {
	case out <- scope:
	case <-ctx.Done():
		scope.Discard()
	}
}

func channelOfScopesLeaks(ctx context.Context, out chan<- *airlock.Scope) {
	_, scope := airlock.Begin(ctx) // want `still open at the return`
	select {
	case out <- scope:
	case <-ctx.Done():
	}
}

func drains(ctx context.Context, in <-chan *airlock.Scope) {
	for scope := range in { // opened elsewhere
		scope.Discard()
	}
}

func timer(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx)
	t := time.AfterFunc(time.Second, scope.Discard)
	defer t.Stop()
	_ = use(ctx)
}

func deferredEvaluatedEarly(ctx context.Context) {
	var scope *airlock.Scope
	defer scope.Discard()           // evaluated while it is nil
	ctx, scope = airlock.Begin(ctx) // want `still open at the return`
	_ = use(ctx)
}

func deferredLiteralEvaluatedLate(ctx context.Context) {
	var scope *airlock.Scope
	defer func() { scope.Discard() }()
	ctx, scope = airlock.Begin(ctx)
	_ = use(ctx)
}

func swapped(ctx context.Context) {
	_, a := airlock.Begin(ctx)
	_, b := airlock.Begin(ctx)
	a, b = b, a
	a.Discard()
	b.Discard()
}

func swappedLeaks(ctx context.Context) {
	_, a := airlock.Begin(ctx) // want `still open at the return`
	_, b := airlock.Begin(ctx)
	a, b = b, a
	a.Discard()
	_ = b
}

func switchFallthrough(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx)
	switch n {
	case 0:
		fallthrough
	case 1:
		scope.Discard()
	default:
		scope.Discard()
	}
}

func typeSwitchLeaks(ctx context.Context, v any) {
	_, scope := airlock.Begin(ctx) // want `still open at the return`
	switch v.(type) {
	case int:
		scope.Discard()
	case string, error:
		scope.Discard()
	}
}

func newTestScope(t testing.TB) context.Context {
	t.Helper()
	ctx, scope := airlock.Begin(t.Context())
	t.Cleanup(scope.Discard)
	return ctx
}

func newTestScopeChecked(t testing.TB) context.Context {
	t.Helper()
	ctx, scope := airlock.Begin(t.Context())
	t.Cleanup(func() {
		if err := scope.Flush(ctx); err != nil {
			t.Error(err)
		}
	})
	return ctx
}

func newTestScopeForgets(t testing.TB) context.Context {
	t.Helper()
	ctx, scope := airlock.Begin(t.Context()) // want `still open at the return`
	if scope.State() != airlock.Open {
		t.Fatal("not open")
	}
	return ctx
}

type server struct {
	scope *airlock.Scope
	ctx   context.Context
}

func (s *server) start(ctx context.Context) {
	s.ctx, s.scope = airlock.Begin(ctx) // closed by stop
}

func (s *server) stop() { s.scope.Discard() }

func newServer(ctx context.Context) (*server, error) {
	s := &server{}
	s.ctx, s.scope = airlock.Begin(ctx)
	if err := use(s.ctx); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func newServerLeaks(ctx context.Context) (*server, error) {
	s := &server{}
	s.ctx, s.scope = airlock.Begin(ctx) // want `still open at the return`
	if err := use(s.ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func serves(ctx context.Context) error {
	s, err := newServer(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	return use(s.ctx)
}

func servesLeaks(ctx context.Context) error {
	s, err := newServer(ctx) // want `the scope in this value is still open`
	if err != nil {
		return err
	}
	return use(s.ctx)
}

func allOrNothing(ctx context.Context, n int) (scopes []*airlock.Scope, err error) {
	defer func() {
		if err != nil {
			for _, s := range scopes {
				s.Discard()
			}
		}
	}()
	for range n {
		inner, scope := airlock.Begin(ctx)
		scopes = append(scopes, scope)
		if err := use(inner); err != nil {
			return scopes, err
		}
	}
	return scopes, nil
}

// The deferred literal sees what the return has put into the result.
func allOrNone(ctx context.Context, n int) (scopes []*airlock.Scope, err error) {
	defer func() {
		if err != nil {
			for _, s := range scopes {
				s.Discard()
			}
		}
	}()
	for range n {
		inner, scope := airlock.Begin(ctx) // want `still open at the return`
		scopes = append(scopes, scope)
		if err := use(inner); err != nil {
			return nil, err
		}
	}
	return scopes, nil
}

func generic[T any](ctx context.Context, f func(context.Context) (T, error)) (zero T, err error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	v, err := f(ctx)
	if err != nil {
		return zero, err
	}
	return v, scope.Flush(ctx)
}

func genericLeaks[T any](ctx context.Context, f func(context.Context) (T, error)) (zero T, err error) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	v, err := f(ctx)
	if err != nil {
		return zero, err
	}
	return v, scope.Flush(ctx)
}

func methodExpression(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	defer (*airlock.Scope).Discard(scope)
}

func ifInit(ctx context.Context) error {
	if ctx, scope := airlock.Begin(ctx); cond() {
		defer scope.Discard()
		return scope.Flush(ctx)
	} else {
		scope.Discard()
	}
	return nil
}

func deferInBranch(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	if cond() {
		defer scope.Discard()
	}
	_ = use(ctx)
}

func errorsJoined(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	err := use(ctx)
	if err == nil {
		return scope.Flush(ctx)
	}
	scope.Discard()
	return errors.Join(err, errors.New("not done"))
}

func flushedInCondition(ctx context.Context) error {
	ctx, scope := airlock.Begin(ctx)
	if err := errors.Join(use(ctx), scope.Flush(ctx)); err != nil {
		return err
	}
	return nil
}

type stack struct{ scopes []*airlock.Scope }

func (s *stack) push(ctx context.Context) context.Context {
	ctx, scope := airlock.Begin(ctx) // the stack's
	s.scopes = append(s.scopes, scope)
	return ctx
}

func (s *stack) pop() {
	last := s.scopes[len(s.scopes)-1]
	s.scopes = s.scopes[:len(s.scopes)-1]
	last.Discard()
}

// A unit ends its scope as its caller's error says.
type unit struct {
	ctx   context.Context
	scope *airlock.Scope
}

func newUnit(ctx context.Context) *unit {
	ctx, scope := airlock.Begin(ctx)
	return &unit{ctx, scope}
}

func (u *unit) end(err *error) {
	if *err != nil {
		u.scope.Discard()
		return
	}
	*err = u.scope.Flush(u.ctx)
}

func ended(ctx context.Context) (err error) {
	u := newUnit(ctx)
	defer u.end(&err)
	return use(u.ctx)
}

func neverEnded(ctx context.Context) error {
	u := newUnit(ctx) // want `the scope in this value is still open`
	return use(u.ctx)
}

// Only a panic is recovered from: without one, nothing closes the scope, and nothing is discarded.
func closedAfterPanic(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // want `still open at the return`
	defer func() {
		if p := recover(); p != nil {
			scope.Discard()
		}
	}()
	_ = use(ctx)
}

type settings struct{ scoped, strict bool }

type service struct {
	settings settings
	nested   *settings
	running  bool
}

// A setting says the same wherever it is read.
func (s *service) asSet(ctx context.Context) error {
	var scope *airlock.Scope
	if s.settings.scoped {
		ctx, scope = airlock.Begin(ctx)
	}
	err := use(ctx)
	if !s.settings.scoped {
		return err
	}
	if err != nil {
		scope.Discard()
		return err
	}
	return scope.Flush(ctx)
}

func asSetByValue(ctx context.Context, set settings) error {
	var scope *airlock.Scope
	if set.scoped {
		ctx, scope = airlock.Begin(ctx)
		defer func() {
			if set.scoped {
				scope.Discard()
			}
		}()
	}
	return ctx.Err()
}

func (s *service) asSetElsewhere(ctx context.Context) error {
	var scope *airlock.Scope
	if s.nested.scoped {
		ctx, scope = airlock.Begin(ctx) // want `still open at the return`
	}
	if s.settings.scoped { // another one
		return scope.Flush(ctx)
	}
	return nil
}

// A field that is written is no setting.
func (s *service) asWritten(ctx context.Context) error {
	var scope *airlock.Scope
	if s.running {
		ctx, scope = airlock.Begin(ctx) // want `still open at the return`
	}
	s.running = false
	if s.running {
		return scope.Flush(ctx)
	}
	return nil
}
