package effects

import (
	"bytes"
	"cmp"
	"go/types"
	"hash/fnv"
	"slices"
)

// Signature writes a method so that, for two methods, equal text means that one implements the other.
func Signature(fn *types.Func) string {
	var b bytes.Buffer
	writeSignature(&b, fn)
	return b.String()
}

// Signatures lists the methods of an interface so, sorted.
func Signatures(iface types.Type) []string { return methodsOf(iface, Signature) }

// methodsOf lists the methods of an interface as write has them, sorted.
func methodsOf[T cmp.Ordered](iface types.Type, write func(*types.Func) T) []T {
	var all []T
	for m := range iface.Underlying().(*types.Interface).Methods() {
		all = append(all, write(m))
	}
	slices.Sort(all)
	return all
}

// signatureHash is Signature in eight bytes: types have many methods, and what they are called is of no use.
func signatureHash(fn *types.Func) uint64 {
	var b bytes.Buffer
	writeSignature(&b, fn)
	h := fnv.New64a()
	h.Write(b.Bytes())
	return h.Sum64()
}

func writeSignature(b *bytes.Buffer, fn *types.Func) {
	if !fn.Exported() {
		b.WriteString(fn.Pkg().Path() + ".")
	}
	b.WriteString(fn.Name())
	writeTuple(b, fn.Signature().Params())
	if fn.Signature().Variadic() {
		b.WriteString("...")
	}
	writeTuple(b, fn.Signature().Results())
}

func writeTuple(b *bytes.Buffer, t *types.Tuple) {
	b.WriteByte('(')
	for v := range t.Variables() {
		types.WriteType(b, v.Type(), nil)
		b.WriteByte(',')
	}
	b.WriteByte(')')
}
