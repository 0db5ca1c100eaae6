package contexts

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Kind says what is known of the place a context comes from.
type Kind uint8

const (
	// Param is a parameter of a function whose callers aren't all known.
	Param Kind = iota
	// Scoped is a context that Begin, Run, InTx or a function that does the same made, or that a guard proved scoped.
	Scoped
	// Scopeless is Background, TODO, Detach, and what does the same.
	Scopeless
	// Unknown is a field, a global, an element, an unknown call.
	Unknown
)

// A Root is one place where a context may come from: deriving a child (WithTimeout, WithValue, …) keeps the root.
type Root struct {
	Kind Kind
	Node Node                // the parameter, or the instruction that made the context
	Into ssa.CallInstruction // the first call that hands it to a parameter of a literal; nil if none does
}

// A Node is an ssa.Value or an ssa.Instruction.
type Node interface {
	Pos() token.Pos
	Parent() *ssa.Function
}

// Roots is the set of places where a context may come from: a lattice ordered by inclusion, joined by union.
// The empty set is a context that no path provides.
type Roots []Root

// Has reports whether a root of kind k is among them.
func (rs Roots) Has(k Kind) bool {
	return slices.ContainsFunc(rs, func(r Root) bool { return r.Kind == k })
}

// Shared returns the roots that are also among the others: both may be children of one context there.
func (rs Roots) Shared(other Roots) Roots {
	var out Roots
	for _, r := range rs {
		if slices.ContainsFunc(other, func(o Root) bool { return r.Kind == o.Kind && r.Node == o.Node }) {
			out = append(out, r)
		}
	}
	return out
}

func (rs Roots) with(r Root) Roots {
	if slices.Contains(rs, r) {
		return rs
	}
	return append(rs[:len(rs):len(rs)], r)
}

func (rs Roots) join(other Roots) Roots {
	for _, r := range other {
		rs = rs.with(r)
	}
	return rs
}

// into marks the roots as having entered a literal through call, unless an earlier call did.
func (rs Roots) into(call ssa.CallInstruction) Roots {
	out := slices.Clone(rs)
	for i := range out {
		if out[i].Into == nil {
			out[i].Into = call
		}
	}
	return out
}
