package airlock

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Options are what an executor may want to know of an intent. The zero value asks for nothing. What an executor can't do
// it ignores, but for delays (see [ErrNotDeferrable]).
type Options struct {
	Delay       time.Duration // from the dispatch on
	At          time.Time     // not before
	Queue       string
	Priority    int // higher is sooner; executors map it onto their own scale
	MaxAttempts int
	UniqueKey   string

	origin  string
	headers map[string]string
	extras  []any
	via     Executor
	skip    int
}

// Due returns when an intent that is dispatched now is to run: At, or now and the Delay.
func (o Options) Due(now time.Time) time.Time {
	if !o.At.IsZero() {
		return o.At
	}
	return now.Add(o.Delay)
}

func (o *Options) frames() int {
	if o == nil {
		return 0
	}
	return o.skip
}

func (o *Options) delayed() bool { return o != nil && (o.Delay > 0 || !o.At.IsZero()) }

// An Option says something about one intent or, given to [NewTask], about all of a task. Those of Enqueue come later and win.
type Option func(*Options)

// Delay asks that the task run no earlier than d after its dispatch. It takes the place of At.
func Delay(d time.Duration) Option {
	return func(o *Options) { o.Delay, o.At = d, time.Time{} }
}

// At asks that the task run no earlier than t. It takes the place of Delay.
func At(t time.Time) Option {
	return func(o *Options) { o.Delay, o.At = 0, t }
}

// Queue names the queue, for executors that have several.
func Queue(name string) Option { return func(o *Options) { o.Queue = name } }

// Priority asks for a priority, for executors that have any.
func Priority(p int) Option { return func(o *Options) { o.Priority = p } }

// MaxAttempts bounds how often a queue runs the task.
func MaxAttempts(n int) Option { return func(o *Options) { o.MaxAttempts = n } }

// Unique asks an executor to hold no two tasks with the same key at a time.
func Unique(key string) Option { return func(o *Options) { o.UniqueKey = key } }

// Origin says on whose behalf the effect is, for errors and logs: a route, a command, a job.
func Origin(s string) Option { return func(o *Options) { o.origin = s } }

// Header adds a header that travels with the intent. It wins over what a propagator sets.
func Header(key, value string) Option {
	return func(o *Options) {
		h := maps.Clone(o.headers)
		if h == nil {
			h = make(map[string]string, 1)
		}
		h[key] = value
		o.headers = h
	}
}

// Extra adds a value for a particular executor, which gets it with [ExtraOf].
func Extra(v any) Option {
	return func(o *Options) { o.extras = append(slices.Clip(o.extras), v) }
}

// Via chooses the executor of this very intent.
func Via(ex Executor) Option {
	must(ex != nil, "airlock.Via", "nil Executor")
	return func(o *Options) { o.via = ex }
}

// CallerSkip makes [Intent.Caller] name a caller n frames further out, for helpers that enqueue on somebody's behalf.
func CallerSkip(n int) Option {
	must(n >= 0, "airlock.CallerSkip", fmt.Sprintf("negative skip %d", n))
	return func(o *Options) { o.skip += n }
}

// ExtraOf returns the last Extra of type T that i carries.
func ExtraOf[T any](i *Intent) (T, bool) {
	if i.options != nil {
		for _, v := range slices.Backward(i.options.extras) {
			if t, ok := v.(T); ok {
				return t, true
			}
		}
	}
	var zero T
	return zero, false
}

// combine returns defaults with opts on top. Without opts it is defaults itself.
func combine(call string, defaults *Options, opts []Option) *Options {
	if len(opts) == 0 {
		return defaults
	}
	o := new(Options)
	if defaults != nil {
		*o = *defaults
	}
	for _, opt := range opts {
		must(opt != nil, call, "nil Option")
		opt(o)
	}
	return o
}
