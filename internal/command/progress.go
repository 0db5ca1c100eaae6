package command

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress returns a function that shows, on a terminal, how far a run is that takes more than a second; nil elsewhere. A total of
// zero wipes the line.
func progress(w io.Writer) func(done, total int) {
	if !isTerminal(w) {
		return nil
	}
	var mu sync.Mutex
	start := time.Now()
	var last time.Time
	return func(done, total int) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		switch {
		case total == 0 && !last.IsZero():
			fmt.Fprint(w, "\r\x1b[K")
		case total > 0 && now.Sub(start) > time.Second && now.Sub(last) > 100*time.Millisecond:
			last = now
			fmt.Fprintf(w, "\r\x1b[K%d of %d packages", done, total)
		}
	}
}
