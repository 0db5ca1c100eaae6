// Package exits has paths that don't return: they end the goroutine, panic, or end the process.
package exits

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"

	"github.com/airlock-go/airlock/airlock"
)

func cond() bool { return false }

// A15
func a15InfiniteLoop(ctx context.Context, c chan int) {
	_, scope := airlock.Begin(ctx) // never returns
	for {
		<-c
		_ = scope.State()
	}
}

// A16
func a16Exit1(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // a process that fails loses nothing that should have left
	if cond() {
		os.Exit(1)
	}
	scope.Discard()
}

// A17
func a17LogFatal(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the other path ends in log.Fatal
	if cond() {
		log.Fatal("failed")
	}
	scope.Discard()
}

// A18
func a18Panic(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // the other path panics
	if cond() {
		panic("failed")
	}
	scope.Discard()
}

func fatal(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format, args...)
	os.Exit(2)
}

// A19
func a19Helper(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // fatal never returns, and exits with a failure
	if cond() {
		fatal("failed: %v", ctx)
	}
	scope.Discard()
}

func exit(code int) { os.Exit(code) }

func a19HelperWithCode(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // exits with a failure
	if cond() {
		exit(3)
	}
	scope.Discard()
}

func a73HelperWithZero(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `lost when the process exits on line 79`
	if cond() {
		exit(0)
	}
	scope.Discard()
}

func bye() { os.Exit(0) }

func a73HelperThatExits(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `lost when the process exits on line 90`
	defer scope.Discard()
	if cond() {
		bye()
	}
}

// A69
func a69Goexit(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // runtime.Goexit never returns
	if cond() {
		runtime.Goexit()
	}
	scope.Discard()
}

// A61
func a61Recover(ctx context.Context) (err error) {
	_, scope := airlock.Begin(ctx) // the deferred function closes it however it ends
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
		scope.Discard()
	}()
	if cond() {
		panic("failed")
	}
	return nil
}

// A73
func a73ExitZero(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // want `lost when the process exits on line 123, which skips deferred calls`
	defer scope.Discard()
	if cond() {
		os.Exit(0)
	}
}

func a73ExitVariable(ctx context.Context, code int) {
	_, scope := airlock.Begin(ctx) // want `lost when the process exits on line 130`
	defer scope.Discard()
	os.Exit(code)
}

func a73ExitKnown(ctx context.Context) {
	code := 0
	_, scope := airlock.Begin(ctx) // want `lost when the process exits on line 139`
	if cond() {
		code = 1
	}
	os.Exit(code)
	scope.Discard()
}

func a73FailureKnown(ctx context.Context) error {
	code := 0
	ctx, scope := airlock.Begin(ctx) // the exit is only taken with code 1
	if cond() {
		code = 1
	}
	if code != 0 {
		os.Exit(code)
	}
	return scope.Flush(ctx)
}

func a73Failure(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // closed, or the process fails
	defer scope.Discard()
	if cond() {
		os.Exit(1)
	}
	if cond() {
		log.Fatalf("failed")
	}
	if cond() {
		panic("failed")
	}
}

func a73ClosedBefore(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // flushed before the process exits
	err := scope.Flush(ctx)
	if err != nil {
		log.Print(err)
	}
	os.Exit(0)
}

// B02
func b02Fallthrough(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx) // closed, or ended
	switch n {
	case 0:
		scope.Discard()
	case 1:
		log.Fatal("one")
	case 2:
		fallthrough
	default:
		os.Exit(1)
	}
}

// B03
func b03FallsOut(ctx context.Context, n int) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 204`
	switch n {
	case 0:
		scope.Discard()
	case 1:
		fmt.Println("one")
	default:
		os.Exit(1)
	}
}

// B04
func b04SelectPanics(ctx context.Context, c chan int) {
	_, scope := airlock.Begin(ctx) // the only case panics
	select {
	case <-c:
		panic(scope)
	}
}

func b04SelectForever(ctx context.Context) {
	_, scope := airlock.Begin(ctx) // blocks for ever
	_ = scope
	select {}
}

// B33
func closeOrDie(ctx context.Context, scope *airlock.Scope) {
	if err := scope.Flush(ctx); err != nil {
		log.Fatal(err)
	}
}

func b33HelperFatal(ctx context.Context) {
	ctx, scope := airlock.Begin(ctx) // the helper closes it, or ends the process
	closeOrDie(ctx, scope)
}

// B35
func b35OnlyFatalBefore(ctx context.Context, err error) {
	_, scope := airlock.Begin(ctx) // every earlier end is fatal
	if err != nil {
		log.Fatal(err)
	}
	scope.Discard()
}

// B38
func b38SwitchFatal(ctx context.Context, err error) {
	_, scope := airlock.Begin(ctx) // the default alone goes on, to the defer
	switch {
	case err == context.Canceled:
		log.Fatal("canceled")
	case err != nil:
		log.Fatal(err)
	default:
	}
	defer scope.Discard()
}

func b38SwitchWithout(ctx context.Context, err error) {
	_, scope := airlock.Begin(ctx) // want `still open at the return on line 265`
	switch {
	case err == context.Canceled:
		log.Fatal("canceled")
	case err != nil:
		log.Fatal(err)
	default:
		_ = scope
	}
}
