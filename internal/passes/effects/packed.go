package effects

import (
	"bytes"
	"encoding/gob"
	"errors"
	"slices"

	"github.com/airlock-go/airlock/internal/effect"
)

// A packed is a Package as gob has it: each name stands in it once, and so does each way on from a call. The ways of a package's acts lead
// through the same calls, time and again.
type packed struct {
	Types      []Implementer
	Interfaces []Interface
	Places     []string
	Stored     []StoredFunc
	Acts       []packedAct
	Names      []string
	Cells      []cell
}

// A cell is the beginning of a list of names.
type cell struct {
	Name int // an index of packed.Names
	Rest int // an index of packed.Cells, before the cell's own, counted from 1; 0 at the end
}

type packedAct struct {
	Func     int
	Performs []packedBound
	Open     []packedOpen
}

type packedBound struct {
	Effect     effect.Effect
	Used       bool
	Async      Async
	Chain, Pos int // as cell.Rest
}

type packedOpen struct {
	Method     int
	Async      Async
	Chain, Pos int // as cell.Rest
}

// A packer finds what it packed before.
type packer struct {
	packed
	names map[string]int
	cells map[cell]int
}

// GobEncode packs p.
func (p *Package) GobEncode() ([]byte, error) {
	k := &packer{names: map[string]int{}, cells: map[cell]int{}}
	k.Types, k.Interfaces, k.Places, k.Stored = p.Types, p.Interfaces, p.Places, p.Stored
	for _, a := range p.Acts {
		act := packedAct{Func: k.name(a.Func)}
		for _, b := range a.Performs {
			act.Performs = append(act.Performs, packedBound{b.Effect, b.Used, b.Async, k.list(b.Chain), k.list(b.Pos)})
		}
		for _, o := range a.Open {
			act.Open = append(act.Open, packedOpen{k.name(o.Method), o.Async, k.list(o.Chain), k.list(o.Pos)})
		}
		k.Acts = append(k.Acts, act)
	}
	var buf bytes.Buffer
	err := gob.NewEncoder(&buf).Encode(k.packed)
	return buf.Bytes(), err
}

func (k *packer) name(s string) int {
	i, ok := k.names[s]
	if !ok {
		i = len(k.Names)
		k.names[s] = i
		k.Names = append(k.Names, s)
	}
	return i
}

func (k *packer) list(names []string) int {
	at := 0
	for _, s := range slices.Backward(names) {
		c := cell{k.name(s), at}
		if at = k.cells[c]; at == 0 {
			k.Cells = append(k.Cells, c)
			at = len(k.Cells)
			k.cells[c] = at
		}
	}
	return at
}

// GobDecode unpacks what [Package.GobEncode] packed.
func (p *Package) GobDecode(data []byte) error {
	var k packed
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&k); err != nil {
		return err
	}
	if !k.valid() {
		return errors.New("effects.Package: names out of range")
	}
	*p = Package{Types: k.Types, Interfaces: k.Interfaces, Places: k.Places, Stored: k.Stored}
	for _, a := range k.Acts {
		act := Act{Func: k.Names[a.Func]}
		for _, b := range a.Performs {
			act.Performs = append(act.Performs, Bound{b.Effect, b.Used, b.Async, k.list(b.Chain), k.list(b.Pos)})
		}
		for _, o := range a.Open {
			act.Open = append(act.Open, BoundOpen{k.Names[o.Method], o.Async, k.list(o.Chain), k.list(o.Pos)})
		}
		p.Acts = append(p.Acts, act)
	}
	return nil
}

// valid reports whether all indexes lead somewhere, and all lists end.
func (k *packed) valid() bool {
	isName := func(i int) bool { return 0 <= i && i < len(k.Names) }
	isList := func(i int) bool { return 0 <= i && i <= len(k.Cells) }
	for i, c := range k.Cells {
		if !isName(c.Name) || c.Rest < 0 || c.Rest > i {
			return false
		}
	}
	return !slices.ContainsFunc(k.Acts, func(a packedAct) bool {
		return !isName(a.Func) ||
			slices.ContainsFunc(a.Performs, func(b packedBound) bool { return !isList(b.Chain) || !isList(b.Pos) }) ||
			slices.ContainsFunc(a.Open, func(o packedOpen) bool { return !isName(o.Method) || !isList(o.Chain) || !isList(o.Pos) })
	})
}

func (k *packed) list(at int) []string {
	var names []string
	for at != 0 {
		c := k.Cells[at-1]
		names = append(names, k.Names[c.Name])
		at = c.Rest
	}
	return names
}
