package airlock

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
)

func (o Outcome) String() string {
	return nth(int(o), "Pending", "Dispatched", "Failed", "Skipped", "Dropped", "Captured", "Discarded")
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

// Report tells what has become of the scope's intents so far. While a flush is under way they are pending.
func (s *Scope) Report() *Report {
	lists := s.lists()
	s.tree.mu.Lock()
	written, flown, rest := s.written.replay(), s.flown.replay(), s.rest
	s.tree.mu.Unlock()
	var results []Result
	for _, i := range inOrder(lists) {
		r := Result{Intent: i, Outcome: Outcome(rest)}
		if !written(&r) {
			flown(&r)
		}
		results = append(results, r)
	}
	return &Report{results}
}

// replay returns a function that fills in the results of f, if it is asked about the intents in order, and says whether it
// knew.
func (f *flight) replay() func(r *Result) bool {
	k := 0
	return func(r *Result) bool {
		if f == nil || k == len(f.list) || f.list[k] != r.Intent {
			return false
		}
		r.Outcome, r.Err, r.Policy = Outcome(f.fates[k]), f.why[k].err, f.why[k].policy
		k++
		return true
	}
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

// report tells what has become of the intents in f.
func (f *flight) report() *Report {
	replay := f.replay()
	results := make([]Result, len(f.list))
	for k, i := range f.list {
		results[k].Intent = i
		replay(&results[k])
	}
	return &Report{results}
}
