package signature_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"github.com/airlock-go/airlock/internal/signature"
)

const methods = `
package p

import "context"

type any2 = any
type ids = []int
type own struct{}
type other struct{}
type list[T any] struct{}

type same interface {
	A1(b []byte, r rune, v any) (n int, err error)
	A2(data []uint8, char int32, x interface{}) (int, error)
	A3([]byte, rune, any2) (int, error)
}
type ctx interface {
	B1(ctx context.Context, id ids) map[string]*own
	B2(context.Context, []int) map[string]*own
}
type fn interface {
	C1(func(n int, rest ...string) <-chan [4]own)
	C2(func(int, ...string) <-chan [4]own)
}
type generic interface {
	D1(list[own]) list[ids]
	D2(l list[own]) list[[]int]
}

type different interface {
	E1(int, ...string)
	E2(int, []string)
	E3(int) string
	E4(own)
	E5(*own)
	E6(other)
	E7(list[own])
	E8(list[other])
	E9(chan own)
	F1(<-chan own)
	F2([3]own)
	F3([4]own)
	F4(map[own]other)
	F5(map[other]own)
	F6(func(own) other)
	F7(func() (own, other))
	F8(int8)
	F9(uint8)
	G1(struct{ A int })
	G2(struct{ B int })
	G3()
	G4() (int, string)
	G5() (string, int)
	G6(interface{ M() })
	G7(any)
}
`

// Methods whose names are cut to their first letter differ by their types alone.
func TestSignatures(t *testing.T) {
	scope := check(t)
	hash := func(m *types.Func) signature.Hash {
		return new(signature.Hasher).Method(types.NewFunc(token.NoPos, m.Pkg(), "M", m.Signature()))
	}
	for _, name := range []string{"same", "ctx", "fn", "generic"} {
		var all []signature.Hash
		for m := range scope.Lookup(name).Type().Underlying().(*types.Interface).Methods() {
			all = append(all, hash(m))
		}
		if len(slices.Compact(all)) != 1 {
			t.Errorf("%s: hashes differ: %v", name, all)
		}
	}
	seen := map[signature.Hash]string{}
	for m := range scope.Lookup("different").Type().Underlying().(*types.Interface).Methods() {
		if old, known := seen[hash(m)]; known {
			t.Errorf("%s and %s have the same hash", old, m.Name())
		}
		seen[hash(m)] = m.Name()
	}
}

func TestNamesTell(t *testing.T) {
	var h signature.Hasher
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	p, q := types.NewPackage("example.com/p", "p"), types.NewPackage("example.com/q", "q")
	method := func(pkg *types.Package, name string) signature.Hash {
		return h.Method(types.NewFunc(token.NoPos, pkg, name, sig))
	}
	switch {
	case method(p, "Send") != method(q, "Send"):
		t.Error("an exported method is another one in another package")
	case method(p, "send") == method(q, "send"):
		t.Error("an unexported method is the same one in another package")
	case method(p, "Send") == method(p, "Receive"):
		t.Error("methods of different names have one hash")
	}
}

func TestInterface(t *testing.T) {
	var h signature.Hasher
	all := h.Interface(check(t).Lookup("different").Type())
	if len(all) != 25 || !slices.IsSorted(all) {
		t.Errorf("got %d hashes, sorted: %t; want 25 sorted ones", len(all), slices.IsSorted(all))
	}
}

func check(t *testing.T) *types.Scope {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", methods, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: importer.ForCompiler(fset, "source", nil)}).Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg.Scope()
}
