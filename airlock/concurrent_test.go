package airlock_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/airlock-go/airlock/airlock"
)

// However flushes, discards and enqueues interleave: an Enqueue returned nil if and only if its intent is there.
func TestI8_EnqueueReturnedNilIffBuffered(t *testing.T) {
	for round := range 100 {
		var tp tape
		root, outer := airlock.Begin(bg)
		ctx, s := airlock.Begin(root)
		var wg sync.WaitGroup
		accepted := make([]bool, 64)
		for k := range accepted {
			wg.Go(func() {
				err := airlock.Enqueue(ctx, tp.ran, fmt.Sprint(k))
				accepted[k] = err == nil
				if err != nil && !errors.Is(err, airlock.ErrScopeClosed) {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			switch round % 3 {
			case 0:
				wantNil(t, s.Flush(ctx))
			case 1:
				s.Discard()
			case 2:
				outer.Discard()
			}
		})
		wg.Wait()
		have := map[string]bool{}
		for _, i := range s.Intents() {
			have[i.Arg().(string)] = true
		}
		for k, ok := range accepted {
			if ok != have[fmt.Sprint(k)] {
				t.Fatalf("round %d: Enqueue(%d) accepted: %v, buffered: %v", round, k, ok, !ok)
			}
		}
		s.Discard()
		if round%3 != 2 {
			wantNil(t, outer.Flush(root))
		}
	}
}

func TestI8_OneOfManyFlushesWins(t *testing.T) {
	for range 50 {
		var tp tape
		ctx, s := airlock.Begin(bg)
		tp.put(t, ctx, "a")
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for k := range errs {
			wg.Go(func() { errs[k] = s.Flush(ctx) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantErr(t, err, airlock.ErrScopeClosed)
			}
		}
		wantEqual(t, "flushes that won", won, 1)
		tp.wants(t, "a")
	}
}

func TestI8_ManyScopesSideBySide(t *testing.T) {
	var tp tape
	wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
		for range 8 {
			err := airlock.Go(ctx, func(ctx context.Context) error {
				for range 20 {
					if err := airlock.Run(ctx, func(ctx context.Context) error { tp.put(t, ctx, "a"); return nil }); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	if n := len(tp.all()); n != 160 {
		t.Errorf("%d effects ran, want 160", n)
	}
}

// No lock is held over any code of the user's: all of it may use the scope.
func TestI8_NoLockOverUserCode(t *testing.T) {
	var s *airlock.Scope
	looks := 0
	look := func() {
		looks++
		_ = s.String()
		s.Report()
		s.Own()
		s.Captured()
		s.State()
	}
	p := &probe{
		onEnqueue:  func(context.Context, *airlock.Intent) error { look(); return nil },
		allows:     func(context.Context, *airlock.Intent) bool { look(); return true },
		onDispatch: func(context.Context, *airlock.Intent) { look() },
		onEscape:   func(context.Context, string, string) error { look(); return nil },
	}
	intent := func(context.Context, airlock.IntentEvent) { look() }
	o := airlock.Observer{
		Enqueued: intent, Dispatched: intent, Ran: intent, Rejected: intent, Late: intent,
		Escaped:     func(context.Context, airlock.EscapeEvent) { look() },
		Flushing:    func(ctx context.Context, _ airlock.ScopeEvent) context.Context { look(); return ctx },
		Dispatching: func(ctx context.Context, _ airlock.IntentEvent) context.Context { look(); return ctx },
		Closed:      func(context.Context, airlock.ScopeEvent) { look() },
	}
	ex := airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error { look(); return i.Run(ctx) })
	ctx, s := airlock.Begin(bg, airlock.WithPolicy(p), airlock.WithObserver(o), airlock.WithExecutor(ex),
		airlock.WithCapture(func(*airlock.Scope, *airlock.Intent) bool { look(); return true }))
	wantNil(t, airlock.EnqueueFunc(ctx, "f", func(context.Context) error { look(); return nil }))
	wantNil(t, airlock.Escape(ctx, "mail", "x"))
	wantNil(t, airlock.Run(ctx, func(ctx context.Context) error {
		return airlock.EnqueueFunc(ctx, "g", func(context.Context) error { look(); return nil })
	}))
	wantNil(t, s.Flush(ctx))
	wantErr(t, airlock.EnqueueFunc(ctx, "late", func(context.Context) error { return nil }), airlock.ErrScopeClosed)
	if looks < 20 {
		t.Errorf("user code was called %d times", looks)
	}
}

func TestI8_FlushWaitsForGoChildren(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tp tape
		ctx, s := airlock.Begin(bg)
		release := make(chan struct{})
		wantNil(t, airlock.Go(ctx, func(ctx context.Context) error {
			<-release
			tp.put(t, ctx, "from the child")
			return airlock.Go(ctx, func(ctx context.Context) error { tp.put(t, ctx, "from its child"); return nil })
		}))
		flushed := make(chan error, 1)
		go func() { flushed <- s.Flush(ctx) }()
		synctest.Wait()
		wantState(t, s, airlock.Open)
		select {
		case err := <-flushed:
			t.Fatalf("Flush returned %v before the child", err)
		default:
		}
		wantErr(t, s.Flush(ctx), airlock.ErrScopeClosed) // another one is under way
		close(release)
		wantNil(t, <-flushed)
		tp.wants(t, "from the child", "from its child")
	})
}

func TestI8_GoFailuresAreRemembered(t *testing.T) {
	for name, fn := range map[string]func(context.Context) error{
		"error":  func(context.Context) error { return errBoom },
		"panic":  func(context.Context) error { panic(errBoom) },
		"goexit": func(context.Context) error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			var tp tape
			var scope *airlock.Scope
			err := airlock.Run(bg, func(ctx context.Context) error {
				scope, _ = airlock.FromContext(ctx)
				tp.put(t, ctx, "a")
				return airlock.Go(ctx, fn)
			})
			if err == nil {
				t.Fatal("Run returned nil")
			}
			wantContains(t, err.Error(), "concurrent_test.go")
			var pe *airlock.PanicError
			switch name {
			case "panic":
				if !errors.As(err, &pe) || pe.Value != errBoom {
					t.Errorf("error is %v, want a *PanicError", err)
				}
				wantContains(t, string(pe.Stack), "concurrent_test.go")
				fallthrough
			case "error":
				wantErr(t, err, errBoom)
			}
			wantState(t, scope, airlock.Discarded)
			tp.wants(t)
		})
	}
}

func TestI8_RunWaitsInEveryCase(t *testing.T) {
	for name, end := range map[string]func() error{
		"error":  func() error { return errBoom },
		"panic":  func() error { panic("x") },
		"goexit": func() error { runtime.Goexit(); return nil },
	} {
		for _, call := range []string{"Run", "InTx"} {
			t.Run(call+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					finished := false
					fn := func(ctx context.Context) error {
						wantNil(t, airlock.Go(ctx, func(context.Context) error {
							synctest.Wait() // until Run waits for us
							finished = true
							return errors.New("the child's own")
						}))
						return end()
					}
					returned := make(chan error, 1)
					go func() {
						var err error
						defer func() {
							recover()
							if !finished {
								t.Error("did not wait for the child")
							}
							returned <- err
						}()
						if call == "Run" {
							err = airlock.Run(bg, fn)
						} else {
							err = airlock.InTx(bg, begins, fn)
						}
					}()
					if err := <-returned; name == "error" {
						wantErr(t, err, errBoom)
						wantContains(t, err.Error(), "the child's own")
					}
				})
			})
		}
	}
}

