package scopes

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// asserts says what an error is after a call of testify's require, which ends the test otherwise: of the function, or of the method
// of require.Assertions, the error is the argument after the first.
var asserts = map[string]val{
	"Error": nonNil, "ErrorIs": nonNil, "ErrorAs": nonNil, "ErrorContains": nonNil, "EqualError": nonNil,
	"NoError": isNil,
}

// asserted returns what the error among the arguments is where a call of fn returns; unknown if fn asserts nothing of it.
func asserted(fn *types.Func, args []ssa.Value) (err ssa.Value, is val) {
	if fn == nil || fn.Pkg() == nil || len(args) < 2 || !isError(args[1].Type()) ||
		fn.Pkg().Path() != "github.com/stretchr/testify/require" {
		return nil, unknown
	}
	is, ok := asserts[fn.Name()]
	if !ok {
		is = asserts[strings.TrimSuffix(fn.Name(), "f")]
	}
	return args[1], is
}

// assert is world w after an assertion; false if the call ends the test in it.
func (k *walker) assert(w world, err ssa.Value, is val) (world, bool) {
	if got := k.eval(w, err); got == opposite(is) || is == isNil && got.notNil() {
		return w, false
	}
	return k.learn(w, err, is), true
}
