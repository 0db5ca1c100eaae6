package driver

import (
	"bytes"
	"compress/flate"
	"encoding/gob"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// An ObjectFact is a fact that an analyzer exported of an object, as it is kept: without the object.
type ObjectFact struct {
	Key    string          // names the object within its package: see objectKey
	Object objectpath.Path // "" for an object that no export data has
	Name   string          // full name of a function: (*example.com/shop.Order).Notify
	Pos    string          // file:line:col, the file relative to the module
	Fact   analysis.Fact
}

// A factSet holds what the analyzers said of one package and of its objects.
type factSet struct {
	pkg      *types.Package // the package whose objects the map has; nil if the set comes from the cache
	live     map[liveKey]analysis.Fact
	packages map[reflect.Type]analysis.Fact

	load     func(*entry) bool // reads what is not in memory yet
	loadOnce sync.Once
	contents []string     // names of the fact types that are there, if they are known before
	kept     []*keptFacts // sorted by type
}

// keptFacts are the facts of one type that a package and its objects have, as they are kept: decoded when somebody asks for them.
type keptFacts struct {
	typ     string
	own     func() analysis.Fact            // the package's own, or nil
	objects func() []ObjectFact             // sorted by Key
	keyed   func() map[string]analysis.Fact // the same, by Key
}

func newKeptFacts(typ string, own func() analysis.Fact, objects func() []ObjectFact) *keptFacts {
	return &keptFacts{typ, own, objects, sync.OnceValue(func() map[string]analysis.Fact {
		keyed := map[string]analysis.Fact{}
		for _, f := range objects() {
			keyed[f.Key] = f.Fact
		}
		return keyed
	})}
}

// encodedFacts are keptFacts in the cache.
type encodedFacts struct {
	Type    string
	Own     []byte // a packageFact; nil if there is none
	Objects []byte // []ObjectFact; nil if there is none
}

type packageFact struct{ Fact analysis.Fact }

type liveKey struct {
	obj types.Object
	typ reflect.Type
}

func newFactSet(pkg *types.Package) *factSet {
	return &factSet{pkg: pkg, live: map[liveKey]analysis.Fact{}, packages: map[reflect.Type]analysis.Fact{}}
}

// object copies the fact of obj into ptr.
func (s *factSet) object(obj types.Object, ptr analysis.Fact) bool {
	if s.pkg != nil && obj.Pkg() == s.pkg {
		return copyFact(ptr, s.live[liveKey{obj, reflect.TypeOf(ptr)}])
	}
	k := s.of(ptr)
	return k != nil && copyFact(ptr, k.keyed()[objectKey(obj)])
}

// own copies the package's own fact into ptr.
func (s *factSet) own(ptr analysis.Fact) bool {
	if s.pkg != nil {
		return copyFact(ptr, s.packages[reflect.TypeOf(ptr)])
	}
	k := s.of(ptr)
	return k != nil && copyFact(ptr, k.own())
}

func copyFact(ptr, fact analysis.Fact) bool {
	if fact == nil {
		return false
	}
	reflect.ValueOf(ptr).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

// of returns the facts of ptr's type, nil if there are none. Those of other types are not decoded.
func (s *factSet) of(ptr analysis.Fact) *keptFacts {
	name := typeName(ptr)
	if s.contents != nil && !slices.Contains(s.contents, name) {
		return nil // and need not be read
	}
	for _, k := range s.all() {
		if k.typ == name {
			return k
		}
	}
	return nil
}

// all returns the facts of all types.
func (s *factSet) all() []*keptFacts {
	s.loadOnce.Do(func() {
		if e := new(entry); s.load != nil && s.load(e) {
			s.kept = e.facts().kept
		}
	})
	return s.kept
}

// types returns the names of the types of the facts.
func (s *factSet) types() []string {
	var names []string
	for _, k := range s.all() {
		names = append(names, k.typ)
	}
	return names
}

// portable returns the same facts without the objects.
func (s *factSet) portable() *factSet { return &factSet{kept: s.kept} }

// frozen returns the object facts as they are kept.
func (s *factSet) frozen() []ObjectFact {
	if s == nil {
		return nil
	}
	var all []ObjectFact
	for _, k := range s.all() {
		all = append(all, k.objects()...)
	}
	slices.SortStableFunc(all, func(a, b ObjectFact) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// freeze keeps the facts of an analysed package, and returns them encoded, and a digest of what the packages above can see of them.
func (s *factSet) freeze(fset *token.FileSet, u *unit) (encoded []encodedFacts, d digest, err error) {
	objects, own := map[string][]ObjectFact{}, map[string]analysis.Fact{} // by type
	var kinds []string
	paths := new(objectpath.Encoder)
	for k, fact := range s.live {
		f := ObjectFact{Key: objectKey(k.obj), Name: k.obj.Name(), Pos: modulePos(fset, u, k.obj.Pos()), Fact: fact}
		if f.Key == "" {
			continue // no other package can name it
		}
		if fn, ok := k.obj.(*types.Func); ok {
			f.Name = fn.FullName()
		}
		f.Object, _ = paths.For(k.obj)
		kinds = append(kinds, typeName(fact))
		objects[typeName(fact)] = append(objects[typeName(fact)], f)
	}
	for _, fact := range s.packages {
		kinds = append(kinds, typeName(fact))
		own[typeName(fact)] = fact
	}
	s.kept = nil
	h := newHasher("facts")
	slices.Sort(kinds)
	for _, typ := range slices.Compact(kinds) {
		objects, own := objects[typ], own[typ]
		slices.SortFunc(objects, func(a, b ObjectFact) int { return strings.Compare(a.Key, b.Key) })
		digestFacts(h, objects, own)
		e := encodedFacts{Type: typ}
		if len(objects) > 0 {
			e.Objects, err = encodeFacts(objects)
		}
		if own != nil && err == nil {
			e.Own, err = encodeFacts(packageFact{own})
		}
		if err != nil {
			return nil, d, err
		}
		encoded = append(encoded, e)
		s.kept = append(s.kept, newKeptFacts(typ, func() analysis.Fact { return own }, func() []ObjectFact { return objects }))
	}
	return encoded, h.sum(), nil
}

// digestFacts digests the facts without their positions: facts that differ in nothing else are the same to the packages above, which need
// not be analysed again when a line moves.
func digestFacts(h hasher, objects []ObjectFact, own analysis.Fact) {
	for _, f := range objects {
		h.add(f.Key)
		digestFact(h.h, f.Fact)
	}
	if own != nil {
		digestFact(h.h, own)
	}
}

func encodeFacts(facts any) ([]byte, error) {
	var buf bytes.Buffer
	z := compressors.Get().(*flate.Writer)
	defer compressors.Put(z)
	z.Reset(&buf)
	if err := errors.Join(gob.NewEncoder(z).Encode(facts), z.Close()); err != nil {
		return nil, fmt.Errorf("encoding facts: %w", err)
	}
	return buf.Bytes(), nil
}

// decodeFacts decodes what the cache kept. An entry that is not whole is dropped before it gets here.
func decodeFacts[F any](data []byte) (facts F) {
	if data != nil {
		_ = gob.NewDecoder(flate.NewReader(bytes.NewReader(data))).Decode(&facts)
	}
	return facts
}

// kept returns the facts, to be decoded when somebody asks for them.
func (e encodedFacts) kept() *keptFacts {
	return newKeptFacts(e.Type,
		sync.OnceValue(func() analysis.Fact { return decodeFacts[packageFact](e.Own).Fact }),
		sync.OnceValue(func() []ObjectFact { return decodeFacts[[]ObjectFact](e.Objects) }))
}

// Facts name the same functions time and again. Writers are large.
var compressors = sync.Pool{New: func() any {
	z, _ := flate.NewWriter(nil, flate.BestSpeed) // it fails for no level but an unknown one
	return z
}}

func typeName(fact analysis.Fact) string { return reflect.TypeOf(fact).String() }

// objectKey names an object within its package, in the same way whether the package comes from source or from export data, whole
// or in part: Name, (T).Method, or an object path. It returns "" for an object that only its own package can name.
func objectKey(obj types.Object) string {
	if fn, ok := obj.(*types.Func); ok {
		fn = fn.Origin()
		obj = fn
		if recv := fn.Signature().Recv(); recv != nil {
			t := recv.Type()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			if named, ok := types.Unalias(t).(*types.Named); ok {
				return "(" + named.Obj().Name() + ")." + fn.Name()
			}
		}
	}
	if obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() {
		return obj.Name()
	}
	path, err := objectpath.For(obj)
	if err != nil {
		return ""
	}
	return "#" + string(path)
}

func modulePos(fset *token.FileSet, u *unit, pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	p := fset.Position(pos)
	if u.module != nil && u.module.Dir != "" {
		if rel, err := filepath.Rel(u.module.Dir, p.Filename); err == nil {
			p.Filename = filepath.ToSlash(rel)
		}
	} else {
		p.Filename = filepath.Base(p.Filename)
	}
	return p.String()
}
