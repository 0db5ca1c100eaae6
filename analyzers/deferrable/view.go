package deferrable

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/carried"
	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// views are the methods that return a part of the buffer of their receiver, with the methods of the same that overwrite it.
var views = map[string][]string{
	"(*bufio.Scanner).Bytes":    {"Scan"},
	"(*bufio.Reader).ReadSlice": {"Read", "Peek", "WriteTo", "Reset"},
	"(*bufio.Reader).ReadLine":  {"Read", "Peek", "WriteTo", "Reset"},
	"(*bufio.Reader).Peek":      {"Read", "Peek", "WriteTo", "Reset"},
	"(*bytes.Buffer).Bytes":     {"Reset", "Truncate"},
	"(*bytes.Buffer).Next":      {"Reset", "Truncate"},
}

// overwrittenAfter reports whether v is a part of a buffer that is filled again after the enqueue.
func overwrittenAfter(v ssa.Value, call ssa.CallInstruction) bool { return overwritten(v, call, 0) }

func overwritten(v ssa.Value, call ssa.CallInstruction, depth int) bool {
	if first, ok := v.(*ssa.Extract); ok && first.Index == 0 {
		v = first.Tuple
	}
	made, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	fn := ssapass.Callee(made.Common())
	if fn == nil {
		return false
	}
	if trims(fn) && depth < maxWrapped {
		return slices.ContainsFunc(carried.Origins(made.Call.Args[0]), func(o ssa.Value) bool { return overwritten(o, call, depth+1) })
	}
	if views[fn.FullName()] == nil || receiver(made, fn) == nil {
		return false
	}
	buffers, ends := buffer(receiver(made, fn), call)
	for _, same := range buffers {
		for _, ref := range *same.Referrers() {
			if w := overwrites(ref, same, views[fn.FullName()]); w != nil && leadsTo(call, w, ends) {
				return true
			}
		}
	}
	return false
}

// trims reports whether fn returns a part of the bytes that it is handed.
func trims(fn *types.Func) bool { return strings.HasPrefix(fn.FullName(), "bytes.Trim") }

// buffer returns the values that are the same buffer when the call runs, and what ends that: another buffer, which leaves the parts of
// this alone.
func buffer(v ssa.Value, call ssa.CallInstruction) (same []ssa.Value, ends func(ssa.Instruction) bool) {
	if p, ok := placeOf(v, call); ok {
		return p.loads(), p.renewed
	}
	same, made := sameValues(v)
	return same, func(x ssa.Instruction) bool {
		s, stores := x.(*ssa.Store)
		v, ok := x.(ssa.Value)
		return ok && v == made || stores && slices.Contains(same, s.Addr)
	}
}

// overwrites returns the call by which a use of a buffer overwrites it, by one of those methods or for others that take it from a pool;
// nil if it doesn't.
func overwrites(use ssa.Instruction, buffer ssa.Value, methods []string) ssa.Instruction {
	switch use := use.(type) {
	case *ssa.MakeInterface:
		for _, ref := range *use.Referrers() {
			if call, ok := ref.(ssa.CallInstruction); ok && returnsToPool(call) {
				return call
			}
		}
	case ssa.CallInstruction:
		fn := ssapass.Callee(use.Common())
		if fn == nil || receiver(use, fn) != buffer {
			return nil
		}
		if slices.ContainsFunc(methods, func(m string) bool { return strings.HasPrefix(fn.Name(), m) }) {
			return use
		}
	}
	return nil
}
