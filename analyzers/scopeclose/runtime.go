package scopeclose

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
)

// errorMatters returns the name of the called function of the runtime if its error says whether effects leave, and "" otherwise.
func errorMatters(call ssa.CallInstruction) string {
	switch name := runtimeName(call); name {
	case "Scope.Flush", "Run", "InTx", "Enqueue", "EnqueueFunc", "Task.Enqueue", "Intent.Enqueue", "Airlock.Run", "Airlock.InTx", "Registry.Run":
		return name
	}
	return ""
}

func runtimeName(call ssa.CallInstruction) string {
	fn := call.Common().StaticCallee()
	if fn == nil {
		return ""
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	return airlockapi.Name(obj)
}

func importsRuntime(pkg *types.Package) bool {
	for _, imp := range pkg.Imports() {
		if airlockapi.IsRuntime(imp.Path()) {
			return true
		}
	}
	return false
}