// Also for a goroutine that starts while Run decides.
func TestI8_RunWaitsForLateChildren(t *testing.T) {
	for _, flush := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var kept context.Context
			finished := false
			wantNil(t, airlock.Run(bg, func(ctx context.Context) error {
				kept = ctx
				return nil
			}, airlock.WithShouldFlush(func(error) bool {
				wantNil(t, airlock.Go(kept, func(context.Context) error {
					synctest.Wait()
					finished = true
					return nil
				}))
				return flush
			})))
			if !finished {
				t.Errorf("Run that flushes: %t did not wait", flush)
			}
		})
	}
}

func TestI8_ChildThatFlushesItsOwnScope(t *testing.T) {
	var errs [3]error
	err := airlock.Run(bg, func(ctx context.Context) error {
		s, _ := airlock.FromContext(ctx)
		return airlock.Go(ctx, func(ctx context.Context) error {
			errs[0] = s.Flush(ctx)
			errs[1] = airlock.Run(ctx, func(ctx context.Context) error { return s.Flush(ctx) })
			errs[2] = airlock.Go(ctx, func(ctx context.Context) error { return s.Flush(ctx) })
			return nil
		})
	})
	wantErr(t, errs[0], airlock.ErrOpenChildren)
	wantErr(t, errs[1], airlock.ErrOpenChildren)
	wantNil(t, errs[2])
	wantErr(t, err, airlock.ErrOpenChildren) // of the third, remembered
}

func TestI8_DiscardNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tp tape
		ctx, s := airlock.Begin(bg)
		release := make(chan struct{})
		var late error
		wantNil(t, airlock.Go(ctx, func(ctx context.Context) error {
			<-release
			late = airlock.Enqueue(ctx, tp.ran, "late")
			return nil
		}))
		flushed := make(chan error, 1)
		go func() { flushed <- s.Flush(ctx) }()
		synctest.Wait()
		s.Discard()
		wantState(t, s, airlock.Discarded)
		close(release)
		wantErr(t, <-flushed, airlock.ErrScopeClosed)
		synctest.Wait()
		wantErr(t, late, airlock.ErrScopeClosed)
	})
}

func TestI8_GoChildThatLeavesAScopeOpen(t *testing.T) {
	ctx, s := airlock.Begin(bg)
	wantNil(t, airlock.Go(ctx, func(ctx context.Context) error { airlock.Begin(ctx); return nil }))
	wantErr(t, s.Flush(ctx), airlock.ErrOpenChildren)
	wantState(t, s, airlock.Open)
	s.Discard()
}

func TestI8_GoContextIsCancelledWithItsParent(t *testing.T) {
	ctx, cancel := context.WithCancel(bg)
	err := airlock.Run(ctx, func(ctx context.Context) error {
		wantNil(t, airlock.Go(ctx, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }))
		cancel()
		return nil
	})
	wantErr(t, err, context.Canceled)
}

func TestI8_ConcurrentIDs(t *testing.T) {
	var tp tape
	ctx, s := airlock.Begin(bg)
	defer s.Discard()
	tp.put(t, ctx, "a")
	ids := make([]string, 16)
	var wg sync.WaitGroup
	for k := range ids {
		wg.Go(func() { ids[k] = s.Intents()[0].ID() })
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatalf("IDs differ: %q", ids)
		}
	}
}
