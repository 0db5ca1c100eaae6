package config

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/rule"
)

// Check holds the entries against the packages that are loaded: one that names nothing in its package is an error that says file, line
// and the nearest name. Packages of which only exported names are known, because they were read from export data, are told by exported;
// nil says that there are none.
func (c *Config) Check(pkgs []*types.Package, exported func(*types.Package) bool) error {
	entries := c.entries()
	if len(entries) == 0 {
		return nil
	}
	loaded := map[string]*types.Package{}
	for _, pkg := range pkgs {
		loaded[catalogPath(pkg)] = pkg
	}
	var errs []error
	for _, e := range entries {
		pkg, ok := loaded[e.name.Path]
		if !ok || exported != nil && exported(pkg) && !e.name.exported() {
			continue
		}
		if err := e.check(pkg); err != nil {
			errs = append(errs, fmt.Errorf("%v: %w", e.name.Pos, err))
		}
	}
	return errors.Join(errs...)
}

// An entry is one name in the configuration, and what it must be.
type entry struct {
	name     Func
	callback int   // the parameter that must be a function, or -1
	abstract bool  // a method of an interface, or a variable or field that holds a function
	concrete bool  // a method or function with a body, or a literal in one
	contexts []int // the parameters that must be able to carry a context
}

func (c *Config) entries() []entry {
	var es []entry
	for _, e := range c.Effects {
		es = append(es, entry{name: e.Func, callback: -1})
	}
	for _, t := range c.Transactions {
		if t.Func.Text != "" {
			es = append(es, entry{name: t.Func, callback: t.Callback})
			continue
		}
		for _, f := range append([]Func{t.Begin}, t.End...) {
			es = append(es, entry{name: f, callback: -1})
		}
	}
	for _, f := range c.Scoped {
		es = append(es, entry{name: f, callback: -1, concrete: true})
	}
	for _, b := range c.Bindings {
		es = append(es, entry{name: b.Method, callback: -1, abstract: true, contexts: b.Requires}, entry{name: b.To, callback: -1, concrete: true})
	}
	return es
}

// exported reports whether every part of the name is.
func (f Func) exported() bool {
	for part := range strings.SplitSeq(f.Member, ".") {
		if !token.IsExported(part) {
			return false
		}
	}
	return true
}

// catalogPath returns a package's path as names in the catalog and the configuration have it.
func catalogPath(pkg *types.Package) string {
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	return catalog.NameOf(types.NewFunc(token.NoPos, pkg, "f", sig)).Path
}

func (e entry) check(pkg *types.Package) error {
	if e.concrete && e.name.Member == "init" {
		return nil // a literal in a variable's initialiser
	}
	obj := lookup(pkg, e.name.Member)
	fn, isFunc := obj.(*types.Func)
	switch {
	case obj == nil, !callable(obj):
		return fmt.Errorf("%s names no function of package %s%s", e.name.Text, pkg.Path(), rule.DidYouMean(e.name.Text, functions(pkg)))
	case isFunc && catalog.NameOf(fn) != e.name.Name && !(e.abstract && e.ofInterface(pkg)):
		return fmt.Errorf("%s is declared elsewhere: write %s", e.name.Text, fn.FullName())
	case e.abstract && isFunc && !isAbstract(fn):
		return fmt.Errorf("%s is no method of an interface", e.name.Text)
	case e.concrete && isFunc && isAbstract(fn):
		return fmt.Errorf("%s is a method of an interface, not of an implementation", e.name.Text)
	case e.callback >= 0:
		return e.checkCallback(obj.Type().Underlying().(*types.Signature))
	}
	return e.checkContexts(obj.Type().Underlying().(*types.Signature))
}

// ofInterface reports whether the name is of a method of an interface: one that it embeds is bound under the name by which it is called.
func (e entry) ofInterface(pkg *types.Package) bool {
	name, _, _ := strings.Cut(e.name.Member, ".")
	obj := pkg.Scope().Lookup(name)
	return obj != nil && types.IsInterface(obj.Type())
}

// checkContexts wants contexts in the parameters, or what may carry one.
func (e entry) checkContexts(sig *types.Signature) error {
	for _, i := range e.contexts {
		if i >= sig.Params().Len() {
			return fmt.Errorf("%s has no parameter %d (they are counted from 0)", e.name.Text, i)
		}
		switch sig.Params().At(i).Type().Underlying().(type) {
		case *types.Interface, *types.Pointer, *types.Struct:
		default:
			return fmt.Errorf("parameter %d of %s is no context (they are counted from 0)", i, e.name.Text)
		}
	}
	return nil
}

// checkCallback wants a function in the parameter, or a struct that may hold one.
func (e entry) checkCallback(sig *types.Signature) error {
	if e.callback >= sig.Params().Len() {
		return fmt.Errorf("%s has no parameter %d (they are counted from 0)", e.name.Text, e.callback)
	}
	t := sig.Params().At(e.callback).Type()
	if slice, ok := t.Underlying().(*types.Slice); ok {
		t = slice.Elem()
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Signature, *types.Struct, *types.Interface:
		return nil
	}
	return fmt.Errorf("parameter %d of %s is no function (they are counted from 0)", e.callback, e.name.Text)
}

func isAbstract(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

func callable(obj types.Object) bool {
	switch obj.(type) {
	case *types.Func, *types.Var:
		_, ok := obj.Type().Underlying().(*types.Signature)
		return ok
	}
	return false
}

// lookup finds F, or method or field M of type T for T.M.
func lookup(pkg *types.Package, member string) types.Object {
	owner, name, isMember := strings.Cut(member, ".")
	obj := pkg.Scope().Lookup(owner)
	if !isMember || obj == nil {
		return obj
	}
	typ, ok := obj.(*types.TypeName)
	if !ok {
		return nil
	}
	found, _, _ := types.LookupFieldOrMethod(typ.Type(), true, pkg, name)
	return found
}

// functions lists the full names of a package's functions and methods.
func functions(pkg *types.Package) []string {
	var names []string
	for _, name := range pkg.Scope().Names() {
		switch obj := pkg.Scope().Lookup(name).(type) {
		case *types.Func:
			names = append(names, obj.FullName())
		case *types.TypeName:
			names = append(names, methods(obj)...)
		}
	}
	slices.Sort(names)
	return names
}

func methods(typ *types.TypeName) (names []string) {
	named, ok := types.Unalias(typ.Type()).(*types.Named)
	if !ok || typ.IsAlias() {
		return nil
	}
	for m := range named.Methods() {
		names = append(names, m.FullName())
	}
	if iface, ok := named.Underlying().(*types.Interface); ok {
		for m := range iface.ExplicitMethods() {
			names = append(names, m.FullName())
		}
	}
	return names
}
