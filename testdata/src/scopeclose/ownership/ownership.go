// Package ownership has scopes that go somewhere else to be closed.
package ownership

import (
	"context"
	"io"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

// A29, S37, B13
func begin(ctx context.Context) (context.Context, *airlock.Scope) {
	ctx, scope := airlock.Begin(ctx) // the caller's
	return ctx, scope
}

// B37
func direct(ctx context.Context) (context.Context, *airlock.Scope) {
	return airlock.Begin(ctx) // the caller's
}

// A30
func a30OnOnePath(ctx context.Context) *airlock.Scope {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 30`
	if cond() {
		return scope
	}
	return nil
}

// A31
func a31CallerLeaks(ctx context.Context) {
	_, scope := begin(ctx) // want `still open at the return on line 37`
	_ = scope.State()
}

func a31CallerLeaksDirect(ctx context.Context) {
	_, scope := direct(ctx) // want `still open at the return on line 42`
	_ = scope.State()
}

func a31CallerCloses(ctx context.Context) {
	_, scope := begin(ctx) // closed
	defer scope.Discard()
}

type service struct {
	scope *airlock.Scope
	ctx   context.Context
	done  func()
}

// A32
func (s *service) a32FieldOfParam(ctx context.Context) {
	_, s.scope = airlock.Begin(ctx) // the receiver's
}

// A33, B16
func a33Struct(ctx context.Context) *service {
	ctx, scope := airlock.Begin(ctx) // the caller's, in the struct
	return &service{scope: scope, ctx: ctx}
}

func a33StructValue(ctx context.Context) service {
	_, scope := airlock.Begin(ctx) // the caller's, in the struct
	return service{scope: scope}
}

// A34
func a34StructDropped(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 76`
	s := &service{scope: scope}
	s.state()
}

func (s *service) state() airlock.State { return s.scope.State() }

func (s *service) close() { s.scope.Discard() }

// B27
func b27ClosedByField(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the field
	s := &service{scope: scope}
	defer s.scope.Discard()
}

func b27ClosedByMethod(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed by the method
	s := &service{scope: scope}
	defer s.close()
}

func b27ClosedByFunc(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the function in the field
	s := &service{done: scope.Discard}
	defer s.done()
}

func b27AssignedField(ctx context.Context) {
	var s service
	_, s.scope = airlock.Begin(ctx) // closed by the method
	defer s.close()
}

func structCallerLeaks(ctx context.Context) {
	s := a33Struct(ctx) // want `the scope in this value is still open at the return on line 110: close it on every path`
	s.state()
}

func structCallerCloses(ctx context.Context) {
	s := a33Struct(ctx) // closed by the method
	defer s.close()
}

func structCallerStores(ctx context.Context, all map[string]*service) {
	all["x"] = a33Struct(ctx) // the map's
}

// A35
func a35Sent(ctx context.Context, c chan *airlock.Scope) {
	_, scope := airlock.Begin(ctx) // the receiver's
	c <- scope
}

// A36
func a36MapOfParam(ctx context.Context, m map[string]*airlock.Scope) {
	_, scope := airlock.Begin(ctx) // the map's
	m["x"] = scope
}

// A37
func a37Appended(ctx context.Context, n int) {
	var all []*airlock.Scope
	for range n {
		_, scope := airlock.Begin(ctx) // closed with all the others below
		all = append(all, scope)
	}
	for _, scope := range all {
		scope.Discard()
	}
}

func a37NeverClosed(ctx context.Context, n int) {
	var all []*airlock.Scope
	for range n {
		_, scope := airlock.Begin(ctx) // want `still open at the return on line 152`
		all = append(all, scope)
	}
	_ = len(all)
}

// A58
var shared *airlock.Scope

func a58PackageVariable(ctx context.Context) {
	_, shared = airlock.Begin(ctx) // an ordinary function that fills a package variable
}

// B25
type unit struct{ *airlock.Scope }

func (u unit) Close() error {
	u.Discard()
	return nil
}

func b25Closer(ctx context.Context) io.Closer {
	_, scope := airlock.Begin(ctx) // the caller's, as an io.Closer
	return unit{scope}
}

func b25CallerCloses(ctx context.Context) error {
	c := b25Closer(ctx) // closed by whatever its Close does
	return c.Close()
}

func b25CallerForgets(ctx context.Context) {
	_ = b25Closer(ctx) // want `the scope in this value is still open at the return on line 181`
}

// Embedded: Discard is promoted.
func embedded(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed through the struct that embeds it
	u := unit{scope}
	defer u.Discard()
}

// B18
func b18Alias(ctx context.Context) {
	s := service{}
	_, s.scope = airlock.Begin(ctx) // closed under its other name
	other := s.scope
	other.Discard()
}

// Functions that may fail to open one.
func try(ctx context.Context) (context.Context, *airlock.Scope, error) {
	if cond() {
		return ctx, nil, io.EOF
	}
	ctx, scope := airlock.Begin(ctx) // the caller's, where there is no error
	return ctx, scope, nil
}

func tried(ctx context.Context) error {
	ctx, scope, err := try(ctx) // where there is an error there is no scope
	if err != nil {
		return err
	}
	defer scope.Discard()
	return scope.Flush(ctx)
}

func triedInVain(ctx context.Context) error {
	_, scope, err := try(ctx) // want `still open at the return on line 222`
	if err != nil {
		return err
	}
	_ = scope.State()
	return nil
}

func maybe(ctx context.Context) (*airlock.Scope, bool) {
	if cond() {
		return nil, false
	}
	_, scope := airlock.Begin(ctx) // the caller's, if the answer is true
	return scope, true
}

func maybeCloses(ctx context.Context) {
	if scope, ok := maybe(ctx); ok { // where it is not ok there is no scope
		scope.Discard()
	}
}

// ensure opens a scope unless there is one.
func ensure(ctx context.Context) (context.Context, func()) {
	if _, ok := airlock.FromContext(ctx); ok {
		return ctx, func() {}
	}
	ctx, scope := airlock.Begin(ctx) // the caller's to close by the function
	return ctx, scope.Discard
}

func ensured(ctx context.Context) {
	_, done := ensure(ctx) // called
	defer done()
}

func ensuredInVain(ctx context.Context) {
	ensure(ctx) // want `the scope opened here is still open at the return on line 255`
}

// Put where others find it before the scope is put into it.
func published(ctx context.Context, all map[string]*service) *service {
	s := &service{}
	all["x"] = s
	_, s.scope = airlock.Begin(ctx) // whoever has the map has the scope
	return s
}

func publishedCaller(ctx context.Context, all map[string]*service) {
	published(ctx, all).state() // not the caller's
}

// An error that is always nil still says that there is a scope.
func neverFails(ctx context.Context) (*airlock.Scope, error) {
	_, scope := airlock.Begin(ctx)
	return scope, nil
}

func neverFailsCaller(ctx context.Context) error {
	scope, err := neverFails(ctx) // where there is an error there is no scope
	if err != nil {
		return err
	}
	scope.Discard()
	return nil
}

// A struct in a struct.
func nestedStruct(ctx context.Context) *struct{ service } {
	_, scope := airlock.Begin(ctx) // the caller's, two structs deep
	return &struct{ service }{service: service{done: scope.Discard, ctx: ctx}}
}

func nestedStructCaller(ctx context.Context) {
	nestedStruct(ctx).close() // closed
}
