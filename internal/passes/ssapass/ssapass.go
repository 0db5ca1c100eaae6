// Package ssapass is the code of one package in the form that every pass walks: static single assignment.
//
// Only the package itself is built, its imports come from their types. Calls that never return end their paths by our own rule,
// with facts of our own, so that no driver has to load what it would not load otherwise. Nothing is done for the standard library,
// the runtime, and third-party packages that can't reach an effect.
package ssapass

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/airlock-go/airlock/internal/whose"
)

// Analyzer builds the package's SSA. Its result is an [SSA].
var Analyzer = &analysis.Analyzer{
	Name:       "airlockssa",
	Doc:        "build SSA of the package, with calls that never return ending their paths",
	Run:        run,
	FactTypes:  []analysis.Fact{new(NoReturn), new(Fails), new(Reaches)},
	ResultType: reflect.TypeFor[*SSA](),
	// What type errors do not reach is looked into all the same, in own packages.
	RunDespiteErrors: true,
}

// SSA is a package's code. One whose Pkg is nil has none to look at: it says nothing of what its functions do.
type SSA struct {
	Pkg *ssa.Package
	// Funcs are the declared functions and methods and all function literals, in source order, then the literals of package
	// variables' initialisers. Methods and functions without a body are among them.
	Funcs []*ssa.Function
	// Class says whose code it is.
	Class whose.Class
	// Failed says why a package that should have been built was not.
	Failed error

	fset    *token.FileSet
	reaches map[*types.Package]bool
	bodies  map[*ssa.Function]*Body
	failing *failing
}

func run(pass *analysis.Pass) (any, error) {
	s := &SSA{Class: whose.Of(pass), fset: pass.Fset, reaches: map[*types.Package]bool{}}
	for _, f := range pass.AllPackageFacts() {
		s.reaches[f.Package] = true
	}
	if !worthwhile(pass, s.Class) || len(pass.Files) == 0 {
		return s, nil
	}
	pkg, err := build(pass)
	if err != nil {
		s.Failed = err
		return s, nil
	}
	s.Pkg = pkg
	s.Funcs = sources(pass, pkg)
	s.bodies = make(map[*ssa.Function]*Body, len(s.Funcs)+1)
	for _, fn := range s.WithInit() {
		s.bodies[fn] = Walk(fn, nil)
	}
	s.failing = &failing{pass: pass, pkg: pkg, known: map[*types.Func]bool{}}
	s.failing.export(s.Funcs)
	return s, nil
}

// build never panics: code that the SSA builder can't take loses what type errors reach, then the functions that they reach; if that
// does not help, the package is unknown.
func build(pass *analysis.Pass) (pkg *ssa.Package, err error) {
	whole := func() ([]*ast.File, *types.Info) { return pass.Files, pass.TypesInfo }
	repaired := func() ([]*ast.File, *types.Info) { return sound(pass, true) }
	without := func() ([]*ast.File, *types.Info) { return sound(pass, false) }
	tries := []func() ([]*ast.File, *types.Info){whole, repaired, without}
	if len(pass.TypeErrors) > 0 {
		tries = tries[1:]
	}
	for _, code := range tries {
		if pkg, err = buildFrom(pass, code); err == nil {
			return pkg, nil
		}
	}
	return nil, err
}

func buildFrom(pass *analysis.Pass, code func() ([]*ast.File, *types.Info)) (pkg *ssa.Package, err error) {
	defer func() {
		if r := recover(); r != nil {
			pkg, err = nil, fmt.Errorf("building SSA of %s: %v", pass.Pkg.Path(), r)
		}
	}()
	files, info := code()
	prog := ssa.NewProgram(pass.Fset, 0)
	prog.SetNoReturn(noReturns(pass))
	createImports(prog, pass.Pkg, info)
	pkg = prog.CreatePackage(pass.Pkg, files, info, false)
	pkg.Build()
	return pkg, nil
}

// sources lists the functions of the package's files, literals after the function that they stand in.
func sources(pass *analysis.Pass, pkg *ssa.Package) []*ssa.Function {
	var funcs []*ssa.Function
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		funcs = append(funcs, fn)
		for _, lit := range fn.AnonFuncs {
			add(lit)
		}
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
				if f := pkg.Prog.FuncValue(fn); f != nil {
					add(f)
				}
			}
		}
	}
	for _, lit := range pkg.Func("init").AnonFuncs {
		add(lit)
	}
	return funcs
}

// WithInit returns Funcs, and the function that initialises the package.
func (s *SSA) WithInit() []*ssa.Function {
	return append(s.Funcs[:len(s.Funcs):len(s.Funcs)], s.Pkg.Func("init"))
}

// Reaches reports whether pkg, a third-party package that this one imports, is looked into: its imports reach an effect.
func (s *SSA) Reaches(pkg *types.Package) bool { return s.reaches[pkg] }

// InTest reports whether pos lies in a _test.go file.
func (s *SSA) InTest(pos token.Pos) bool {
	return pos.IsValid() && strings.HasSuffix(s.fset.File(pos).Name(), "_test.go")
}

// Declaration returns the declared function that fn is, or stands in; for a literal of a variable's initialiser, the package
// initialiser.
func Declaration(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}
