package scopeclose

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/scopes"
)

const (
	droppedContext = "the context of this scope is used for nothing: what is enqueued here goes into another scope, or into none; hand the context that Begin returns on"
	loopDefer      = "this closes the scopes of all turns of the loop only when the function returns: put the body of the loop into a function, or use airlock.Run"
)

// unflushed tells of a loss: of what call has enqueued, if that is not nil.
func (c *check) unflushed(l *scopes.Lifetime, call ssa.CallInstruction) string {
	what, scope := "something may have been enqueued", "the scope"
	if call != nil && call.Common().IsInvoke() {
		what = call.Common().Method.Name() + " may have enqueued something"
	}
	if c.several[l.In] > 1 {
		scope = fmt.Sprintf("the scope opened on line %d", c.code.line(l.Begin.Pos()))
	}
	return fmt.Sprintf("effects are silently lost: %s before this return, %s is only discarded, and no error says so; return scope.Flush(ctx), or give the scope the policy DropAll", what, scope)
}

func (c *check) unclosed(l *scopes.Lifetime) string {
	what := "this scope"
	remedy := "flush or discard it on every path: add defer scope.Discard() right after it is opened"
	switch l.Kind {
	case scopes.Cleanup:
		what, remedy = "the scope opened here", "call the function that closes it on every path"
	case scopes.Holder:
		what, remedy = "the scope in this value", "close it on every path"
	}
	exit := l.Leaks[0]
	switch exit.How {
	case scopes.AtExit:
		return fmt.Sprintf("%s is lost when the process exits on line %d, which skips deferred calls: flush or discard it before", what, c.code.line(exit.Pos))
	case scopes.Again:
		return fmt.Sprintf("%s is still open when the next one takes its place: flush or discard it before", what)
	case scopes.Below:
		return fmt.Sprintf("%s is still open when the one around it is flushed on line %d, which fails with ErrOpenChildren: flush or discard it before", what, c.code.line(exit.Pos))
	case scopes.Never:
		return fmt.Sprintf("%s is kept in a package variable, and nothing in this package flushes or discards it", what)
	}
	return fmt.Sprintf("%s is still open at the return on line %d: %s", what, c.code.line(exit.Pos), remedy)
}

func closedUse(use ssa.CallInstruction) string {
	switch name := runtimeName(use); name {
	case "":
		return "this enqueues in, or flushes, a scope that is closed by now: it fails with ErrScopeClosed"
	case "Scope.Flush":
		return "this scope is closed by now: Flush fails with ErrScopeClosed"
	default:
		return fmt.Sprintf("the scope of this context is closed by now: %s fails with ErrScopeClosed", short(name))
	}
}

func droppedError(name string) string {
	return fmt.Sprintf("the error of %s is dropped: it alone says that effects were refused or have failed; handle it, or assign it to _", short(name))
}

func deferredError(name string) string {
	if name == "Scope.Flush" {
		return "a deferred Flush dispatches even if the function fails, and its error is dropped: defer scope.Discard() and return scope.Flush(ctx)"
	}
	return droppedError(name)
}

func goError(name string) string {
	return fmt.Sprintf("the error of %s is dropped by the go statement: it alone says that effects were refused or have failed; handle it in a function literal", short(name))
}

func lateError(name string) string {
	return fmt.Sprintf("the error of %s is put into a variable when the function has returned: nobody reads it any more; name the result, and assign to that", short(name))
}

// short is the name of a function of the runtime as users write it: airlock.Run, Flush.
func short(name string) string {
	for i := range name {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return "airlock." + name
}
