package airlock

import "context"

// An env is what a context carries: where an enqueue goes and what binds it. It is immutable.
type env struct {
	scope       *Scope   // nil: none, or that of the task
	task        *taskRun // the running task that this context was given to
	chain       *link    // the policies in force, innermost first
	home        *Airlock // whose defaults the root scopes opened below take; nil: the package's
	going       *goFrame // the Go children that this context belongs to
	depth       int      // of tasks that were enqueued by tasks
	guarded     bool     // given to a policy, an observer or a propagator
	dispatching bool     // inside a dispatch: direct effects are what it is for
	joined      bool     // inside a transaction that somebody else commits
}

type envKey struct{}

var outside = new(env)

// envOf is the one getter of the one key.
func envOf(ctx context.Context) *env {
	if e, ok := ctx.Value(envKey{}).(*env); ok {
		return e
	}
	return outside
}

// enclosing returns the scope that an enqueue under e goes to, or nil. It makes that of a running task at first use.
func (e *env) enclosing() *Scope {
	if e.scope == nil && e.task != nil {
		return e.task.enter()
	}
	return e.scope
}

// detached returns e without its scope. Policies stay, but for those that were only a default. // I5
func (e *env) detached() env {
	d := *e
	d.scope, d.task, d.joined = nil, nil, false
	d.chain = e.chain.authority()
	return d
}

// A carrier is a context that carries an env.
type carrier struct {
	context.Context
	env *env
}

func (c *carrier) Value(key any) any {
	if key == (envKey{}) {
		return c.env
	}
	return c.Context.Value(key)
}

func (c *carrier) String() string { return "airlock.Context" }

// An envContext is a carrier and its env in one piece.
type envContext struct {
	carrier
	own env
}

// with returns a context below ctx that carries e.
func with(ctx context.Context, e env) context.Context {
	c := &envContext{own: e}
	c.carrier = carrier{ctx, &c.own}
	return c
}

// guard returns the context that policies, observers and propagators are given: nothing may be enqueued under it. // I12
func guard(ctx context.Context) context.Context {
	e := *envOf(ctx)
	e.guarded = true
	return with(ctx, e)
}
