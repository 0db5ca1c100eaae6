// Package async starts goroutines and returns what waits for them.
package async

// Do runs fn in a goroutine; wait returns its error once it is done.
func Do(fn func() error) (wait func() error) {
	ch := make(chan error, 1)
	go func() { ch <- fn() }()
	return func() error { return <-ch }
}

// Done runs fn in a goroutine; the channel is closed once it is done.
func Done(fn func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn()
	}()
	return done
}
