package driver

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"
)

// A universe is one identity of every package: own packages from source, the others from export data.
type universe struct {
	fset  *token.FileSet
	sizes types.Sizes
	graph *graph
	given map[*analysis.Analyzer]any // see Options.Given

	units sync.Map // *unit by the *types.Package made from its source

	mu      sync.Mutex                // reading export data changes shared packages
	export  map[string]string         // file of export data, by path
	outside map[string]*types.Package // packages from export data, by path
}

func (r *runner) newUniverse(export map[string]string) *universe {
	sizes := types.SizesFor("gc", r.env.GOARCH)
	if sizes == nil {
		sizes = types.SizesFor("gc", build.Default.GOARCH)
	}
	return &universe{fset: token.NewFileSet(), sizes: sizes, graph: r.graph, given: r.given, export: export, outside: map[string]*types.Package{}}
}

// A checked package is one with its syntax and types.
type checked struct {
	pkg    *types.Package
	files  []*ast.File
	info   *types.Info
	errors []types.Error
	broken []string // the same and syntax errors, as text
}

// types returns the unit's package as those that import it see it: without bodies, unless it was analysed in this run.
func (un *universe) types(u *unit) *types.Package {
	if !u.source {
		return un.importExport(u.path)
	}
	u.typesOnce.Do(func() {
		if u.pkg == nil {
			un.keep(u, un.check(u, false))
		}
	})
	return u.pkg
}

// adopt makes an analysed package the one that those that import it see.
func (un *universe) adopt(u *unit, c *checked) {
	u.typesOnce.Do(func() { un.keep(u, c) })
}

func (un *universe) keep(u *unit, c *checked) {
	u.pkg = c.pkg
	for _, file := range c.files {
		u.tokens = append(u.tokens, un.fset.File(file.FileStart))
	}
}

// facts returns what is known of pkg and its objects, or nil.
func (un *universe) facts(pkg *types.Package) *factSet {
	if u, ok := un.units.Load(pkg); ok {
		return u.(*unit).factsOf()
	}
	if u := un.graph.byPath[pkg.Path()]; u != nil {
		return u.factsOf()
	}
	return nil
}

// forget drops the package of a unit that nobody imports any more.
func (un *universe) forget(u *unit) {
	un.units.Delete(u.pkg)
	for _, file := range u.tokens {
		un.fset.RemoveFile(file)
	}
	u.pkg, u.tokens, u.typesOnce = nil, nil, sync.Once{}
	if u.set != nil && u.set.pkg != nil {
		u.set = u.set.portable()
	}
}

// drop forgets a package that was checked for its own sake: nobody imports it.
func (un *universe) drop(c *checked) {
	un.units.Delete(c.pkg)
	for _, file := range c.files {
		un.fset.RemoveFile(un.fset.File(file.FileStart))
	}
}

func (un *universe) importExport(path string) *types.Package {
	if path == "unsafe" {
		return types.Unsafe
	}
	un.mu.Lock()
	defer un.mu.Unlock()
	if pkg := un.outside[path]; pkg != nil && pkg.Complete() {
		return pkg
	}
	pkg, err := un.readExport(path)
	if err != nil {
		return nil
	}
	return pkg
}

func (un *universe) readExport(path string) (*types.Package, error) {
	file := un.export[path]
	if file == "" {
		return nil, fmt.Errorf("no export data of %s", path)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("reading export data of %s: %w", path, err)
	}
	return gcexportdata.Read(r, un.fset, un.outside, path)
}

// check parses and type-checks the unit from source; with bodies, and what an analysis needs of them, or without.
func (un *universe) check(u *unit, bodies bool) *checked {
	c := new(checked)
	c.broken = append(c.broken, u.broken...)
	mode := parser.SkipObjectResolution
	if bodies {
		mode |= parser.ParseComments | parser.AllErrors
		c.info = newInfo()
	}
	for _, name := range u.files {
		file, err := un.parse(u, name, mode)
		if err != nil {
			c.broken = append(c.broken, syntaxErrors(err)...)
		}
		if file != nil {
			c.files = append(c.files, file)
		}
	}
	conf := &types.Config{
		Importer:         importerFor(un, u),
		Sizes:            un.sizes,
		GoVersion:        goVersion(u),
		IgnoreFuncBodies: !bodies,
		FakeImportC:      u.fakeC,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				c.errors = append(c.errors, e)
			}
			c.broken = append(c.broken, err.Error())
		},
	}
	c.pkg = types.NewPackage(u.path, "")
	un.units.Store(c.pkg, u)
	types.NewChecker(conf, un.fset, c.pkg, c.info).Files(c.files) // every error goes to Error
	return c
}

// parse parses one of the unit's files, which may have changed since the unit's key was computed.
func (un *universe) parse(u *unit, name string, mode parser.Mode) (*ast.File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if stamp, own := u.stamps[name]; own && stamp != string(sum[:]) {
		u.torn.Store(true)
	}
	return parser.ParseFile(un.fset, name, data, mode)
}

func syntaxErrors(err error) []string {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []string{err.Error()}
	}
	var all []string
	for _, e := range list {
		all = append(all, e.Error())
	}
	return all
}

func goVersion(u *unit) string {
	if u.module == nil || u.module.GoVersion == "" {
		return ""
	}
	return "go" + u.module.GoVersion
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
}

// importerFor imports packages as u's files mean them.
func importerFor(un *universe, u *unit) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) {
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		dep := un.graph.resolve(u, path)
		if dep == nil {
			return nil, errors.New("it is not there")
		}
		if pkg := un.types(dep); pkg != nil {
			return pkg, nil
		}
		return nil, errors.New(because(dep.broken)) // the type checker says what could not be imported
	})
}

func because(reasons []string) string {
	if len(reasons) == 0 {
		return "it does not compile"
	}
	return reasons[0]
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
