package carried

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/airlockapi"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// ofResult stands, in Keeps.Tasks, for the argument of the task that the function returns, which is made of its type parameters.
const ofResult = -1

// Tasks returns the argument types of the tasks that the call makes, by itself or in what it calls.
func (r *Result) Tasks(call ssa.CallInstruction) []types.Type {
	fn := ssapass.Callee(call.Common())
	if name := airlockapi.Name(fn); name == "NewTask" || name == "RemoteTask" {
		return taskArgument(call.Common().Signature())
	}
	k := r.Of(fn)
	if k == nil {
		return nil
	}
	var found []types.Type
	for _, i := range k.Tasks {
		if i == ofResult {
			found = append(found, taskArgument(call.Common().Signature())...)
		} else if callee := call.Common().StaticCallee(); callee != nil && i < len(callee.TypeArgs()) {
			found = append(found, callee.TypeArgs()[i])
		}
	}
	return found
}

// taskArgument returns the type A of the *Task[A] that a function of that signature returns first; nothing for any other.
func taskArgument(sig *types.Signature) []types.Type {
	if sig.Results().Len() == 0 {
		return nil
	}
	t := sig.Results().At(0).Type()
	task, ok := types.Unalias(Elem(t)).(*types.Named)
	if !ok || airlockapi.TypeName(t) != "Task" || task.TypeArgs().Len() != 1 {
		return nil
	}
	return []types.Type{task.TypeArgs().At(0)}
}

// define notes the type parameters for which the function that the call stands in makes tasks, and reports whether that is new.
func (r *Result) define(call ssa.CallInstruction) bool {
	fn := ssapass.Declaration(call.Parent())
	obj, ok := fn.Object().(*types.Func)
	if !ok || fn.TypeParams().Len() == 0 {
		return false
	}
	changed := false
	for _, t := range r.Tasks(call) {
		if i, ok := typeParam(fn, t); ok {
			changed = add(&r.keeps(obj).Tasks, i) || changed
		}
	}
	return changed
}

// typeParam returns which type parameter of fn t is, or that it is the argument of the task that fn returns.
func typeParam(fn *ssa.Function, t types.Type) (i int, ok bool) {
	for i := range fn.TypeParams().Len() {
		if types.Identical(fn.TypeParams().At(i), t) {
			return i, true
		}
	}
	for _, result := range taskArgument(fn.Signature) {
		if types.Identical(result, t) {
			return ofResult, true
		}
	}
	return 0, false
}
