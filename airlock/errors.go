package airlock

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Conditions, to be told apart with [errors.Is]. The errors that match them name the task, the line that enqueued it
// and what to do.
var (
	// ErrNoScope: the context carries no scope.
	ErrNoScope = errors.New("airlock: no scope")
	// ErrScopeClosed: the scope has been flushed or discarded.
	ErrScopeClosed = errors.New("airlock: scope is closed")
	// ErrPolicyEnqueue: a policy, an observer or a propagator tried to enqueue, to flush or to start a goroutine.
	ErrPolicyEnqueue = errors.New("airlock: not allowed inside a policy, observer or propagator")
	// ErrNotSerializable: the intent can't travel to another process.
	ErrNotSerializable = errors.New("airlock: not serializable")
	// ErrNotDeferrable: the intent asks for a delay that its executor can't give.
	ErrNotDeferrable = errors.New("airlock: not deferrable")
	// ErrReentrancyLimit: tasks enqueue tasks that enqueue tasks, sixteen deep.
	ErrReentrancyLimit = errors.New("airlock: re-entrancy limit reached")
	// ErrOpenChildren: a scope begun below this one is still open, or the caller is a goroutine that it waits for.
	ErrOpenChildren = errors.New("airlock: nested scopes are still open")
	// ErrEscaped: a direct effect was refused.
	ErrEscaped = errors.New("airlock: direct effect refused")
	// ErrCommitted: the transaction has committed, but not all of its effects were dispatched. Don't run it again.
	ErrCommitted = errors.New("airlock: committed, but effects were not dispatched")
	// ErrInDoubt: the transaction's function succeeded and the commit reported an error: it may or may not have
	// taken place. The effects were discarded.
	ErrInDoubt = errors.New("airlock: commit in doubt, effects discarded")
	// ErrPoolClosed: the pool takes no more work.
	ErrPoolClosed = errors.New("airlock: pool is closed")
	// ErrUnknownTask: a message names a task that this registry has no function for.
	ErrUnknownTask = errors.New("airlock: unknown task")
	// ErrBadPayload: a message's payload doesn't decode into the task's argument.
	ErrBadPayload = errors.New("airlock: bad payload")
)

var (
	errTxFlush     = errors.New("airlock: InTx flushes this scope itself, after the commit")
	errJoinedAlone = errors.New("airlock: InTx joined a transaction that is open already, and no scope around it could hold its effects until that commits: don't detach the context, or let it begin one of its own")
	errUnfinished  = errors.New("the task did not return")
	errDropped     = errors.New("dropped by policy")
	errGoexit      = errors.New("goroutine exited (runtime.Goexit)")
	errNoEffects   = errors.New("no effects are allowed here")
	errBlocked     = errors.New("the task is blocked")
)

// A PolicyError says that a policy refused an intent or, with a nil Intent, a direct effect; from [Intent.Verdict], that
// it will drop one. Err is the policy's own error.
type PolicyError struct {
	Policy Policy
	Intent *Intent
	Err    error

	refusal *refusal
}

func (e *PolicyError) Error() string {
	if e.Intent == nil {
		return fmt.Sprint(e.Err) // Escape has said it all
	}
	return fmt.Sprintf("airlock: %s: %s: %v", describe(e.Policy), e.Intent.where(), e.Err)
}

// Unwrap returns Err.
func (e *PolicyError) Unwrap() error { return e.Err }

// Handled takes the refusal back that the scopes remember: the caller has another way, and the scope may flush the rest.
// It has no effect once the scope has closed, and on an error that no scope remembers.
func (e *PolicyError) Handled() {
	if e.refusal != nil {
		e.refusal.handled.Store(true) // I4
	}
}

// A FlushError says that not every allowed intent was dispatched. Its Report tells which.
type FlushError struct {
	Report *Report
}

func (e *FlushError) Error() string {
	var b strings.Builder
	failed, skipped := e.Report.Count(OutcomeFailed), e.Report.Count(OutcomeSkipped)
	fmt.Fprintf(&b, "airlock: flush: %d of %d failed", failed, failed+skipped+e.Report.Count(OutcomeDispatched))
	if skipped > 0 {
		fmt.Fprintf(&b, ", %d skipped", skipped)
	}
	for _, r := range e.Report.results {
		if r.Err != nil && r.Outcome == OutcomeFailed {
			fmt.Fprintf(&b, "\n%s: %v", r.Intent.where(), r.Err) // I18
		}
	}
	return b.String()
}

// Unwrap returns the errors of the intents that failed or were skipped, in the order in which they were enqueued.
func (e *FlushError) Unwrap() []error {
	var errs []error
	for _, r := range e.Report.results {
		if r.Err != nil && (r.Outcome == OutcomeFailed || r.Outcome == OutcomeSkipped) {
			errs = append(errs, r.Err)
		}
	}
	return errs
}

// A PanicError is a panic that was caught in a task, an executor or a goroutine of [Go].
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // of the goroutine that panicked, as debug.Stack formats it
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the Value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// describe names a policy or an executor: by its String method or by its type, never by its contents.
func describe(v any) string {
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprintf("%T", v)
}

// joinNew joins to err those of more that it doesn't wrap already. Without any it returns err itself.
func joinNew(err error, more []error) error {
	all := []error{err}
	for _, m := range more {
		if m != nil && (err == nil || !errors.Is(err, m)) {
			all = append(all, m)
		}
	}
	if len(all) == 1 {
		return err
	}
	return errors.Join(all...)
}

// must panics, as context does, when a call was given nil where that is a programming error.
func must(ok bool, call, what string) {
	if !ok {
		panic(call + ": " + what) // I1
	}
}

func mustContext(ctx context.Context, call string) { must(ctx != nil, call, "nil Context") }

func mustOptions(opts []ScopeOption, call string) {
	for _, opt := range opts {
		must(opt != nil, call, "nil ScopeOption")
	}
}
