package driver

import (
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// withoutPositions returns a copy of the fact in which every field named Pos, of type string or []string, is empty. By our facts'
// convention such a field says where something is, for a person to read, and nothing is decided by it.
func withoutPositions(fact analysis.Fact) analysis.Fact {
	return copyWithout(reflect.ValueOf(fact)).Interface().(analysis.Fact)
}

func copyWithout(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(copyWithout(v.Elem()))
		return c
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(copyWithout(v.Index(i)))
		}
		return c
	case reflect.Struct:
		return copyStruct(v)
	}
	return v
}

func copyStruct(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch {
		case !field.IsExported():
		case field.Name == "Pos" && isText(field.Type):
			c.Field(i).SetZero()
		default:
			c.Field(i).Set(copyWithout(v.Field(i)))
		}
	}
	return c
}

func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String
}
