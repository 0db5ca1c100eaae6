// Package airlock lets code express side effects anywhere, and its callers control whether and when they escape.
//
// Domain code says what should happen:
//
//	func (o *Order) Process(ctx context.Context) error {
//		o.Status = "processed"
//		return airlock.Enqueue(ctx, NotifyWarehouse, o.ID)
//	}
//
// Whoever calls it decides, with a [Scope] that the context carries, what becomes of it:
//
//	// Dispatch when all went well.
//	err := airlock.Run(ctx, order.Process)
//
//	// Dispatch after the commit.
//	err := airlock.InTx(ctx, airlocksql.Transact(db, nil), order.Process)
//
//	// A migration: nothing escapes.
//	err := airlock.Run(ctx, order.Process, airlock.WithPolicy(airlock.DropAll()))
//
//	// A test: nothing may even try to.
//	err := airlock.Run(ctx, order.Process, airlock.WithPolicy(airlock.AssertNoEffects()))
//
// Three questions have one answer each. The [Scope] says when effects leave: at its flush. A [Policy] says what may leave. An
// [Executor] says how: in this goroutine ([Inline]), in others ([Parallel], [Pool]), through a queue.
//
// # What holds
//
// Each line that keeps one of these invariants cites it, as does each test that proves it.
//
//  1. No scope is an error. Enqueue without a scope returns [ErrNoScope], names the task and says how to open one. Nil
//     contexts, functions, tasks and policies panic with the call's name.
//  2. Effects leave at one point. Nothing is executed before a Flush or, by a [TxExecutor], before the commit of [InTx]. One
//     flush hands its intents over in the order in which they were enqueued, over its own and all captured ones; batches are
//     maximal runs of consecutive intents. Policies filter; they never reorder or add.
//  3. Fails closed. [Run] flushes only after its function returned nil; an error, a panic, which goes on untouched, and
//     runtime.Goexit discard.
//  4. Ignored refusals still count. An enqueue that a policy refused, or that can't be encoded or goes too deep, is not
//     buffered; its scope remembers it, and so does each ancestor up to the one whose policy refused it. Flush then dispatches
//     nothing, discards, and returns what was refused, in order. [PolicyError.Handled] takes one back.
//  5. Authority is the nesting of contexts. A policy binds all that is enqueued under its context: local ones, the scope's,
//     every ancestor's. OnEnqueue is asked before anything is buffered, Allows once, by the flush that dispatches; both
//     outermost first. What an inner policy drops stays dropped when it is captured. Of one scope's options the last
//     WithPolicy, WithExecutor, WithCapture, WithShouldFlush wins; observers, propagators, routes add. A nested scope inherits
//     executor, routes, observers, propagators and strictness. Defaults are not authority.
//  6. Nested scopes are captured by their parent unless it releases an intent; then the next ancestor is asked, and so again
//     at each level. A scope that discards hands nothing up and drops what its nested scopes gave it. Flush with open nested
//     scopes returns [ErrOpenChildren] and changes nothing; Discard discards them first; Run discards all and returns the error.
//  7. Closed is closed. A second Flush and an Enqueue on a closed scope return [ErrScopeClosed]. A scope begun below a closed
//     one is born closed. Intents and Report still answer.
//  8. Safe for concurrent use. Any number of goroutines may enqueue: Enqueue returned nil if and only if the intent is in
//     Intents. No lock is held over user code. Flush waits for the goroutines of [Go], then closes; their errors, panics and
//     Goexits are remembered as in 4; Run and InTx wait for them in every case.
//  9. The dispatch context has the values of the context given to Flush, not its cancellation, no open scope, and no end but
//     [WithDispatchTimeout]; what is left then is skipped.
//  10. Partial failure is visible. Every allowed intent is tried, or with [WithFailFast] none after the first failure; the
//     [Report] tells of each. A panic in a task is a [PanicError] of that intent.
//  11. Re-entrancy. A task run in this process that enqueues does so in a fresh scope of its own, flushed after it returned
//     nil, whose failure is the intent's; sixteen deep Enqueue returns [ErrReentrancyLimit].
//  12. Policies can't enqueue. Under the context that a policy, an observer or a propagator was given, Enqueue, Flush and Go
//     return [ErrPolicyEnqueue].
//  13. [Escape] asks the policies about direct effects; a refusal matches [ErrEscaped] and is remembered as in 4.
//  14. A scope of [Begin] that is garbage collected open, with intents, says so, as best it can. Run and InTx pay nothing for
//     it.
//  15. The executor is chosen at Enqueue (Via, then routes and WithExecutor, nearest scope first, then Inline) and travels with
//     the intent: the outermost scope decides whether and when, the nearest how. What can't travel is refused at Enqueue.
//     Executors that can't delay run delayed intents at once and warn or, under [WithStrict], refuse them.
//  16. [InTx]: effects leave after the commit. Each attempt starts empty; what stands against a flush rolls back; a failed
//     commit discards; committed and not dispatched matches [ErrCommitted]; captured and then discarded is loud.
//  17. Names in policies and routes equal the full name, or are path.Match patterns for what follows its last slash, or for
//     all of it if they have a slash. A malformed pattern and an empty list panic.
//  18. Errors and logs name task, caller and origin, never the argument, unless it is a slog.LogValuer.
//
// # Overtaking
//
// Order is that of enqueueing, over a scope and all that it captured. Three things leave that order, each by request: an intent
// that enclosing scopes release ([WithCapture], [Independent]) leaves with its own scope, before what was enqueued earlier
// outside; a [TxExecutor] writes before the commit, all others dispatch after it; [Parallel] and [Pool] run tasks side by side.
//
// # Limits
//
// A context that a policy closes over, instead of using the one it is given, is out of this package's reach, and so is a
// goroutine that flushes the scope it is a child of with another context: the first enqueues, the second waits forever.
// airlockvet reports both. A goroutine not started by [Go] is not waited for. runtime.Goexit in a task that runs inline ends
// the flushing goroutine; the report tells.
package airlock
