package airlock

import (
	"context"
	"reflect"
	"unsafe"
)

// An Executor says how effects run. It is chosen when an intent is enqueued and travels with it; see [WithExecutor],
// [WithRoute] and [Via].
//
//   - Execute runs the intent ([Intent.Run]) or hands it to whatever will; nil means that it has taken it over.
//   - The context carries the values of the one given to Flush, is not cancelled with it, and expires with the scope's
//     dispatch timeout. It carries no scope.
//   - One flush calls Execute for one intent after the other; different flushes call it concurrently.
//   - A panic fails the intent, as a *[PanicError].
//   - Executors keep their hands off the intent's argument, and don't log it.
//   - [Intent.ID] stays the same when an intent is enqueued again, and so serves as idempotency key.
type Executor interface {
	Execute(ctx context.Context, i *Intent) error
}

// An ExecutorFunc is a function as an Executor.
type ExecutorFunc func(ctx context.Context, i *Intent) error

// Execute calls f.
func (f ExecutorFunc) Execute(ctx context.Context, i *Intent) error { return f(ctx, i) }

// A BatchExecutor takes maximal runs of consecutive intents at once. ExecuteBatch returns nil, or one error, possibly nil,
// for each intent; a slice of another length fails them all.
type BatchExecutor interface {
	Executor
	ExecuteBatch(ctx context.Context, is []*Intent) []error
}

// A TxExecutor writes its intents inside the transaction that the context carries, such as rows of an outbox table. [InTx]
// calls ExecuteTx before the commit, with maximal runs of its intents, before any other effect of the scope: they overtake
// those. Results are as in [BatchExecutor]; one error rolls the transaction back. Outside InTx it is an Executor like others.
type TxExecutor interface {
	Executor
	ExecuteTx(ctx context.Context, is []*Intent) []error
}

// A Preparer is asked when an intent has been enqueued for it and all policies have let it pass: to encode the argument once,
// and to refuse what can't travel. The payload is that of [Intent.Payload]; an error refuses the enqueue.
type Preparer interface {
	Prepare(ctx context.Context, i *Intent) (payload any, err error)
}

// Inline returns the executor that runs each task in the flushing goroutine. It is the default. A delayed task runs at once,
// with a warning.
func Inline() Executor { return inline{} }

type inline struct{}

func (inline) Execute(ctx context.Context, i *Intent) error {
	i.warnDelay()
	return i.Run(ctx)
}
func (inline) String() string { return "Inline" }
func (inline) immediate()     {}

// Immediate executors run delayed intents at once.
type immediate interface{ immediate() }

// A route sends the tasks with certain names to an executor.
type route struct {
	executor Executor
	names    names
}

// choose returns how i runs, if that is not simply with the executor of its scope. // I15
func (set *settings) choose(i *Intent) Executor {
	if i.options != nil && i.options.via != nil {
		return i.options.via
	}
	if n := len(set.routes); n > 0 {
		name := i.Name()
		for k := n - 1; k >= 0; k-- {
			if set.routes[k].names.match(name) {
				return set.routes[k].executor
			}
		}
	}
	return nil
}

func (set *settings) orInline() Executor {
	if set.executor != nil {
		return set.executor
	}
	return inline{}
}

// same says whether two executors, or two policies, are one: equal or, where they can't be compared, as functions can't, the
// very same value.
func same(a, b any) bool {
	if *(*[2]unsafe.Pointer)(unsafe.Pointer(&a)) == *(*[2]unsafe.Pointer)(unsafe.Pointer(&b)) { // type and data
		return true
	}
	return reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b
}
