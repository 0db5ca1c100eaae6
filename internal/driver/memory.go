package driver

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	heapBudget   = 208 << 20 // the size at which the heap is collected, but
	leastPercent = 75        // not before it has grown by so much,
	mostPercent  = 200       // nor after by more
)

// SpareMemory has the heap collected at a certain size, rather than whenever it has grown by half: each collection walks all that is known
// of the packages by then, and most of a run needs far less than its peak. Where GOGC is set, it does nothing.
func SpareMemory() {
	if os.Getenv("GOGC") == "" {
		afterCollection()
	}
}

// afterCollection sets how far the heap may grow by what is in use of it, now and after each collection.
func afterCollection() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	inUse := max(live[0].Value.Uint64(), 1)
	debug.SetGCPercent(int(min(max(100*heapBudget/inUse, 100+leastPercent), 100+mostPercent)) - 100)
	runtime.AddCleanup(new([16]byte), func(int) { afterCollection() }, 0)
}
