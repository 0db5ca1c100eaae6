package transactions

import (
	"go/constant"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Value is what a path knows of a value. The zero Value knows nothing.
type Value struct {
	Is   Is
	Text string // of Constant: the constant, exactly; of Not: all of them, see none
}

// Is is the shape of what is known.
type Is uint8

// What can be known of a value.
const (
	Unknown  Is = iota
	Nil         // it is nil
	NonNil      // it is not nil
	Constant    // it is the constant Text
	NonZero     // it is a number other than zero
	Not         // it is none of the constants Text
	Filled      // it is a slice that has elements
)

var (
	isNil    = Value{Is: Nil}
	isNonNil = Value{Is: NonNil}
	isTrue   = Value{Is: Constant, Text: "true"}
	isFalse  = Value{Is: Constant, Text: "false"}
	isZero   = Value{Is: Constant, Text: "0"}
)

func boolean(b bool) Value {
	if b {
		return isTrue
	}
	return isFalse
}

// constantOf returns what an ssa constant is.
func constantOf(c *ssa.Const) Value {
	if c.Value == nil {
		if nilable(c.Type()) {
			return isNil
		}
		return Value{}
	}
	return Value{Is: Constant, Text: c.Value.ExactString()}
}

// equal reports whether a == b, if that is known.
func equal(a, b Value) (eq, known bool) {
	switch {
	case a.Is == Unknown || b.Is == Unknown:
		return false, false
	case a.Is == Nil && b.Is == Nil:
		return true, true
	case a.Is == Nil && (b.Is == NonNil || b.Is == Filled), (a.Is == NonNil || a.Is == Filled) && b.Is == Nil:
		return false, true
	case a.Is == Constant && b.Is == Constant:
		return a.Text == b.Text, true
	case a.Is == NonZero && b == isZero, a == isZero && b.Is == NonZero:
		return false, true
	case a.Is == Not && b.Is == Constant:
		return false, slices.Contains(a.constants(), b.Text)
	case a.Is == Constant && b.Is == Not:
		return equal(b, a)
	}
	return false, false
}

// other returns what a value is that is known to differ from v.
func other(v Value) Value {
	switch v {
	case isNil:
		return isNonNil
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	case isZero:
		return Value{Is: NonZero}
	}
	if v.Is == Constant {
		return Value{Is: Not, Text: v.Text}
	}
	return Value{}
}

// constants lists the constants that a value is not.
func (v Value) constants() []string { return strings.Split(v.Text, "\x00") }

// none is the value that is none of some constants.
func none(constants []string) Value {
	if len(constants) == 0 {
		return Value{}
	}
	constants = slices.Compact(slices.Sorted(slices.Values(constants)))
	return Value{Is: Not, Text: strings.Join(constants, "\x00")}
}

// meet returns what holds of a value that is a or b.
func meet(a, b Value) Value {
	switch {
	case a == b:
		return a
	case a.Is == Not && b.Is == Not:
		return none(slices.DeleteFunc(a.constants(), func(c string) bool { return !slices.Contains(b.constants(), c) }))
	case a.Is == Not && b.Is == Constant:
		return none(slices.DeleteFunc(a.constants(), func(c string) bool { return c == b.Text }))
	case a.Is == Constant && b.Is == Not:
		return meet(b, a)
	}
	return Value{}
}

// contradicts reports whether a value that is a can't be b.
func contradicts(a, b Value) bool {
	eq, known := equal(a, b)
	return known && !eq
}

// sum returns a + b for counters, which are taken not to be negative.
func sum(a, b Value) Value {
	if positive(a) && counts(b) || positive(b) && counts(a) {
		return Value{Is: NonZero}
	}
	return Value{}
}

func counts(v Value) bool { return v == isZero || positive(v) }

func positive(v Value) bool {
	if v.Is == NonZero {
		return true
	}
	if v.Is != Constant {
		return false
	}
	n := constant.MakeFromLiteral(v.Text, token.INT, 0)
	return n.Kind() == constant.Int && constant.Sign(n) > 0
}
