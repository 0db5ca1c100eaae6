package airlock

import (
	"log/slog"
	"sync"
)

var warnedDelays sync.Map // of the calls that enqueued

// warnDelay says once a call site that the delay asked for is not given. // I15
func (i *Intent) warnDelay() {
	if !i.options.delayed() {
		return
	}
	if _, known := warnedDelays.LoadOrStore(i.pc, true); !known {
		slog.Warn("airlock: the executor can't delay tasks; it runs at once", "intent", i, "executor", describe(i.executor()))
	}
}
