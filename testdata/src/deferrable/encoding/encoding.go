// Package encoding: argument types that no queue can carry.
package encoding

import (
	"context"
	"encoding/json"
	"math/big"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

func task[A any](context.Context, A) error { return nil }

type hidden struct{ id int }

type withHidden struct {
	ID    int
	Inner hidden
}

type withChannel struct{ Done chan int }

type withFunc struct{ Hooks []func() }

type withContext struct{ Ctx context.Context }

type withLock struct {
	Mu sync.Mutex
	N  int
}

type skipped struct {
	ID   int
	Done chan int `json:"-"`
	mu   sync.Mutex
	call func()
}

type embedding struct{ base }

type base struct{ ID int }

type custom struct{ id int }

func (c custom) MarshalJSON() ([]byte, error) { return nil, nil }

type pointerCustom struct{ id int }

func (c *pointerCustom) MarshalText() ([]byte, error) { return nil, nil }

type binary struct{ id int }

func (binary) GobEncode() ([]byte, error) { return nil, nil }

type message struct{ state int }

func (*message) ProtoReflect() any { return nil }

type recursive struct {
	Name string
	Next *recursive
}

type point struct{ X, Y int }

type empty struct{}

type embeddingLock struct {
	sync.Mutex
	N int
}

type embeddingPointer struct {
	*sync.RWMutex
	N int
}

type embeddingLockOnly struct{ sync.Mutex }

type embeddingTagged struct {
	sync.Mutex `json:"lock"`
	N          int
}

type embeddingHidden struct {
	hidden
	N int
}

type embeddingHiddenOnly struct{ hidden }

type embeddingChannel struct{ withChannel }

type embeddingItself struct {
	*embeddingItself
	N int
}

type embeddingTwice struct {
	Base  base
	Inner embedding
}

type embeddingHiddenTagged struct {
	hidden `json:"hidden"`
	N      int
}

type embeddingMany struct {
	embeddingLock
	embedding
}

var (
	_ = airlock.NewTask("channel", task[chan int])                   // want `the task's argument chan int can't be encoded for a queue: it has a channel; give it exported fields of plain types, or a MarshalJSON method`
	_ = airlock.NewTask("func", task[func()])                        // want `a function`
	_ = airlock.NewTask("context", task[context.Context])            // want `a context`
	_ = airlock.NewTask("mutex", task[*sync.Mutex])                  // want `a sync.Mutex`
	_ = airlock.NewTask("atomic", task[*atomic.Int64])               // want `a atomic.Int64`
	_ = airlock.NewTask("hidden", task[hidden])                      // want `argument hidden can't be encoded for a queue: it has a struct with no exported field`
	_ = airlock.NewTask("inner", task[withHidden])                   // want `a struct with no exported field in Inner`
	_ = airlock.NewTask("field", task[*withChannel])                 // want `a channel in Done`
	_ = airlock.NewTask("hooks", task[withFunc])                     // want `a function in Hooks`
	_ = airlock.NewTask("ctx", task[withContext])                    // want `a context in Ctx`
	_ = airlock.NewTask("lock", task[[]withLock])                    // want `a sync.Mutex in Mu`
	_ = airlock.NewTask("map", task[map[string]chan int])            // want `a channel`
	_ = airlock.NewTask("keys", task[map[point]int])                 // want `a map with keys that have no text`
	_ = airlock.NewTask("complex", task[complex128])                 // want `complex128`
	_ = airlock.NewTask("lockOnly", task[embeddingLockOnly])         // want `embeddingLockOnly can't be encoded for a queue: it has a struct with no exported field`
	_ = airlock.NewTask("tagged", task[embeddingTagged])             // want `a sync.Mutex in Mutex`
	_ = airlock.NewTask("hiddenOnly", task[embeddingHiddenOnly])     // want `a struct with no exported field`
	_ = airlock.NewTask("embeddedChannel", task[embeddingChannel])   // want `a channel in withChannel.Done`
	_ = airlock.NewTask("hiddenTagged", task[embeddingHiddenTagged]) // want `a struct with no exported field in hidden`
	_ = airlock.RemoteTask[hidden]("remote")                         // want `a struct with no exported field`

	_ = airlock.NewTask("int", task[int])                           // plain
	_ = airlock.NewTask("any", task[any])                           // whatever it holds
	_ = airlock.NewTask("error", task[error])                       // whatever it holds
	_ = airlock.NewTask("skipped", task[skipped])                   // its tag leaves the channel out, the others aren't exported
	_ = airlock.NewTask("embedding", task[embedding])               // promotes exported fields
	_ = airlock.NewTask("embeddedLock", task[*embeddingLock])       // an embedded struct has nothing that is encoded
	_ = airlock.NewTask("embeddedPointer", task[*embeddingPointer]) // an embedded struct has nothing that is encoded
	_ = airlock.NewTask("embeddedHidden", task[embeddingHidden])    // an embedded struct has nothing that is encoded
	_ = airlock.NewTask("embeddedItself", task[embeddingItself])    // plain
	_ = airlock.NewTask("embeddedMany", task[*embeddingMany])       // promotes exported fields
	_ = airlock.NewTask("embeddedTwice", task[embeddingTwice])      // promotes exported fields
	_ = airlock.NewTask("custom", task[custom])                     // marshals itself
	_ = airlock.NewTask("pointer", task[pointerCustom])             // marshals itself
	_ = airlock.NewTask("gob", task[binary])                        // marshals itself
	_ = airlock.NewTask("proto", task[*message])                    // marshals itself
	_ = airlock.NewTask("recursive", task[*recursive])              // plain
	_ = airlock.NewTask("empty", task[empty])                       // nothing to lose
	_ = airlock.NewTask("time", task[time.Time])                    // marshals itself
	_ = airlock.NewTask("big", task[*big.Int])                      // marshals itself
	_ = airlock.NewTask("addr", task[map[netip.Addr]url.URL])       // keys with a text
	_ = airlock.NewTask("raw", task[json.RawMessage])               // marshals itself
	_ = airlock.NewTask("duration", task[map[time.Duration]bool])   // integer keys
)

func generic[A any](fn func(context.Context, A) error) *airlock.Task[A] {
	return airlock.NewTask("generic", fn) // a type parameter: whatever it stands for
}

func plainEnqueue(ctx context.Context) {
	airlock.Enqueue(ctx, task[hidden], hidden{}) // not a task: it runs in this process
}

// An application's own constructor: what it makes is judged where it is told the type.
func define[A any](name string, fn func(context.Context, A) error) *airlock.Task[A] {
	return airlock.NewTask("shop."+name, fn)
}

func defineAgain[A any](fn func(context.Context, A) error) *airlock.Task[A] {
	return define("again", fn)
}

type job[A any] struct{ task *airlock.Task[A] }

func newJob[K comparable, A any](_ K, fn func(context.Context, A) error) *job[A] {
	return &job[A]{airlock.NewTask("job", fn)}
}

type registry[A any] struct{ tasks []*airlock.Task[A] }

func (r *registry[A]) add(fn func(context.Context, A) error) {
	r.tasks = append(r.tasks, airlock.NewTask("added", fn))
}

func lazily[A any](fn func(context.Context, A) error) func() *airlock.Task[A] {
	return func() *airlock.Task[A] { return airlock.NewTask("lazily", fn) }
}

type envelope[A any] struct{ Payload A }

func wrapped[A any](fn func(context.Context, envelope[A]) error) *airlock.Task[envelope[A]] {
	return airlock.NewTask("wrapped", fn)
}

// It makes no task: whatever makes one is judged.
func first[A any](tasks ...*airlock.Task[A]) *airlock.Task[A] { return tasks[0] }

func runs[A any](ctx context.Context, fn func(context.Context, A) error, a A) error {
	return airlock.Enqueue(ctx, fn, a)
}

var (
	_ = define("d1", task[hidden])        // want `the task's argument hidden can't be encoded`
	_ = defineAgain(task[chan int])       // want `a channel`
	_ = newJob(hidden{}, task[withFunc])  // want `a function in Hooks`
	_ = lazily(task[withContext])         // want `a context in Ctx`
	_ = define("d2", task[recursive])     // plain
	_ = newJob(hidden{}, task[int])       // only the argument of the task counts
	_ = first[hidden]()                   // makes none
	_ = wrapped(task[envelope[chan int]]) // want `the task's argument envelope\[chan int\] can't be encoded for a queue: it has a channel in Payload`
	_ = wrapped(task[envelope[int]])      // plain
)

func inCode(ctx context.Context, r *registry[hidden], ok *registry[point]) {
	r.add(task[hidden])               // want `argument hidden`
	ok.add(task[point])               // plain
	runs(ctx, task[hidden], hidden{}) // not a task: it runs in this process
}
