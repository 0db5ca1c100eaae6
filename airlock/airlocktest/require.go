package airlocktest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/airlock"
)

// RequireEnqueued returns the first intent of task in the scope whose argument matches; a nil match takes any. Without one the test
// stops, with a list of what was enqueued and where.
func RequireEnqueued[A any](t testing.TB, scope *airlock.Scope, task *airlock.Task[A], match func(A) bool) *airlock.Intent {
	t.Helper()
	intents := scope.Intents()
	for _, i := range intents {
		if arg, ok := task.Arg(i); ok && (match == nil || match(arg)) {
			return i
		}
	}
	what := "no intent"
	if match != nil && slices.ContainsFunc(intents, func(i *airlock.Intent) bool { return i.Name() == task.Name() }) {
		what = "no matching intent"
	}
	t.Fatalf("%s of %s was enqueued; the scope has %s", what, task.Name(), list(intents))
	return nil
}

// RequireNone stops the test if an intent of one of the tasks was enqueued; without tasks, if any intent was.
func RequireNone(t testing.TB, scope *airlock.Scope, tasks ...interface{ Name() string }) {
	t.Helper()
	var found []*airlock.Intent
	for _, i := range scope.Intents() {
		if len(tasks) == 0 || slices.ContainsFunc(tasks, func(task interface{ Name() string }) bool { return task.Name() == i.Name() }) {
			found = append(found, i)
		}
	}
	if len(found) > 0 {
		t.Fatalf("nothing should have been enqueued, but the scope has %s", list(found))
	}
}

// list prints intents with their arguments, a line each, led by where they were enqueued. A test's output is the one place where
// arguments belong.
func list(intents []*airlock.Intent) string {
	if len(intents) == 0 {
		return "none"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d:", len(intents))
	for _, i := range intents {
		fmt.Fprintf(&b, "\n\t%s: %v", i.Caller(), i)
	}
	return b.String()
}
