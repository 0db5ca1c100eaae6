package effects

import "go/types"

// Signature writes a method so that, for two methods, equal text means that one implements the other.
func Signature(fn *types.Func) string { return signatureOf(fn) }

// Signatures lists the methods of an interface so, sorted.
func Signatures(iface types.Type) []string { return interfaceMethods(iface) }
