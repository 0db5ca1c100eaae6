package driver

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/gob"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"maps"
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

	load           func(*entry) bool // reads what is not in memory yet
	contents       []string          // names of the fact types that are there, if they are known
	encoded        []byte            // []ObjectFact
	encodedPackage []byte            // []packageFact
	thawOnce       sync.Once
	keyed          map[frozenKey]analysis.Fact
	objects        []ObjectFact // sorted
}

type (
	liveKey struct {
		obj types.Object
		typ reflect.Type
	}
	frozenKey struct {
		key string
		typ reflect.Type
	}
	packageFact struct{ Fact analysis.Fact }
)

func newFactSet(pkg *types.Package) *factSet {
	return &factSet{pkg: pkg, live: map[liveKey]analysis.Fact{}, packages: map[reflect.Type]analysis.Fact{}}
}

// object copies the fact of obj into ptr.
func (s *factSet) object(obj types.Object, ptr analysis.Fact) bool {
	typ := reflect.TypeOf(ptr)
	if s.pkg != nil && obj.Pkg() == s.pkg {
		return copyFact(ptr, s.live[liveKey{obj, typ}])
	}
	if s.thaw(); len(s.keyed) == 0 {
		return false
	}
	key := objectKey(obj)
	return key != "" && copyFact(ptr, s.keyed[frozenKey{key, typ}])
}

func copyFact(ptr, fact analysis.Fact) bool {
	if fact == nil {
		return false
	}
	reflect.ValueOf(ptr).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

// types returns the names of the types of the facts.
func (s *factSet) types() []string {
	if s.contents != nil {
		return s.contents
	}
	s.thaw()
	names := map[string]bool{}
	for _, f := range s.objects {
		names[typeName(f.Fact)] = true
	}
	for _, f := range s.packages {
		names[typeName(f)] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// has reports whether there may be a fact of one of the analyzer's types, without reading what is not in memory.
func (s *factSet) has(an *analysis.Analyzer) bool {
	return s.contents == nil || slices.ContainsFunc(an.FactTypes, func(f analysis.Fact) bool { return slices.Contains(s.contents, typeName(f)) })
}

// portable returns the same facts without the objects.
func (s *factSet) portable() *factSet {
	return &factSet{objects: s.objects, packages: s.packages}
}

// thaw decodes what the cache kept, when somebody asks for it. An entry that does not decode is dropped before it gets here.
func (s *factSet) thaw() {
	s.thawOnce.Do(func() {
		if e := new(entry); s.load != nil && s.load(e) {
			s.encoded, s.encodedPackage = e.Facts, e.PackageFacts
		}
		if len(s.encoded) > 0 {
			s.objects, _ = decodeFacts[ObjectFact](s.encoded)
		}
		s.keyed = make(map[frozenKey]analysis.Fact, len(s.objects))
		for _, f := range s.objects {
			s.keyed[frozenKey{f.Key, reflect.TypeOf(f.Fact)}] = f.Fact
		}
		if s.packages != nil {
			return
		}
		s.packages = map[reflect.Type]analysis.Fact{}
		kept, _ := decodeFacts[packageFact](s.encodedPackage)
		for _, f := range kept {
			s.packages[reflect.TypeOf(f.Fact)] = f.Fact
		}
	})
}

// packageFacts returns the facts of the package itself.
func (s *factSet) packageFacts() map[reflect.Type]analysis.Fact {
	if s.pkg == nil {
		s.thaw()
	}
	return s.packages
}

// frozen returns the object facts as they are kept.
func (s *factSet) frozen() []ObjectFact {
	if s == nil {
		return nil
	}
	s.thaw()
	return s.objects
}

func decodeFacts[F any](data []byte) ([]F, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var facts []F
	err := gob.NewDecoder(flate.NewReader(bytes.NewReader(data))).Decode(&facts)
	return facts, err
}

// freeze encodes the facts of an analysed package, and returns a digest of what the packages above can see of them.
func (s *factSet) freeze(fset *token.FileSet, u *unit) (d digest, err error) {
	var objects []ObjectFact
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
		objects = append(objects, f)
	}
	slices.SortFunc(objects, func(a, b ObjectFact) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(typeName(a.Fact), typeName(b.Fact)))
	})
	var packages []packageFact
	for _, fact := range s.packages {
		packages = append(packages, packageFact{fact})
	}
	slices.SortFunc(packages, func(a, b packageFact) int { return strings.Compare(typeName(a.Fact), typeName(b.Fact)) })
	s.objects = objects
	if s.encoded, err = encodeFacts(objects); err != nil {
		return d, err
	}
	if s.encodedPackage, err = encodeFacts(packages); err != nil {
		return d, err
	}
	return digestFacts(objects, packages), nil
}

// digestFacts digests the facts without their positions: facts that differ in nothing else are the same to the packages above, which
// need not be analysed again when a line moves.
func digestFacts(objects []ObjectFact, packages []packageFact) digest {
	h := newHasher("facts")
	for _, f := range objects {
		h.add(f.Key)
		digestFact(h.h, f.Fact)
	}
	for _, f := range packages {
		digestFact(h.h, f.Fact)
	}
	return h.sum()
}

func encodeFacts[F any](facts []F) ([]byte, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	var buf bytes.Buffer
	z := compressors.Get().(*flate.Writer)
	defer compressors.Put(z)
	z.Reset(&buf)
	if err := errors.Join(gob.NewEncoder(z).Encode(facts), z.Close()); err != nil {
		return nil, fmt.Errorf("encoding facts: %w", err)
	}
	return buf.Bytes(), nil
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
