package airlock

import "fmt"

// An Outcome says what has become of an intent in a scope.
type Outcome int

const (
	// OutcomePending: the scope has not decided, or not finished.
	OutcomePending Outcome = iota
	// OutcomeDispatched: its executor took it, which with Inline means that it ran.
	OutcomeDispatched
	// OutcomeFailed: its executor returned an error.
	OutcomeFailed
	// OutcomeSkipped: never tried, because of WithFailFast or WithDispatchTimeout.
	OutcomeSkipped
	// OutcomeDropped: a policy did not allow it.
	OutcomeDropped
	// OutcomeCaptured: an enclosing scope holds it.
	OutcomeCaptured
	// OutcomeDiscarded: the scope was discarded.
	OutcomeDiscarded

	flying // being dispatched
)

func (o Outcome) String() string {
	return [...]string{"Pending", "Dispatched", "Failed", "Skipped", "Dropped", "Captured", "Discarded", "Pending"}[o]
}

// A Result is the outcome of one intent in one scope.
type Result struct {
	Intent  *Intent
	Outcome Outcome
	Err     error  // of a failed intent; why one was skipped, if time ran out
	Policy  Policy // who dropped it
}

// A Report tells what has become of a scope's intents. It is a snapshot, immutable, and may be used concurrently.
type Report struct {
	results []Result
}

func newReport(results []Result) *Report { return &Report{results} }

// Report tells what has become of the scope's intents so far. While a flush is under way they are pending.
func (s *Scope) Report() *Report {
	lists := s.lists()
	s.tree.mu.Lock()
	known, rest := s.results, s.rest
	s.tree.mu.Unlock()
	var results []Result
	for _, i := range inOrder(lists) {
		if len(known) > 0 && known[0].Intent == i {
			results = append(results, known[0])
			known = known[1:]
		} else {
			results = append(results, Result{Intent: i, Outcome: rest})
		}
	}
	return newReport(results)
}

// Results returns one result for each intent, in the order in which they were enqueued.
func (r *Report) Results() []Result { return append([]Result(nil), r.results...) }

// Count returns how many intents had the outcome.
func (r *Report) Count(o Outcome) int {
	n := 0
	for _, res := range r.results {
		if res.Outcome == o {
			n++
		}
	}
	return n
}

// Failed returns the intents that failed, to be enqueued again or looked into. Those that were never tried are not among
// them: see Skipped.
func (r *Report) Failed() []*Intent { return r.with(OutcomeFailed) }

// Skipped returns the intents that were allowed and never tried.
func (r *Report) Skipped() []*Intent { return r.with(OutcomeSkipped) }

func (r *Report) with(o Outcome) []*Intent {
	var is []*Intent
	for _, res := range r.results {
		if res.Outcome == o {
			is = append(is, res.Intent)
		}
	}
	return is
}

// mergeResults merges two lists of results in enqueue order.
func mergeResults(a, b []Result) []Result {
	if len(a) == 0 {
		return b
	}
	merged := make([]Result, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].Intent.seq < b[0].Intent.seq {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

func wrongLength(got, want int) error {
	return fmt.Errorf("airlock: the executor returned %d errors for %d intents", got, want)
}
