package driver

import (
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"math"
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// digestFact writes a fact to h, but for every field named Pos, of type string or []string. By our facts' convention such a field says
// where something is, for a person to read, and nothing is decided by it. A fact that packs itself says what remains.
func digestFact(h hash.Hash, fact analysis.Fact) {
	d := factDigest{w: h}
	d.text(typeName(fact))
	if packed, ok := fact.(interface{ Said() []byte }); ok {
		said := packed.Said()
		d.number(uint64(len(said)))
		h.Write(said)
		return
	}
	d.value(reflect.ValueOf(fact))
}

type factDigest struct {
	w   io.Writer
	buf [8]byte
}

func (d *factDigest) number(n uint64) {
	binary.LittleEndian.PutUint64(d.buf[:], n)
	d.w.Write(d.buf[:])
}

func (d *factDigest) text(s string) {
	d.number(uint64(len(s)))
	io.WriteString(d.w, s)
}

func (d *factDigest) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		d.text(v.String())
	case reflect.Bool:
		if v.Bool() {
			d.number(1)
		} else {
			d.number(0)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.number(v.Uint())
	case reflect.Float32, reflect.Float64:
		d.number(math.Float64bits(v.Float()))
	case reflect.Pointer, reflect.Interface:
		d.pointer(v)
	case reflect.Slice, reflect.Array:
		d.number(uint64(v.Len()))
		for i := range v.Len() {
			d.value(v.Index(i))
		}
	case reflect.Struct:
		d.structure(v)
	default:
		panic(fmt.Sprintf("a fact has a %s: maps, functions and channels are not portable", v.Type()))
	}
}

func (d *factDigest) pointer(v reflect.Value) {
	if v.IsNil() {
		d.number(0)
		return
	}
	d.number(1)
	if v.Kind() == reflect.Interface {
		d.text(v.Elem().Type().String())
	}
	d.value(v.Elem())
}

// structure writes the fields that gob keeps.
func (d *factDigest) structure(v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		field := t.Field(i)
		if field.IsExported() && !(field.Name == "Pos" && isText(field.Type)) {
			d.value(v.Field(i))
		}
	}
}

func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String
}
