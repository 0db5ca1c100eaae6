package airlockapi_test

import (
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/internal/airlockapi"
)

// TestNamesExist loads the real runtime and looks up every name that an analyzer relies on.
func TestNamesExist(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedName}, airlockapi.Path)
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		t.Fatalf("load %s: %v %v", airlockapi.Path, err, pkgs)
	}
	scope := pkgs[0].Types.Scope()
	for _, name := range airlockapi.Names {
		fn := lookup(scope, name)
		if fn == nil {
			t.Errorf("the runtime has no %s", name)
			continue
		}
		if got := airlockapi.Name(fn); got != name {
			t.Errorf("Name(%s) = %q, want %q", fn.FullName(), got, name)
		}
	}
}

func lookup(scope *types.Scope, name string) *types.Func {
	typeName, method, isMethod := strings.Cut(name, ".")
	obj := scope.Lookup(typeName)
	if !isMethod || obj == nil {
		fn, _ := obj.(*types.Func)
		return fn
	}
	found, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), true, obj.Pkg(), method)
	if found == nil { // a pointer to an interface has no methods
		found, _, _ = types.LookupFieldOrMethod(obj.Type(), true, obj.Pkg(), method)
	}
	fn, _ := found.(*types.Func)
	return fn
}
