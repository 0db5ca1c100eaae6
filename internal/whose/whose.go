// Package whose says whose code a package is: the user's own, the standard library's, a third party's, or the runtime's.
//
// Own code is what the user can change: every module of the workspace. Own bodies are analysed and reported, third-party bodies are
// summarised, and for the standard library and the runtime the catalog answers.
package whose

import (
	_ "embed"
	"flag"
	"go/types"
	"path"
	"reflect"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/airlockapi"
)

// A Class says whose code a package is.
type Class uint8

// The classes.
const (
	ThirdParty Class = iota
	Own
	Std
	Runtime
)

// Foreign reports whether it is code of the standard library or of a third party.
func (c Class) Foreign() bool { return c == Std || c == ThirdParty }

func (c Class) String() string { return [...]string{"third party", "own", "std", "runtime"}[c] }

// Analyzer tells the packages that import an own package that it is own: an import path alone does not say so. An analyzer that
// asks [Package] requires it.
var Analyzer = &analysis.Analyzer{
	Name:             "airlockwhose",
	Doc:              "remember which packages are the user's own",
	Run:              run,
	FactTypes:        []analysis.Fact{new(ownFact)},
	ResultType:       reflect.TypeFor[*Owners](),
	RunDespiteErrors: true,
}

// ownPatterns names own packages where the driver knows of no modules, as under Bazel: import paths, separated by commas; a path
// that ends in /... covers what lies below it.
var ownPatterns patterns

func init() {
	Analyzer.Flags.Init(Analyzer.Name, flag.ContinueOnError)
	Analyzer.Flags.Var(&ownPatterns, "own", "comma-separated import `paths` of own packages, where the driver knows of no modules (a path ending in /... covers all below it)")
}

type ownFact struct{}

func (*ownFact) AFact()         {}
func (*ownFact) String() string { return "own" }

// Owners is the result of [Analyzer].
type Owners struct{ own map[string]bool }

func run(pass *analysis.Pass) (any, error) {
	if Of(pass) == Own {
		pass.ExportPackageFact(new(ownFact))
	}
	owners := &Owners{own: map[string]bool{}}
	for _, f := range pass.AllPackageFacts() {
		owners.own[f.Package.Path()] = true
	}
	return owners, nil
}

// Of says whose code the pass's package is.
func Of(pass *analysis.Pass) Class {
	p := base(pass.Pkg.Path())
	switch {
	case airlockapi.IsRuntime(p):
		return Runtime
	case IsStd(p):
		return Std
	case pass.Module != nil && pass.Module.Path != "":
		if pass.Module.Version == "" {
			return Own
		}
		return ThirdParty
	case ownPatterns.match(p):
		return Own
	case len(ownPatterns) > 0 || newStd(p):
		return ThirdParty
	}
	return Own
}

// Package says whose code pkg is, a package that the pass's package imports, directly or not.
func Package(pass *analysis.Pass, pkg *types.Package) Class {
	if pkg == pass.Pkg {
		return Of(pass)
	}
	p := base(pkg.Path())
	switch {
	case airlockapi.IsRuntime(p):
		return Runtime
	case IsStd(p):
		return Std
	}
	if owners, ok := pass.ResultOf[Analyzer].(*Owners); ok && owners.own[pkg.Path()] {
		return Own
	}
	return ThirdParty
}

// base removes the suffix of an external test package, which belongs to whom the package under test belongs to.
func base(path string) string { return strings.TrimSuffix(path, "_test") }

//go:generate sh -c "go list std > std.txt"
//go:embed std.txt
var stdList string

var stdPaths = sync.OnceValue(func() map[string]bool {
	paths := map[string]bool{"unsafe": true, "C": true}
	for p := range strings.FieldsSeq(stdList) {
		paths[p] = true
	}
	return paths
})

// IsStd reports whether path is the import path of a standard-library package.
func IsStd(path string) bool { return stdPaths()[path] }

// newStd reports whether a package without a module looks like one that a later toolchain added to the standard library: it lies
// beside or below a listed package.
func newStd(p string) bool {
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if dir != "internal" && IsStd(dir) {
			return true
		}
	}
	return false
}
