package contexts

import (
	"go/types"

	"github.com/airlock-go/airlock/internal/airlockapi"
)

// This file holds what is known by name: of the runtime, and of the few functions of the standard library that make a context from
// nothing.

// enqueuers are the functions of the runtime that need a scope in their first argument that is a context.
var enqueuers = map[string]bool{"Enqueue": true, "EnqueueFunc": true, "Task.Enqueue": true, "Intent.Enqueue": true}

// openers are those that open a scope under it, and which argument is the function that runs inside, or -1.
var openers = map[string]int{
	"Begin": -1, "Airlock.Begin": -1,
	"Run": 1, "Airlock.Run": 1, "InTx": 2, "Airlock.InTx": 2,
}

// makers are the functions that make a context: a scoped one, one without a scope, or (Param) a child of their argument.
var makers = map[string]Kind{
	"Begin": Scoped, "Airlock.Begin": Scoped, "Detach": Scopeless, "WithLocalPolicy": Param,
	"airlocktest.Scope": Scoped, "airlocktest.NoEffects": Scoped,
}

var stdMakers = map[string]Kind{
	"context.Background": Scopeless, "context.TODO": Scopeless, "net/http.NewRequest": Scopeless, "net/http/httptest.NewRequest": Scopeless,
}

// maker says what kind of context fn makes, where that is known by its name.
func maker(fn *types.Func) (k Kind, known bool) {
	if name := airlockapi.Name(fn); name != "" {
		k, known = makers[name]
		if !known {
			return Unknown, true
		}
		return k, true
	}
	if isTesting(fn) && fn.Name() == "Context" {
		return Scopeless, true
	}
	if fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return 0, false
	}
	k, known = stdMakers[fn.Pkg().Path()+"."+fn.Name()]
	return k, known
}

// handsOn says what context the function of the runtime with that name hands the function that is its argument arg: a scoped one, or
// (Param) its own.
func handsOn(name string, arg int) (k Kind, known bool) {
	if body, ok := openers[name]; ok && body == arg {
		return Scoped, true
	}
	switch {
	case name == "Enqueue" && arg == 1, name == "EnqueueFunc" && arg == 2, name == "NewTask" && arg == 1:
		return Scoped, true // a dispatch: what it enqueues is in a scope of its own
	case name == "Go" && arg == 1, name == "InTx" && arg == 1, name == "Airlock.InTx" && arg == 1:
		return Param, true
	}
	return 0, false
}
