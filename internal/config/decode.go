package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/rule"
)

// Parse reads a configuration: YAML, or JSON, which is YAML too. Errors, joined, say file and line.
func Parse(file string, data []byte) (*Config, error) {
	d := &decoder{file: file}
	root, err := d.document(data)
	if err != nil {
		return nil, err
	}
	c := new(Config)
	if root != nil {
		d.value(root, reflect.ValueOf(c).Elem())
		d.transactions(c.Transactions)
		d.packages(c.Packages)
	}
	if len(d.errs) > 0 {
		return nil, errors.Join(d.errs...)
	}
	return c, nil
}

// A decoder fills structs from nodes, so that each value and each error knows its line.
type decoder struct {
	file string
	errs []error
}

// document returns the one document of a file, or nil for a file with nothing in it.
func (d *decoder) document(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, d.syntax(err)
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			return nil, d.syntax(err)
		}
		return nil, fmt.Errorf("%s:%d: a second document: the file holds one", d.file, second.Line)
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil
	}
	return root, nil
}

var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// syntax gives a YAML error the form of ours.
func (d *decoder) syntax(err error) error {
	if m := yamlError.FindStringSubmatch(err.Error()); m != nil {
		line := 1
		if n, convErr := strconv.Atoi(m[1]); convErr == nil {
			line = n
		}
		return fmt.Errorf("%s:%d: %s", d.file, line, m[2])
	}
	return fmt.Errorf("%s:1: %w", d.file, err)
}

func (d *decoder) errorf(n *yaml.Node, format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf("%s:%d: %s", d.file, n.Line, fmt.Sprintf(format, args...)))
}

func (d *decoder) pos(n *yaml.Node) Position { return Position{File: d.file, Line: n.Line} }

// value stores n in v, which is a struct, a map, a slice or one of the scalars.
func (d *decoder) value(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case scalar(v.Type()):
		d.scalar(n, v)
	case v.Kind() == reflect.Struct:
		d.structure(n, v)
	case v.Kind() == reflect.Map:
		d.mapping(n, v)
	case v.Kind() == reflect.Slice:
		d.sequence(n, v)
	default:
		panic(fmt.Sprintf("config: no way to read a %v", v.Type()))
	}
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value) {
	fields := fieldsOf(v.Type())
	if !d.is(n, yaml.MappingNode, "a mapping of "+listed(fields)) {
		return
	}
	if pos := v.FieldByName("Pos"); pos.IsValid() {
		pos.Set(reflect.ValueOf(d.pos(n)))
	}
	seen := map[string]bool{}
	d.pairs(n, func(key, value *yaml.Node) {
		i, ok := fields[key.Value]
		if !ok {
			d.errorf(key, "unknown key %q%s", key.Value, rule.DidYouMean(key.Value, slices.Sorted(maps.Keys(fields))))
			return
		}
		seen[key.Value] = true
		d.value(value, v.Field(i))
	})
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if v.Type().Field(fields[name]).Tag.Get("need") != "" && !seen[name] {
			d.errorf(n, "%q is missing", name)
		}
	}
}

// fieldsOf maps the keys of a struct to its fields.
func fieldsOf(t reflect.Type) map[string]int {
	fields := map[string]int{}
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "-" && key != "" {
			fields[key] = i
		}
	}
	return fields
}

func listed(fields map[string]int) string {
	var b bytes.Buffer
	for i, name := range slices.Sorted(maps.Keys(fields)) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value) {
	if !d.is(n, yaml.MappingNode, "a mapping") {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	d.pairs(n, func(key, value *yaml.Node) {
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		before := len(d.errs)
		d.scalar(key, k)
		d.value(value, e)
		if len(d.errs) == before {
			v.SetMapIndex(k, e)
		}
	})
}

// pairs calls f for each key of a mapping; a key that is given twice is an error.
func (d *decoder) pairs(n *yaml.Node, f func(key, value *yaml.Node)) {
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if line, ok := lines[key.Value]; ok {
			d.errorf(key, "key %q is given twice, first in line %d", key.Value, line)
			continue
		}
		lines[key.Value] = key.Line
		f(key, n.Content[i+1])
	}
}

