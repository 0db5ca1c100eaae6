package airlock

import (
	"context"
	"slices"
)

// A Policy says what may escape. It binds everything that is enqueued under its context: that of the scope it was given to
// with [WithPolicy], or that of [WithLocalPolicy]. Several policies must all agree.
//
//   - OnEnqueue is asked before the intent is buffered, the outermost policy first. An error refuses the intent: it is
//     returned to the caller and remembered, as a *[PolicyError].
//   - Allows is asked once for an intent, by the flush that would dispatch it, the outermost policy first. false drops it.
//     It should be cheap and have no side effects; [Intent.Verdict] asks it too.
//   - Both may be called concurrently, for different intents.
//   - Neither may enqueue: under the context that they are given, Enqueue, Flush and Go return [ErrPolicyEnqueue].
//   - A panic in OnEnqueue goes to the caller of Enqueue; one in Allows fails the intent.
//
// A policy that was given several times is asked once; of two that can't be compared, as functions can't, only the very same
// value is one.
type Policy interface {
	OnEnqueue(ctx context.Context, i *Intent) error
	Allows(ctx context.Context, i *Intent) bool
}

// A FlushPolicy is also told of each intent that every policy allowed, just before it is dispatched.
type FlushPolicy interface {
	Policy
	OnDispatch(ctx context.Context, i *Intent)
}

// An EscapePolicy is also asked about direct effects (see [Escape]). An error refuses the effect.
type EscapePolicy interface {
	Policy
	OnEscape(ctx context.Context, kind, what string) error
}

// Policies returns a policy that allows what all of ps allow, asked in order. Its members are told and asked about all that
// they want to hear of. Without members it is [AllowAll].
func Policies(ps ...Policy) Policy {
	for _, p := range ps {
		must(p != nil, "airlock.Policies", "nil Policy")
	}
	return &allOf{slices.Clone(ps)}
}

// WithLocalPolicy returns a context under which p binds as well, also without a scope: then it binds every scope that is
// opened below. It opens no scope: intents stay in the order of the scope around them.
func WithLocalPolicy(ctx context.Context, p Policy) context.Context {
	mustContext(ctx, "airlock.WithLocalPolicy")
	must(p != nil, "airlock.WithLocalPolicy", "nil Policy")
	e := *envOf(ctx)
	e.chain = e.chain.push(p, e.scope, false)
	return with(ctx, e)
}

// A link is one policy of those that bind a context. Links point outwards. // I5
type link struct {
	outer     *link
	policy    Policy
	owner     *Scope // the scope whose context it was put on, if any
	isDefault bool   // not authority: it ends with its scope
	foreign   bool   // it, or one further out, is the user's own and wants a guarded context
}

// push returns the chain with p on its inner end, unless p is on it already, or allows everything.
func (l *link) push(p Policy, owner *Scope, isDefault bool) *link {
	switch p := p.(type) {
	case nil, allowAll:
		return l
	case *allOf:
		for _, member := range p.members {
			l = l.push(member, owner, isDefault)
		}
		return l
	}
	if holding := l.holding(p, isDefault); holding != nil {
		return holding
	}
	_, ours := p.(builtin)
	return &link{l, p, owner, isDefault, !ours || l != nil && l.foreign}
}

// holding returns the chain, if p is on it, or nil. A p that was there by default counts as authority from now on, unless it is
// a default again.
func (l *link) holding(p Policy, isDefault bool) *link {
	switch {
	case l == nil:
		return nil
	case same(l.policy, p):
		return l.but(l.outer, l.isDefault && isDefault)
	}
	outer := l.outer.holding(p, isDefault)
	if outer == nil {
		return nil
	}
	return l.but(outer, l.isDefault)
}

// but returns a link like l, with these differences if they are any.
func (l *link) but(outer *link, isDefault bool) *link {
	if outer == l.outer && isDefault == l.isDefault {
		return l
	}
	c := *l
	c.outer, c.isDefault = outer, isDefault
	return &c
}

// authority returns the chain without defaults.
func (l *link) authority() *link {
	if l == nil {
		return nil
	}
	outer := l.outer.authority()
	if l.isDefault {
		return outer
	}
	return l.but(outer, false)
}

// guarded returns the context to ask l's policies with.
func (l *link) guarded(ctx context.Context) context.Context {
	if l != nil && l.foreign {
		return guard(ctx)
	}
	return ctx
}

// admit asks for leave to enqueue, outermost first, and returns the link that refused.
func (l *link) admit(ctx context.Context, i *Intent) (*link, error) {
	if l == nil {
		return nil, nil
	}
	if by, err := l.outer.admit(ctx, i); err != nil {
		return by, err
	}
	if err := l.policy.OnEnqueue(ctx, i); err != nil {
		return l, err
	}
	return nil, nil
}

// verdict returns the outermost policy that drops i, or nil.
func (l *link) verdict(ctx context.Context, i *Intent) Policy {
	if l == nil {
		return nil
	}
	if p := l.outer.verdict(ctx, i); p != nil {
		return p
	}
	if !l.policy.Allows(ctx, i) {
		return l.policy
	}
	return nil
}

// dispatching tells the policies that want to know, outermost first.
func (l *link) dispatching(ctx context.Context, i *Intent) {
	if l == nil {
		return
	}
	l.outer.dispatching(ctx, i)
	if p, ok := l.policy.(FlushPolicy); ok {
		p.OnDispatch(ctx, i)
	}
}

// escape asks for leave to perform a direct effect, outermost first. asked says whether anybody was.
func (l *link) escape(ctx context.Context, kind, what string) (by *link, asked bool, err error) {
	if l == nil {
		return nil, false, nil
	}
	if by, asked, err = l.outer.escape(ctx, kind, what); err != nil {
		return by, true, err
	}
	p, ok := l.policy.(EscapePolicy)
	if !ok {
		return nil, asked, nil
	}
	if err = p.OnEscape(ctx, kind, what); err != nil {
		return l, true, err
	}
	return nil, true, nil
}
