package airlocktest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// TestExecutor tests that an executor keeps the rules of [airlock.Executor] and of the optional interfaces that it has, with a subtest for
// each rule. open makes the executor under test, ready to use, and returns it with a function that waits until all that was handed
// over has run: one that works a queue until it is empty, or closes a pool; nil if Execute itself runs the task.
//
// An executor that sends intents to another process should run them, in the test, through a [airlock.Registry] to which [ProbeTask]
// has been added.
func TestExecutor(t *testing.T, open func(t *testing.T) (ex airlock.Executor, settle func())) {
	for _, c := range executorCases {
		t.Run(c.rule, func(t *testing.T) {
			ex, settle := open(t)
			if settle == nil {
				settle = func() {}
			}
			c.test(&executorTest{T: t, executor: ex, settle: settle, log: newProbeLog()})
		})
	}
}

type executorTest struct {
	*testing.T
	executor airlock.Executor
	settle   func()
	log      *probeLog
}

var executorCases = []struct {
	rule string
	test func(t *executorTest)
}{
	{"RunsEachIntentOnce", runsEachOnce},
	{"RunsThoughTheFlushersContextIsCancelled", runsThoughCancelled},
	{"ServesConcurrentFlushes", servesConcurrentFlushes},
	{"SaysWhetherItTookOver", saysWhetherItTookOver},
	{"SurvivesAPanickingTask", survivesPanic},
	{"RefusesAtEnqueueWhatCannotTravel", refusesAtEnqueue},
	{"AnswersForEachIntentOfABatch", answersForEach},
}

// flush enqueues one probe for each element of do, in one scope, and flushes it.
func (t *executorTest) flush(ctx context.Context, do ...string) (*airlock.Report, error) {
	t.Helper()
	ctx, scope := airlock.Begin(airlock.Detach(ctx), airlock.WithExecutor(t.executor))
	defer scope.Discard()
	for i, d := range do {
		if err := ProbeTask.Enqueue(ctx, t.log.probe(i, d)); err != nil {
			t.Fatalf("the executor refuses a probe: %v", err)
		}
	}
	err := scope.Flush(ctx)
	return scope.Report(), err
}

func (t *executorTest) wantRuns(want ...int) {
	t.Helper()
	t.settle()
	got := t.log.runs()
	slices.Sort(got) // a concurrent executor may run them in any order
	if !slices.Equal(got, want) {
		t.Errorf("probes %v ran, want each of %v once", got, want)
	}
}

func runsEachOnce(t *executorTest) {
	report, err := t.flush(t.Context(), "", "", "")
	if err != nil || report.Count(airlock.OutcomeDispatched) != 3 {
		t.Errorf("Flush returned %v and reports %d of 3 dispatched", err, report.Count(airlock.OutcomeDispatched))
	}
	t.wantRuns(0, 1, 2)
}

func runsThoughCancelled(t *executorTest) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := t.flush(ctx, ""); err != nil {
		t.Errorf("Flush under a cancelled context returned %v: the client has hung up, the effect must still leave", err)
	}
	t.wantRuns(0)
}

func servesConcurrentFlushes(t *executorTest) {
	const flushes = 8
	var wg sync.WaitGroup
	for n := range flushes {
		wg.Go(func() {
			ctx, scope := airlock.Begin(context.Background(), airlock.WithExecutor(t.executor))
			defer scope.Discard()
			if err := ProbeTask.Enqueue(ctx, t.log.probe(n, "")); err != nil {
				t.Errorf("Enqueue: %v", err)
			}
			if err := scope.Flush(ctx); err != nil {
				t.Errorf("Flush: %v", err)
			}
		})
	}
	wg.Wait()
	t.wantRuns(0, 1, 2, 3, 4, 5, 6, 7)
}

// saysWhetherItTookOver: an executor that runs the task reports its error; one that took the task over says nil. Neither keeps the
// others from running.
func saysWhetherItTookOver(t *executorTest) {
	report, err := t.flush(t.Context(), "", "fail", "")
	if err != nil && !errors.Is(err, errProbe) {
		t.Errorf("Flush returned %v, want the task's own error in it, or nil", err)
	}
	failed := len(report.Failed())
	if (err != nil) != (failed == 1) {
		t.Errorf("Flush returned %v and reports %d failed intents", err, failed)
	}
	t.wantRuns(0, 1, 2)
}

func survivesPanic(t *executorTest) {
	_, err := t.flush(t.Context(), "panic", "")
	var p *airlock.PanicError
	if err != nil && !errors.As(err, &p) {
		t.Errorf("Flush returned %v, want a *airlock.PanicError in it, or nil", err)
	}
	t.wantRuns(0, 1)
}

// refusesAtEnqueue: a closure can't travel. An executor either runs it here or refuses it where it is enqueued, in time for the caller.
func refusesAtEnqueue(t *executorTest) {
	ctx, scope := airlock.Begin(t.Context(), airlock.WithExecutor(t.executor))
	defer scope.Discard()
	err := airlock.EnqueueFunc(ctx, "airlocktest.closure", func(context.Context) error { return runProbe(ctx, t.log.probe(0, "")) })
	if err != nil {
		if !errors.Is(err, airlock.ErrNotSerializable) {
			t.Errorf("a closure is refused with %v, want an error that matches ErrNotSerializable", err)
		}
		t.wantRuns()
		return
	}
	if err := scope.Flush(ctx); err != nil {
		t.Errorf("the closure was accepted at enqueue, and Flush returned %v: refuse it with a Preparer", err)
	}
	t.wantRuns(0)
}

func answersForEach(t *executorTest) {
	batch, ok := t.executor.(airlock.BatchExecutor)
	if !ok {
		t.Skip("the executor is no BatchExecutor")
	}
	ctx, scope := airlock.Begin(t.Context(), airlock.WithExecutor(t.executor))
	defer scope.Discard()
	for i := range 3 {
		if err := ProbeTask.Enqueue(ctx, t.log.probe(i, "")); err != nil {
			t.Fatal(err)
		}
	}
	errs := batch.ExecuteBatch(context.WithoutCancel(airlock.Detach(ctx)), scope.Intents())
	if errs != nil && len(errs) != 3 {
		t.Errorf("ExecuteBatch of 3 intents returned %d errors, want nil or 3", len(errs))
	}
	if err := errors.Join(errs...); err != nil {
		t.Errorf("ExecuteBatch: %v", err)
	}
	t.wantRuns(0, 1, 2)
}
