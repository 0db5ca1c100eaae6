package catalog_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/internal/catalog"
)

// loaded are packages by import path. It implements types.Importer.
type loaded map[string]*types.Package

func (l loaded) Import(path string) (*types.Package, error) { return l[path], nil }

// load type-checks packages and all that they import from source, without function bodies: unexported types count too.
func load(ctx context.Context, dir string, env []string, patterns ...string) (loaded, error) {
	cfg := &packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo,
		Context: ctx,
		Dir:     dir,
		Env:     env,
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
			if f != nil {
				dropBodies(f)
			}
			return f, err
		},
	}
	pkgs, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, err
	}
	found := loaded{}
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		if p.Types != nil {
			found[p.PkgPath] = p.Types
		}
	})
	return found, nil
}

func dropBodies(f *ast.File) {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			fn.Body = nil
		}
	}
}

// resolve returns what is wrong with a line, given the package it speaks of; nil for a right one.
func resolve(l catalog.Line, pkg *types.Package) error {
	if pkg == nil {
		return fmt.Errorf("%s: no package %s", l.Source, l.Package)
	}
	if strings.Contains(l.Member, "*") {
		if !anyMatches(pkg, l.Member) {
			return fmt.Errorf("%s: nothing in %s matches %s", l.Source, l.Package, l.Member)
		}
		return nil
	}
	typeName, member, isMember := strings.Cut(l.Member, ".")
	obj := pkg.Scope().Lookup(typeName)
	if obj == nil {
		return fmt.Errorf("%s: no %s in %s", l.Source, typeName, l.Package)
	}
	if !isMember {
		return checkFunc(l, obj)
	}
	found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, member)
	switch m := found.(type) {
	case *types.Func:
		if got, want := catalog.NameOf(m), catalog.NameIn(l.Package, l.Member); got != want {
			return fmt.Errorf("%s: %s is declared as %s", l.Source, want, got)
		}
		return checkFunc(l, m)
	case *types.Var:
		return nil
	}
	return fmt.Errorf("%s: no %s in %s.%s", l.Source, member, l.Package, typeName)
}

func checkFunc(l catalog.Line, obj types.Object) error {
	sig, ok := obj.Type().Underlying().(*types.Signature)
	wantType := l.Verb == "tx" || l.Verb == "carries"
	if _, isType := obj.(*types.TypeName); isType && (wantType || ok) {
		return nil
	}
	if !ok || wantType {
		return fmt.Errorf("%s: %s is %v", l.Source, l.Member, obj)
	}
	for _, i := range l.Args {
		if i >= sig.Params().Len() {
			return fmt.Errorf("%s: %s has no argument %d", l.Source, obj, i)
		}
		t := sig.Params().At(i).Type()
		if _, isFunc := t.Underlying().(*types.Signature); !isFunc && (l.Verb == "within" || l.Verb == "after") && !isOptions(t) {
			return fmt.Errorf("%s: argument %d of %v is no function", l.Source, i, obj)
		}
	}
	return nil
}

// isOptions accepts a struct, whose field the line names, and an interface, whose method is called.
func isOptions(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Interface:
		return true
	}
	return false
}

func anyMatches(pkg *types.Package, pattern string) bool {
	typePattern, memberPattern, isMember := strings.Cut(pattern, ".")
	for _, name := range pkg.Scope().Names() {
		if ok, _ := path.Match(typePattern, name); !ok {
			continue
		}
		named, isNamed := pkg.Scope().Lookup(name).Type().(*types.Named)
		if !isMember {
			return true
		}
		if isNamed && anyMethodMatches(named, memberPattern) {
			return true
		}
	}
	return false
}

func anyMethodMatches(named *types.Named, pattern string) bool {
	for m := range named.Methods() {
		if ok, _ := path.Match(pattern, m.Name()); ok {
			return true
		}
	}
	if iface, ok := named.Underlying().(*types.Interface); ok {
		for m := range iface.Methods() {
			if ok, _ := path.Match(pattern, m.Name()); ok {
				return true
			}
		}
	}
	return false
}
