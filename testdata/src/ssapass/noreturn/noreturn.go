// Package noreturn has functions that never return.
package noreturn

import (
	"log"
	"os"
	"runtime"
	"testing"
)

func die(code int) { // want die:"never returns"
	if code > 1 {
		panic("code")
	}
	os.Exit(code)
}

func through() { // want through:"never returns"
	for {
		die(1)
	}
}

func fatal() { // want fatal:"never returns"
	log.Fatal("dead")
}

func fails(t *testing.T) { // want fails:"never returns"
	t.Helper()
	t.Fatal("dead")
}

func exits() { // want exits:"never returns"
	defer die(1)
	runtime.Goexit()
}

func first(ok bool) { // limit: functions that only end by calling each other count as returning
	if ok {
		second(false)
	} else {
		die(1)
	}
}

func second(ok bool) {
	switch {
	case ok:
		first(true)
	default:
		panic("second")
	}
}

func endless() { // want endless:"never returns"
	for {
	}
}

func recovers() { // returns: its panic is recovered
	defer func() { recover() }()
	panic("caught")
}

func sometimes(ok bool) { // returns on one path
	if !ok {
		die(1)
	}
}

func literal() func() { // returns, what it returns does not
	return func() { panic("literal") }
}

func generic[T any](v T) { // want generic:"never returns"
	panic(v)
}

func instance() { // want instance:"never returns"
	generic[int](1)
}
