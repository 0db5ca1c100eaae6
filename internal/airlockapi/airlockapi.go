// Package airlockapi names what the analyzers know of the runtime: its functions and types, by name only.
//
// The analyzers never import the runtime; a test loads the real package and looks every name up.
package airlockapi

import (
	"go/types"
	"strings"
)

// Path is the import path of the runtime.
const Path = "github.com/airlock-go/airlock/airlock"

// Names lists every name of the runtime that an analyzer relies on, as [Name] spells it.
var Names = []string{
	"Run", "Begin", "FromContext", "Detach", "Go", "Enqueue", "EnqueueFunc", "NewTask", "RemoteTask", "New", "SetDefault", "InTx", "Escape",
	"WithLocalPolicy", "WithPolicy", "DropAll", "AssertNoEffects", "WithCapture", "WithShouldFlush", "WithObserver",
	"Scope.Flush", "Scope.Discard", "Scope.State", "Scope.Intents", "Scope.Own", "Scope.Captured", "Scope.Report",
	"Task.Enqueue", "Intent.Enqueue", "Intent.Run", "Airlock.Begin", "Airlock.Run", "Airlock.InTx", "Registry.Run",
	"Policy.OnEnqueue", "Policy.Allows", "Executor.Execute", "BatchExecutor.ExecuteBatch", "TxExecutor.ExecuteTx",
}

// Name returns the name of a function or method of the runtime: "Enqueue", "Scope.Flush", "airlocksql.Transact" for one of the
// packages below it, and "" for a function that is not of the runtime. Generic functions have the name of their origin.
func Name(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	prefix, ok := relative(fn.Pkg().Path())
	if !ok {
		return ""
	}
	if recv := fn.Signature().Recv(); recv != nil {
		name := TypeName(recv.Type())
		if name == "" {
			return ""
		}
		return name + "." + fn.Name()
	}
	return prefix + fn.Name()
}

// TypeName returns the name of a type of the runtime, pointers removed: "Scope", "airlocktest.Recorder"; "" for any other type.
func TypeName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	prefix, ok := relative(named.Obj().Pkg().Path())
	if !ok {
		return ""
	}
	return prefix + named.Obj().Name()
}

// IsRuntime reports whether the package of that path is the runtime or one of the packages below it.
func IsRuntime(path string) bool {
	_, ok := relative(path)
	return ok
}

func relative(path string) (prefix string, ok bool) {
	if path == Path {
		return "", true
	}
	if rest, ok := strings.CutPrefix(path, Path+"/"); ok {
		return rest + ".", true
	}
	return "", false
}