func (d *decoder) sequence(n *yaml.Node, v reflect.Value) {
	if !d.is(n, yaml.SequenceNode, "a list") {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, len(n.Content)))
	for _, item := range n.Content {
		e := reflect.New(v.Type().Elem()).Elem()
		d.value(item, e)
		v.Set(reflect.Append(v, e))
	}
}

// is reports whether n is of the wanted kind. An empty value, a key with nothing after it, is of no kind and no error.
func (d *decoder) is(n *yaml.Node, kind yaml.Kind, what string) bool {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return false
	}
	if n.Kind != kind {
		d.errorf(n, "want %s", what)
		return false
	}
	return true
}

// scalar reports whether values of type t are written as one word.
func scalar(t reflect.Type) bool {
	switch reflect.Zero(t).Interface().(type) {
	case effect.Kind, rule.Rule, Severity, Switch, Role, Func, string, bool, int:
		return true
	}
	return false
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.errorf(n, "want one word")
		return
	}
	value, err := parseScalar(n.Value, v.Interface())
	if err != nil {
		d.errorf(n, "%v", err)
		return
	}
	if f, ok := value.(Func); ok {
		f.Pos = d.pos(n)
		value = f
	}
	v.Set(reflect.ValueOf(value))
}

// parseScalar reads text as a value of zero's type.
func parseScalar(text string, zero any) (any, error) {
	switch zero.(type) {
	case effect.Kind:
		kind, err := effect.ParseKind(text)
		if err != nil {
			return nil, fmt.Errorf("unknown effect kind %q%s", text, rule.DidYouMean(text, kindNames()))
		}
		return kind, nil
	case rule.Rule:
		return rule.Parse(text)
	case Severity:
		i, err := word("severity", text, severities)
		return Severity(i), err
	case Role:
		i, err := word("role", text, roles[1:])
		return Role(i + 1), err
	case Switch:
		on, err := parseBool(text)
		return Switch(on), err
	case bool:
		return parseBool(text)
	case int:
		return parseIndex(text)
	case Func:
		named, _, _ := strings.Cut(text, "$") // a literal in a function: example.com/app.New$1
		named, _, _ = strings.Cut(named, "#") // one in the first function init: example.com/app.init#1$1
		name, err := catalog.ParseName(named)
		return Func{Name: name, Text: text}, err
	}
	return text, nil
}

func kindNames() (names []string) {
	for k := range effect.Kinds() {
		names = append(names, k.String())
	}
	return names
}

// word returns the index of text among the words.
func word(what, text string, words []string) (int, error) {
	i := slices.Index(words, text)
	if i < 0 {
		return 0, fmt.Errorf("unknown %s %q%s", what, text, rule.DidYouMean(text, words))
	}
	return i, nil
}

func parseBool(text string) (bool, error) {
	switch text {
	case "on", "true", "yes":
		return true, nil
	case "off", "false", "no":
		return false, nil
	}
	return false, fmt.Errorf("want on or off, not %q", text)
}

func parseIndex(text string) (int, error) {
	i, err := strconv.Atoi(text)
	if err != nil || i < 0 {
		return 0, fmt.Errorf("want a number, counted from 0, not %q", text)
	}
	return i, nil
}

// packages checks that entries name packages as imports do: a folder would match nothing.
func (d *decoder) packages(ps []Package) {
	for _, p := range ps {
		if strings.HasPrefix(p.Path, ".") || strings.HasPrefix(p.Path, "/") {
			d.errorf(&yaml.Node{Line: p.Pos.Line}, "want an import path, not %q", p.Path)
		}
	}
}

// transactions checks that an entry has one of its two forms.
func (d *decoder) transactions(ts []Transaction) {
	for _, t := range ts {
		n := &yaml.Node{Line: t.Pos.Line}
		switch closure, region := t.Func.Text != "", t.Begin.Text != ""; {
		case closure == region:
			d.errorf(n, `want "func" and "callback", or "begin" and "end"`)
		case region && len(t.End) == 0:
			d.errorf(n, `"end" is missing: the methods that end what "begin" opened`)
		case closure && len(t.End) > 0:
			d.errorf(n, `"end" goes with "begin"`)
		}
	}
}
