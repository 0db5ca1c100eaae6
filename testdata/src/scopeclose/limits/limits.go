// Package limits has what the check is silent on although there is something to say.
package limits

import (
	"context"

	"github.com/airlock-go/airlock/airlock"
)

type pair struct{ one, two *airlock.Scope }

func (p *pair) close() { p.one.Discard() }

// Two scopes in one struct are not told apart once the struct is handed on.
func twoInOne(ctx context.Context) {
	_, one := airlock.Begin(ctx)
	_, two := airlock.Begin(ctx)
	p := &pair{one, two}
	p.close()
}

// In the same function they are.
func twoInView(ctx context.Context) {
	_, one := airlock.Begin(ctx)
	_, two := airlock.Begin(ctx) // want `still open at the return`
	p := &pair{one, two}
	p.one.Discard()
}

type opener interface {
	Begin(ctx context.Context) (context.Context, *airlock.Scope)
}

// What a method of an interface returns may be somebody else's to close.
func fromInterface(ctx context.Context, o opener) {
	_, scope := o.Begin(ctx)
	_ = scope.State()
}

var begin = airlock.Begin

// So may what a function value in a package variable returns.
func fromVariable(ctx context.Context) {
	_, scope := begin(ctx)
	_ = scope.State()
}

// A channel's receiver is taken to close what it receives.
func neverReceived(ctx context.Context) {
	c := make(chan *airlock.Scope, 1)
	_, scope := airlock.Begin(ctx)
	c <- scope
}

type guarded struct {
	scope *airlock.Scope
	on    bool
}

func (g *guarded) close() {
	if g.on {
		g.scope.Discard()
	}
}

// A struct that closes its scope under a condition is taken to know why.
func ownFlag(ctx context.Context) {
	_, scope := airlock.Begin(ctx)
	g := &guarded{scope: scope}
	defer g.close()
}

type room struct {
	ctx   context.Context
	scope *airlock.Scope
}

func newRoom() *room {
	ctx, scope := airlock.Begin(context.Background())
	return &room{ctx, scope}
}

// Where the scope around another one is in a struct, nobody sees that it ends both.
func inStruct() {
	r := newRoom()
	defer r.scope.Discard()
	_, scope := airlock.Begin(r.ctx) // want `still open at the return`
	_ = scope.State()
}

func busy() bool { return false }

func opensUnlessBusy(ctx context.Context) func() {
	_, scope := airlock.Begin(ctx)
	return func() {
		if !busy() {
			scope.Discard()
		}
	}
}

// A cleanup function that closes under a condition is taken to know why: it may have been called before.
func unlessBusy(ctx context.Context) {
	done := opensUnlessBusy(ctx)
	defer done()
}
