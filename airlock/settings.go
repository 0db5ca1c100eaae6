package airlock

import (
	"slices"
	"sync/atomic"
	"time"
)

// Settings are what a nested scope inherits: how effects run and who hears of them.
type settings struct {
	executor    Executor // nil: Inline
	routes      []route  // the latest match wins
	observers   []*Observer
	propagators []Propagator
	strict      bool
}

// Terms are what holds for one scope only.
type terms struct {
	policy      Policy
	capture     func(child *Scope, i *Intent) bool // nil: true
	shouldFlush func(err error) bool               // nil: err == nil
	failFast    bool
	timeout     time.Duration
}

// A config is what the options of one scope fill in.
type config struct {
	settings
	terms
	chosen Executor // by these options
	added  []route  // by these options
}

// A ScopeOption sets one thing of a scope. Of WithPolicy, WithExecutor, WithCapture and WithShouldFlush the last one
// wins; observers, propagators and routes add.
type ScopeOption func(*config)

// WithPolicy sets the scope's policy: what may escape of all that is enqueued under the scope's context. By default,
// everything that the policies around it allow.
func WithPolicy(p Policy) ScopeOption {
	must(p != nil, "airlock.WithPolicy", "nil Policy")
	return func(c *config) { c.policy = p }
}

// WithExecutor sets how the effects of this scope, and of those nested in it, run. It comes before all that outer scopes
// say. By default, the enclosing scope's executor, or [Inline].
func WithExecutor(ex Executor) ScopeOption {
	must(ex != nil, "airlock.WithExecutor", "nil Executor")
	return func(c *config) { c.chosen = ex }
}

// WithRoute sends tasks whose name matches one of the patterns to ex. The latest match wins; a route comes before
// WithExecutor of the same and of outer scopes. Patterns are those of [BlockTasks]. By default, no routes but the enclosing
// scope's.
func WithRoute(ex Executor, patterns ...string) ScopeOption {
	must(ex != nil, "airlock.WithRoute", "nil Executor")
	r := route{executor: ex, names: newNames("airlock.WithRoute", patterns)}
	return func(c *config) { c.added = append(c.added, r) }
}

// WithShouldFlush sets what Run asks, once its function has returned, to decide between flush and discard: also for a nil
// error, never after a panic or Goexit. InTx doesn't ask: a transaction that was rolled back has no effects. By default,
// err == nil.
func WithShouldFlush(f func(err error) bool) ScopeOption {
	must(f != nil, "airlock.WithShouldFlush", "nil function")
	return func(c *config) { c.shouldFlush = f }
}

// WithCapture sets what this scope is asked for every intent that a scope nested in it, at any depth, is about to
// dispatch: true captures the intent, false releases it to the next scope outwards, and, if that was the last, to the
// child, which dispatches it at once: before what was enqueued earlier and is still held. By default, true.
func WithCapture(f func(child *Scope, i *Intent) bool) ScopeOption {
	must(f != nil, "airlock.WithCapture", "nil function")
	return func(c *config) { c.capture = f }
}

// Independent is WithCapture with a function that captures nothing.
func Independent() ScopeOption {
	return WithCapture(func(*Scope, *Intent) bool { return false })
}

// WithFailFast makes a flush skip the rest after the first intent that failed. By default, every intent is tried.
func WithFailFast() ScopeOption { return func(c *config) { c.failFast = true } }

// WithStrict refuses, in this scope and those nested in it, direct effects that no policy was asked about ([ErrEscaped]),
// and delayed intents that would run at once ([ErrNotDeferrable]). By default, both are let through.
func WithStrict() ScopeOption { return func(c *config) { c.strict = true } }

// WithDispatchTimeout bounds the whole flush. What is left then is skipped, and the task that is running sees its context
// expire. By default, and for d <= 0, none.
func WithDispatchTimeout(d time.Duration) ScopeOption { return func(c *config) { c.timeout = d } }

// WithObserver adds an observer of this scope and those nested in it. By default, only the enclosing scope's.
func WithObserver(o Observer) ScopeOption {
	return func(c *config) { c.observers = append(slices.Clip(c.observers), &o) }
}

// WithPropagator adds a propagator for what is enqueued in this scope and those nested in it. By default, only the
// enclosing scope's.
func WithPropagator(p Propagator) ScopeOption {
	must(p != nil, "airlock.WithPropagator", "nil Propagator")
	return func(c *config) { c.propagators = append(slices.Clip(c.propagators), p) }
}

// apply adds opts to what is inherited.
func (c *config) apply(opts []ScopeOption) {
	for _, opt := range opts {
		opt(c)
	}
	if c.chosen != nil { // I15: the nearest scope that says how wins
		c.executor, c.routes = c.chosen, nil
	}
	c.routes = append(slices.Clip(c.routes), c.added...)
	c.chosen, c.added = nil, nil
}

// An Airlock is an application's own defaults. It is immutable and may be used concurrently; the zero value has none.
type Airlock struct {
	defaults config
	opts     []ScopeOption
}

// New returns an Airlock with the defaults opts. They hold for the scopes that its methods open, unless they are nested in
// a scope of the same Airlock, which they then inherit from, and for root scopes opened below (see [Detach]). A scope's own
// options win over defaults, the policy included: defaults are not authority.
func New(opts ...ScopeOption) *Airlock {
	mustOptions(opts, "airlock.New")
	a := &Airlock{opts: slices.Clone(opts)}
	a.defaults.apply(opts)
	return a
}

var defaults atomic.Pointer[Airlock]

func init() { SetDefault() }

// SetDefault replaces the defaults of root scopes that the functions of this package open. Scopes that are open keep theirs.
func SetDefault(opts ...ScopeOption) {
	mustOptions(opts, "airlock.SetDefault")
	defaults.Store(New(opts...))
}

// configure fills in s, which is about to open below outer, as part of a's application (nil: that of the context). It
// returns the scope's policy and whether that is only a default.
func (s *Scope) configure(outer *env, a *Airlock, opts []ScopeOption) (p Policy, isDefault bool) {
	if a == outer.home && s.parent != nil {
		a = nil // a's defaults are inherited already
	}
	if a == nil && s.parent == nil {
		if a = outer.home; a == nil {
			a = defaults.Load()
		}
	}
	base := &outsideDefaults
	if a != nil {
		base = &a.defaults
	}
	switch {
	case s.parent == nil && len(opts) == 0:
		s.set, s.terms = &base.settings, &base.terms
		return base.policy, true
	case s.parent != nil && a == nil && len(opts) == 0:
		s.set, s.terms = s.parent.set, &noTerms
		return nil, false
	}
	c := new(config)
	if s.parent == nil {
		c.settings, c.terms = base.settings, base.terms
	} else {
		c.settings = *s.parent.set
		if a != nil {
			c.apply(a.opts)
		}
	}
	c.policy = nil
	c.apply(opts)
	s.set, s.terms = &c.settings, &c.terms
	if c.policy != nil {
		return c.policy, false
	}
	return base.policy, true
}

// Of a scope without options.
var (
	outsideDefaults config
	noTerms         terms
)
