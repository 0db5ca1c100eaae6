package airlock

import (
	"context"
	"fmt"
)

// Escape announces a direct effect: a client calls it right before one and does nothing if it returns an error. kind is one
// of airlockvet's, such as "mail" or "http"; what describes the effect, without secrets.
//
// The [EscapePolicy] ones of ctx are asked, the outermost first. The first error is returned, matching [ErrEscaped], and
// remembered as if an enqueue had been refused. Without any such policy the effect is only observed or, under [WithStrict],
// refused. Escape returns nil without a scope, and inside a dispatch: tasks are where effects belong.
func Escape(ctx context.Context, kind, what string) error {
	mustContext(ctx, "airlock.Escape")
	e := envOf(ctx)
	if e.scope == nil || e.dispatching || e.guarded {
		return nil
	}
	s := e.scope
	by, asked, err := e.chain.escape(e.chain.guarded(ctx), kind, what) // I13
	switch {
	case err != nil:
		pe := &PolicyError{Policy: by.policy, Err: fmt.Errorf("%w: %s: %s: %s: %w", ErrEscaped, kind, what, describe(by.policy), err)}
		pe.refusal = s.remember(pe, by.owner)
		err = pe
	case !asked && s.set.strict:
		err = fmt.Errorf("%w: %s: %s: the scope is strict; enqueue it", ErrEscaped, kind, what)
		s.remember(err, s)
	}
	tell(s.set.observers, ctx, EscapeEvent{Scope: s, Kind: kind, What: what, Err: err}, escaped)
	return err
}
