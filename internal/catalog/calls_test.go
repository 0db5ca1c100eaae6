package catalog_test

import (
	"go/token"
	"go/types"
	"os"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
)

// TestCalls asks about the calls of testdata/calls.tsv, which people looked up one by one: a line for many functions, or one that
// stands first, must not change what was known of one.
func TestCalls(t *testing.T) {
	data, err := os.ReadFile("testdata/calls.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		full, want, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			t.Fatalf("%q: want FUNCTION and what it performs, separated by a tab", line)
		}
		e, known := catalog.Default().Func(declare(full))
		got := describe(e, known)
		if e.Decides != catalog.ByNothing {
			got += " by " + e.Decides.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q (%s)", full, got, want, e.Source)
		}
	}
}

// declare makes a function that may fail, from its full name.
func declare(full string) *types.Func {
	results := types.NewTuple(types.NewVar(token.NoPos, nil, "", types.Universe.Lookup("error").Type()))
	path, name := cutName(full)
	var recv *types.Var
	if strings.HasPrefix(full, "(") {
		owner, method, _ := strings.Cut(strings.TrimPrefix(full, "("), ").")
		path, name = cutName(strings.TrimPrefix(owner, "*"))
		named := types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage(path, "p"), name, nil), types.NewStruct(nil, nil), nil)
		recv, name = types.NewParam(token.NoPos, nil, "", types.NewPointer(named)), method
	}
	sig := types.NewSignatureType(recv, nil, nil, nil, results, false)
	return types.NewFunc(token.NoPos, types.NewPackage(path, "p"), name, sig)
}

// cutName divides PATH.NAME; the type parameters of a name are left out.
func cutName(full string) (path, name string) {
	full, _, _ = strings.Cut(full, "[")
	i := strings.LastIndex(full, ".")
	return full[:i], full[i+1:]
}
