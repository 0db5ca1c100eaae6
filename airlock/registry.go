package airlock

import (
	"context"
	"fmt"
	"maps"
	"sync"
)

// A Message is an intent on its way through a queue.
type Message struct {
	ID      string            // the intent's
	Task    string            // its name
	Payload []byte            // its argument, encoded
	Headers map[string]string // its headers
}

// A Propagator carries values of a context along with an intent, in its headers: trace, tenant, locale. It has the shape of
// OpenTelemetry's. Neither method may enqueue.
type Propagator interface {
	// Inject is called at Enqueue with its context.
	Inject(ctx context.Context, set func(key, value string))
	// Extract is called before the task runs, here or in a worker, and returns the context with the values.
	Extract(ctx context.Context, get func(key string) string) context.Context
}

// inject sets the headers: the propagators', and on top those of the options. An intent that is enqueued again keeps its own.
func (i *Intent) inject(ctx context.Context) {
	if i.carries().headers != nil {
		return
	}
	headers := make(map[string]string)
	i.load().headers = headers
	for _, p := range i.set.propagators {
		p.Inject(guard(ctx), func(key, value string) { headers[key] = value })
	}
	if i.options != nil {
		for k, v := range i.options.headers {
			headers[k] = v
		}
	}
}

// extract returns ctx with what the propagators find in the headers. It still carries what ctx carries.
func (i *Intent) extract(ctx context.Context, ps []Propagator) context.Context {
	out := ctx
	for _, p := range ps {
		if c := p.Extract(guard(out), i.Header); c != nil {
			out = c
		}
	}
	if out == ctx {
		return ctx
	}
	return with(out, *envOf(ctx))
}

// A Handle is a task of any argument type. It is implemented by *[Task] alone.
type Handle interface {
	Name() string
	isNil() bool
	decode(c Codec, data []byte) (*Intent, error)
}

func (t *Task[A]) isNil() bool { return t == nil }

// decode returns an intent of t for a worker.
func (t *Task[A]) decode(c Codec, data []byte) (*Intent, error) {
	if t.fn == nil {
		return nil, fmt.Errorf("%w: %s is implemented in another binary", ErrUnknownTask, t.name)
	}
	i := &taskCall[A]{task: t}
	i.job, i.options = i, t.options
	if err := c.Decode(data, &i.arg); err != nil {
		return nil, fmt.Errorf("%w: task %s: %w", ErrBadPayload, t.name, err)
	}
	return &i.Intent, nil
}

// A Registry turns intents into messages, and messages into calls: what queue executors and their workers need. It may be used
// concurrently; the zero value is an empty registry that speaks JSON.
type Registry struct {
	codec Codec

	mu    sync.RWMutex
	tasks map[string]Handle
}

// A RegistryOption sets one thing of a registry.
type RegistryOption func(*Registry)

// WithCodec sets how arguments are encoded. By default, [JSON].
func WithCodec(c Codec) RegistryOption {
	must(c != nil, "airlock.WithCodec", "nil Codec")
	return func(r *Registry) { r.codec = c }
}

// NewRegistry returns an empty registry.
func NewRegistry(opts ...RegistryOption) *Registry {
	r := new(Registry)
	for _, opt := range opts {
		must(opt != nil, "airlock.NewRegistry", "nil RegistryOption")
		opt(r)
	}
	return r
}

func (r *Registry) coder() Codec {
	if r.codec == nil {
		return JSON()
	}
	return r.codec
}

// Add adds tasks, all or, if a name is taken already, none.
func (r *Registry) Add(tasks ...Handle) error {
	for _, t := range tasks {
		must(t != nil && !t.isNil(), "airlock.Registry.Add", "nil Task")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := make(map[string]Handle, len(r.tasks)+len(tasks))
	for name, t := range r.tasks {
		fresh[name] = t
	}
	for _, t := range tasks {
		if _, taken := fresh[t.Name()]; taken {
			return fmt.Errorf("airlock: the registry has a task %q already; names must differ", t.Name())
		}
		fresh[t.Name()] = t
	}
	r.tasks = fresh
	return nil
}

// Message returns the message for an intent: what an executor's Prepare calls. The error matches [ErrNotSerializable] if the
// task's name is not stable or its argument doesn't encode.
func (r *Registry) Message(i *Intent) (Message, error) {
	must(i != nil, "airlock.Registry.Message", "nil Intent")
	if !i.Stable() {
		return Message{}, fmt.Errorf("%w: %s has no name that a worker could know: enqueue a Task", ErrNotSerializable, i.where())
	}
	payload, err := r.encode(i.Arg())
	if err != nil {
		return Message{}, fmt.Errorf("%w: the argument of %s: %w", ErrNotSerializable, i.where(), err)
	}
	return Message{ID: i.ID(), Task: i.Name(), Payload: payload, Headers: i.Headers()}, nil
}

// encode calls the codec; a panic in the argument's own marshalling is an error.
func (r *Registry) encode(v any) (data []byte, err error) {
	defer recovering(&err)
	return r.coder().Encode(v)
}

// Run is what a worker does with a message: it decodes the argument, lets the propagators restore the context, and runs the
// task in a scope of its own, as [Run] does. The error matches [ErrUnknownTask] or [ErrBadPayload] if it can't: another
// attempt won't help.
func (r *Registry) Run(ctx context.Context, m Message, opts ...ScopeOption) error {
	mustContext(ctx, "airlock.Registry.Run")
	mustOptions(opts, "airlock.Registry.Run")
	r.mu.RLock()
	t := r.tasks[m.Task]
	r.mu.RUnlock()
	if t == nil {
		return fmt.Errorf("%w: %q is not in the registry; Add it", ErrUnknownTask, m.Task)
	}
	i, err := t.decode(r.coder(), m.Payload)
	if err != nil {
		return err
	}
	i.load().headers = maps.Clone(m.Headers)
	if m.ID != "" {
		i.id.Store(&identity{m.ID})
	}
	return i.work(ctx, opts)
}
