// Package closure has effects in function literals: they are the declaration's where it calls them.
package closure

import (
	"iter"
	"net/smtp"
	"sync"
)

func send() error { return smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Called() { // want `^mail$`
	f := func() { send() }
	f()
}

func AtOnce() { // want `^mail$`
	func() { send() }()
}

func Chosen(quiet bool) { // want `^mail$`
	f := func() {}
	if !quiet {
		f = func() { send() }
	}
	f()
}

func NeverCalled() func() bool { // silent: returned, and it compares only
	f := func() { send() }
	return func() bool { return f == nil }
}

func Recursive(n int) { // want `^mail$`
	var walk func(int)
	walk = func(n int) {
		if n == 0 {
			send()
			return
		}
		walk(n - 1)
	}
	walk(n)
}

func Factory() func() { // want `^returns \(mail\)$`
	return func() { send() }
}

func UsesFactory() { // want `^mail$`
	Factory()()
}

func Wrap(next func()) func() { // want `^returns \(calls outer #0\)$`
	return func() { next() }
}

func Wrapped() { // want `^mail$`
	Wrap(func() { send() })()
}

func WrappedPure() { // silent: another caller wraps an effect
	Wrap(func() {})()
}

func All() iter.Seq[int] { // want `^returns \(mail; calls #0\)$`
	return func(yield func(int) bool) {
		send()
		yield(1)
	}
}

func Ranges() { // want `^mail$`
	for range All() {
	}
}

func numbers(yield func(int) bool) { yield(1) } // want `^calls #0$`

func RangesOver() { // want `^mail$`
	for range numbers {
		send()
	}
}

var table = func() error { return send() }

func Variable() { // want `^mail$`
	table()
}

func OnceCalled() { // want `^mail$`
	once := sync.OnceFunc(func() { send() })
	once()
}

func WrappedOnly() func() { // want `^returns \(mail\)$`
	return sync.OnceFunc(func() { send() }) // wrapping is not calling
}

var connect = sync.OnceValue(func() error { send(); return nil })

func Connected() error { return connect() } // want `^mail$`
