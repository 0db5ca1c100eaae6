// Package groups: which groups and channels functions signal and wait for, and what they start. // want package:"touches airlock"
package groups

import (
	"sync"

	"github.com/airlock-go/airlock/airlock"
)

var _ airlock.State

func worker(wg *sync.WaitGroup) { defer wg.Done() } // want worker:`signals\(0\)`

func wait(wg *sync.WaitGroup) { wg.Wait() } // want wait:`waits\(0\)`

func waitDeep(wg *sync.WaitGroup) { wait(wg) } // want waitDeep:`waits\(0\)`

func finish(done chan<- struct{}) { close(done) } // want finish:`signals\(0\)`

func receive(done <-chan struct{}) { <-done } // want receive:`waits\(0\)`

func background(fn func()) { go fn() } // want background:`later calls\(0: \)`

func safely(fn func()) { // want safely:`later calls\(0: \)`
	background(func() {
		defer func() { _ = recover() }()
		fn()
	})
}

func both(a, b func()) { // it waits for them
	var wg sync.WaitGroup
	wg.Go(a)
	wg.Go(b)
	wg.Wait()
}
