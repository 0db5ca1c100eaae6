package airlock

import (
	"context"
	"log/slog"
	"time"
)

// An Observer hears of what happens in a scope and in every scope nested in it; one given to [SetDefault] or [New], of
// everything. Nil fields are skipped; the zero value hears nothing. Its functions may be called concurrently.
//
//   - They are called in the goroutine of the event, and no lock is held.
//   - What happens to an intent is told to the observers of the scope that it was enqueued in.
//   - The context can't be enqueued with: Enqueue, Flush and Go return [ErrPolicyEnqueue].
//   - A panic is recovered and logged.
type Observer struct {
	// Enqueued: a scope has taken the intent.
	Enqueued func(ctx context.Context, e IntentEvent)
	// Rejected: a policy, the executor or the re-entrancy limit has refused the intent. Err says why.
	Rejected func(ctx context.Context, e IntentEvent)
	// Late: the intent was enqueued on a scope that has closed.
	Late func(ctx context.Context, e IntentEvent)
	// Ran: the task has been run in this process, also by a pool after the flush, or by a worker. Scope is nil.
	Ran func(ctx context.Context, e IntentEvent)
	// Lost: the intent's transaction has committed, and a scope that had captured it was discarded.
	Lost func(ctx context.Context, e IntentEvent)

	// Escaped: a client announced a direct effect. Err says whether it was refused.
	Escaped func(ctx context.Context, e EscapeEvent)

	// Flushing: a scope has been closed to dispatch what it holds, or what of that enclosing scopes did not capture. The context
	// returned becomes that of the dispatch, and of Closed.
	Flushing func(ctx context.Context, e ScopeEvent) context.Context
	// Dispatching: the intent is about to be handed to its executor. The context returned becomes the executor's, unless
	// that takes intents in batches, and that of Dispatched.
	Dispatching func(ctx context.Context, e IntentEvent) context.Context
	// Dispatched: the intent's Outcome in this scope, whatever it is. Only those Dispatched or Failed had a Dispatching. For a
	// TxExecutor both come before the commit.
	Dispatched func(ctx context.Context, e IntentEvent)

	// Closed: the scope is done: its flush is over, or it was discarded.
	Closed func(ctx context.Context, e ScopeEvent)
	// Leaked: a scope of Begin was garbage collected with intents in it, neither flushed nor discarded. Scope is nil.
	Leaked func(ctx context.Context, e ScopeEvent)
}

// An IntentEvent says what has happened to an intent.
type IntentEvent struct {
	Scope    *Scope
	Intent   *Intent
	Outcome  Outcome
	Err      error
	Policy   Policy        // who refused or dropped it
	Duration time.Duration // of the execution; for a batch, of all of it
}

// A ScopeEvent says what has happened to a scope.
type ScopeEvent struct {
	Scope   *Scope
	State   State
	Intents int    // how many it holds
	Begun   string // "file.go:123" of the call of Begin; "" for Run and InTx
	First   string // "file.go:123" of the first Enqueue
	Err     error  // of the flush
}

// An EscapeEvent says that a direct effect was announced.
type EscapeEvent struct {
	Scope *Scope
	Kind  string
	What  string
	Err   error // nil: nobody objected
}

func enqueued(o *Observer) func(context.Context, IntentEvent)   { return o.Enqueued }
func rejected(o *Observer) func(context.Context, IntentEvent)   { return o.Rejected }
func late(o *Observer) func(context.Context, IntentEvent)       { return o.Late }
func ran(o *Observer) func(context.Context, IntentEvent)        { return o.Ran }
func lost(o *Observer) func(context.Context, IntentEvent)       { return o.Lost }
func dispatched(o *Observer) func(context.Context, IntentEvent) { return o.Dispatched }
func closed(o *Observer) func(context.Context, ScopeEvent)      { return o.Closed }
func leaked(o *Observer) func(context.Context, ScopeEvent)      { return o.Leaked }
func escaped(o *Observer) func(context.Context, EscapeEvent)    { return o.Escaped }

func (set *settings) notify(ctx context.Context, e IntentEvent, of func(*Observer) func(context.Context, IntentEvent)) {
	tell(set.observers, ctx, e, of)
}

func (set *settings) notifyScope(ctx context.Context, e ScopeEvent, of func(*Observer) func(context.Context, ScopeEvent)) {
	tell(set.observers, ctx, e, of)
}

// tell calls what the observers have for an event.
func tell[E any](observers []*Observer, ctx context.Context, e E, of func(*Observer) func(context.Context, E)) {
	guarded := context.Context(nil)
	for _, o := range observers {
		if f := of(o); f != nil {
			if guarded == nil {
				guarded = guard(ctx) // I12
			}
			call1(f, guarded, e)
		}
	}
}

func call1[E any](f func(context.Context, E), ctx context.Context, e E) {
	defer observerPanic()
	f(ctx, e)
}

// call2 returns f's context, or ctx if that is nil or f panics.
func call2[E any](f func(context.Context, E) context.Context, ctx context.Context, e E) (out context.Context) {
	out = ctx
	defer observerPanic()
	if c := f(ctx, e); c != nil {
		out = c
	}
	return out
}

func observerPanic() {
	if v := recover(); v != nil {
		slog.Error("airlock: an observer panicked", "error", caught(v))
	}
}

// flushing asks the observers for the context of a dispatch. It still carries what ctx carries.
func (set *settings) flushing(ctx context.Context, e ScopeEvent) context.Context {
	guarded := guard(ctx)
	for _, o := range set.observers {
		if o.Flushing != nil {
			guarded = call2(o.Flushing, guarded, e)
		}
	}
	return with(guarded, *envOf(ctx))
}

// dispatching asks the observers for the context of one intent. It still carries what ctx carries.
func (set *settings) dispatching(ctx context.Context, e IntentEvent) context.Context {
	out := ctx
	for _, o := range set.observers {
		if o.Dispatching != nil {
			out = call2(o.Dispatching, guard(out), e)
		}
	}
	if out == ctx {
		return ctx
	}
	return with(out, *envOf(ctx))
}

// event describes s for its observers.
func (s *Scope) event(err error) ScopeEvent {
	list := inOrder(s.lists())
	e := ScopeEvent{Scope: s, State: s.State(), Intents: len(list), Err: err}
	if s.begun != 0 {
		e.Begun = position(s.begun)
	}
	if len(list) > 0 {
		e.First = list[0].Caller()
	}
	return e
}
