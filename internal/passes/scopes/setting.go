package scopes

import (
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/ssapass"
)

// A setting is a boolean field of what a function is given that it reads and does not write, such as s.config.Traced. Where it is read
// again it says the same; but for loops, which may wait for it to change.
type setting struct {
	given *ssa.Parameter
	way   string // the fields on the way, by number
}

// setting returns the setting that v reads, if it reads one.
func (f *frame) setting(v ssa.Value) (s setting, ok bool) {
	load, ok := v.(*ssa.UnOp)
	if !ok || !types.Identical(load.Type().Underlying(), types.Typ[types.Bool]) {
		return setting{}, false
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok || f.loops[load.Parent()].cycle[load.Block().Index] != 0 {
		return setting{}, false
	}
	s, ok = f.way(addr)
	return s, ok && !f.writes(addr)
}

// way follows an address back to the parameter that it leads from.
func (f *frame) way(addr ssa.Value) (s setting, ok bool) {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		s, ok = f.way(a.X)
		s.way += "." + strconv.Itoa(a.Field)
		return s, ok
	case *ssa.UnOp:
		return f.way(a.X)
	case *ssa.Parameter:
		return setting{given: a}, true
	case *ssa.Alloc, *ssa.FreeVar:
		if stores := ssapass.Stores(a); len(stores) == 1 {
			if p, ok := stores[0].Val.(*ssa.Parameter); ok {
				return setting{given: p}, true
			}
		}
	}
	return setting{}, false
}

// findWritten finds the fields that fn, and the literals in it, write.
func (f *frame) findWritten(fn *ssa.Function) {
	for _, move := range f.program.ssa.Body(fn).Moves {
		if s, ok := move.(*ssa.Store); ok {
			if to, ok := s.Addr.(*ssa.FieldAddr); ok {
				f.written = append(f.written, to)
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		f.findWritten(lit)
	}
}

// writes reports whether that field of anything is written.
func (f *frame) writes(addr *ssa.FieldAddr) bool {
	return slices.ContainsFunc(f.written, func(to *ssa.FieldAddr) bool {
		return to.Field == addr.Field && types.Identical(to.X.Type(), addr.X.Type())
	})
}
