package deferrable

import (
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/passes/carried"
)

// encoding reports a task whose argument type, arg, can't be encoded.
func (c *check) encoding(call ssa.CallInstruction, arg types.Type) {
	e := encoder{seen: map[types.Type]bool{}}
	if e.refuses(arg, "") {
		c.add("encoding", call, encodingMessage(types.TypeString(arg, types.RelativeTo(c.pass.Pkg)), e.path, e.why))
	}
}

// An encoder walks a type as encoding/json does, and finds what no codec can encode.
type encoder struct {
	seen map[types.Type]bool
	path string // the field that can't be encoded
	why  string
}

func (e *encoder) refuses(t types.Type, path string) bool {
	t = types.Unalias(t)
	if e.seen[t] {
		return false
	}
	e.seen[t] = true
	if isContext(t) {
		return e.refuse(path, "a context")
	}
	if marshals(t) {
		return false
	}
	if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil {
		if pkg := named.Obj().Pkg().Path(); pkg == "sync" || pkg == "sync/atomic" {
			return e.refuse(path, "a "+pkg[strings.LastIndex(pkg, "/")+1:]+"."+named.Obj().Name())
		}
	}
	return e.underlying(t, path)
}

func (e *encoder) underlying(t types.Type, path string) bool {
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return e.refuse(path, "a channel")
	case *types.Signature:
		return e.refuse(path, "a function")
	case *types.Basic:
		if u.Info()&types.IsComplex != 0 || u.Kind() == types.UnsafePointer {
			return e.refuse(path, u.Name())
		}
	case *types.Pointer:
		return e.refuses(u.Elem(), path)
	case *types.Slice:
		return e.refuses(u.Elem(), path)
	case *types.Array:
		return e.refuses(u.Elem(), path)
	case *types.Map:
		return e.key(u.Key(), path) || e.refuses(u.Elem(), path)
	case *types.Struct:
		return e.fields(u, path)
	}
	return false
}

func (e *encoder) refuse(path, why string) bool {
	e.path, e.why = path, why
	return true
}

// key refuses the keys that JSON has no text for.
func (e *encoder) key(t types.Type, path string) bool {
	if marshals(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&(types.IsString|types.IsInteger) == 0 {
			return e.refuse(path, "a map with keys of type "+t.String())
		}
	case *types.Struct, *types.Array, *types.Chan:
		return e.refuse(path, "a map with keys that have no text")
	}
	return false
}

// fields walks the fields that are encoded. A struct with fields of which none is exported loses all it has.
func (e *encoder) fields(st *types.Struct, path string) bool {
	encoded, refused := e.each(st, path)
	if !refused && st.NumFields() > 0 && encoded == 0 {
		return e.refuse(path, "a struct with no exported field")
	}
	return refused
}

// each walks the fields that are encoded, those that an embedded struct promotes among them, and counts them.
func (e *encoder) each(st *types.Struct, path string) (encoded int, refused bool) {
	for i := range st.NumFields() {
		f := st.Field(i)
		tag := reflect.StructTag(st.Tag(i)).Get("json")
		name, _, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
			encoded++ // left out on purpose
		case name == "" && promotes(f):
			n, bad := e.promoted(f, join(path, f.Name()))
			if encoded += n; bad {
				return encoded, true
			}
		case f.Exported() || promotes(f):
			if encoded++; e.refuses(f.Type(), join(path, f.Name())) {
				return encoded, true
			}
		}
	}
	return encoded, false
}

// promoted walks the fields of an embedded struct. One that has none to encode is left out, as an unexported field is.
func (e *encoder) promoted(f *types.Var, path string) (encoded int, refused bool) {
	t := types.Unalias(carried.Elem(f.Type()))
	if e.seen[t] || marshals(f.Type()) {
		return 1, false
	}
	e.seen[t] = true
	return e.each(t.Underlying().(*types.Struct), path)
}

// promotes reports whether f is an embedded struct, whose exported fields are encoded even if its type is not exported.
func promotes(f *types.Var) bool {
	if !f.Embedded() {
		return false
	}
	_, ok := carried.Elem(f.Type()).Underlying().(*types.Struct)
	return ok
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// marshalling are the methods of types that encode themselves: for JSON, text, gob, protobuf and others.
var marshalling = []string{
	"MarshalJSON", "MarshalJSONTo", "MarshalText", "AppendText", "MarshalBinary", "GobEncode", "ProtoReflect", "ProtoMessage", "Marshal",
	"MarshalMsg", "EncodeMsgpack", "MarshalBSON", "MarshalCBOR", "MarshalYAML",
}

func marshals(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Interface); ok {
		return true // whatever it holds
	}
	for _, name := range marshalling {
		obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		if _, ok := obj.(*types.Func); ok {
			return true
		}
	}
	return false
}
