package airlock

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
)

// An Intent is an effect that was asked for and has not taken place yet: a task, its argument, where it was enqueued, and
// what binds it. To the outside it is immutable; it must not be copied, and may be used concurrently.
type Intent struct {
	job       job       // the task and its argument
	set       *settings // of its scope
	chain     *link     // the policies that bind it
	options   *Options
	freight   *freight
	pc        uintptr
	seq       uint64 // its place in the tree
	id        atomic.Pointer[identity]
	depth     int32       // of its scope
	committed atomic.Bool // its transaction has
	first     taskRun     // the context of the first Run
}

// A freight is what some intents carry besides: headers, what a Preparer made, and an executor that is not simply that of
// their scope.
type freight struct {
	headers  map[string]string
	payload  any
	executor Executor
}

// A job is the typed part of an intent.
type job interface {
	call(ctx context.Context) error
	name() taskName
	argument() any
	again() *Intent // a new one for the same job
}

// An identity is shared by an intent and those that are it enqueued again.
type identity struct{ id string }

// Name returns the task's name or, for a plain function, its import path and name: example.com/app/shop.Order.Notify.
func (i *Intent) Name() string { return i.job.name().name }

// Stable says whether Name means the same task in every build. It doesn't for closures, instantiations of generic functions,
// method values of interfaces, and [EnqueueFunc]: their names are for display only.
func (i *Intent) Stable() bool { return i.job.name().stable }

// ID returns a random identifier, made at the first call and kept when the intent is enqueued again: the idempotency key for
// executors.
func (i *Intent) ID() string { return i.identify().id }

func (i *Intent) identify() *identity {
	if id := i.id.Load(); id != nil {
		return id
	}
	i.id.CompareAndSwap(nil, &identity{rand.Text()})
	return i.id.Load()
}

// Arg returns the task's argument; nil for [EnqueueFunc].
func (i *Intent) Arg() any { return i.job.argument() }

// Payload returns what the executor's [Preparer] made of the intent, or nil.
func (i *Intent) Payload() any { return i.carries().payload }

// Caller returns file and line of the Enqueue call, as in "order.go:123".
func (i *Intent) Caller() string { return position(i.pc) }

// PC returns the program counter of the Enqueue call, for [runtime.CallersFrames]; 0 in a worker.
func (i *Intent) PC() uintptr { return i.pc }

// Origin returns what the [Origin] option said.
func (i *Intent) Origin() string {
	if i.options == nil {
		return ""
	}
	return i.options.origin
}

// Header returns the header with this very key, or "".
func (i *Intent) Header(key string) string { return i.carries().headers[key] }

// Headers returns a copy of all headers.
func (i *Intent) Headers() map[string]string { return maps.Clone(i.carries().headers) }

var noFreight freight

func (i *Intent) carries() *freight {
	if i.freight == nil {
		return &noFreight
	}
	return i.freight
}

// load returns the freight to fill in, before the intent is buffered.
func (i *Intent) load() *freight {
	if i.freight == nil {
		i.freight = new(freight)
	}
	return i.freight
}

// executor returns how the intent runs, as it was chosen when it was enqueued. // I15
func (i *Intent) executor() Executor {
	if ex := i.carries().executor; ex != nil {
		return ex
	}
	return i.set.orInline()
}

// Options returns the task's and the Enqueue call's options.
func (i *Intent) Options() Options {
	if i.options == nil {
		return Options{}
	}
	return *i.options
}

// Verdict returns nil, or a *[PolicyError] of the outermost policy that would drop the intent at flush. It says nothing about
// the scope: whether that flushes at all.
func (i *Intent) Verdict() error {
	if p := i.chain.verdict(i.chain.guarded(context.Background()), i); p != nil {
		return &PolicyError{Policy: p, Intent: i, Err: errDropped}
	}
	return nil
}

// Committed says whether the transaction of [InTx] that the intent was enqueued in has committed.
func (i *Intent) Committed() bool { return i.committed.Load() }

// String prints name and argument, as in shop.Order.Notify(42), the latter as its LogValue if it is a [slog.LogValuer].
// It is the only place that prints the argument. // I18
func (i *Intent) String() string {
	name := i.Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	arg := i.Arg()
	if arg == nil {
		return name + "()"
	}
	if v, ok := arg.(slog.LogValuer); ok {
		arg = slog.AnyValue(v).Resolve()
	}
	return fmt.Sprintf("%s(%v)", name, arg)
}

// LogValue returns task, caller and origin, and the argument only if it is itself a [slog.LogValuer]. // I18
func (i *Intent) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("task", i.Name()), slog.String("caller", i.Caller())}
	if o := i.Origin(); o != "" {
		attrs = append(attrs, slog.String("origin", o))
	}
	if v, ok := i.Arg().(slog.LogValuer); ok {
		attrs = append(attrs, slog.Any("arg", v))
	}
	return slog.GroupValue(attrs...)
}

// where names task, caller and origin for errors.
func (i *Intent) where() string {
	var b strings.Builder
	b.WriteString(i.Name())
	b.WriteString(" (")
	b.WriteString(i.Caller())
	if o := i.Origin(); o != "" {
		b.WriteString(", origin ")
		b.WriteString(o)
	}
	b.WriteString(")")
	return b.String() // I18
}

// position returns file and line of a program counter.
func position(pc uintptr) string {
	if pc == 0 {
		return "unknown"
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
}
