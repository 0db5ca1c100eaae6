package airlocktest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/airlock-go/airlock/airlock"
)

// A Probe is the argument of the task that [TestExecutor] enqueues. It travels as JSON.
type Probe struct {
	Case  int64  `json:"case"`  // which case's log hears of the run
	Index int    `json:"index"` // which intent of that case
	Do    string `json:"do"`    // "", "fail" or "panic"
}

// ProbeTask is the task that [TestExecutor] enqueues. An executor that hands intents to a [airlock.Registry] must have it added.
var ProbeTask = airlock.NewTask("airlocktest.Probe", runProbe)

var errProbe = errors.New("the probe fails as told")

// A probeLog hears which probes of one case have run, in the order in which they did.
type probeLog struct {
	id int64

	mu  sync.Mutex
	ran []int
}

var (
	probeCases atomic.Int64
	probeLogs  sync.Map // of *probeLog by case: a task that runs behind a queue has no other way back
)

func newProbeLog() *probeLog {
	l := &probeLog{id: probeCases.Add(1)}
	probeLogs.Store(l.id, l)
	return l
}

func (l *probeLog) probe(index int, do string) Probe { return Probe{Case: l.id, Index: index, Do: do} }

func (l *probeLog) runs() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]int(nil), l.ran...)
}

func runProbe(_ context.Context, p Probe) error {
	l, ok := probeLogs.Load(p.Case)
	if !ok {
		return fmt.Errorf("no case %d: was the probe's argument changed on its way?", p.Case)
	}
	log := l.(*probeLog)
	log.mu.Lock()
	log.ran = append(log.ran, p.Index)
	log.mu.Unlock()
	switch p.Do {
	case "fail":
		return errProbe
	case "panic":
		panic(errProbe)
	}
	return nil
}
