package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A module is the source of one module, and what its packages declare. What they import from elsewhere is left unknown: most lines
// need no more, and it saves downloading and checking all that the module requires. It implements types.Importer.
type module struct {
	path, dir string
	fset      *token.FileSet
	pkgs      map[string]*types.Package
}

// download fetches the source of one version of a module, and nothing that it requires.
func download(ctx context.Context, modPath, version string) (*module, error) {
	out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", modPath+"@"+version).Output()
	var got struct{ Dir, Error string }
	if parseErr := json.Unmarshal(out, &got); parseErr != nil {
		return nil, errors.Join(err, parseErr)
	}
	if got.Error != "" {
		return nil, errors.New(got.Error)
	}
	return sourceIn(got.Dir, modPath), err
}

// sourceIn returns the module whose source is in dir.
func sourceIn(dir, modPath string) *module {
	return &module{path: modPath, dir: dir, fset: token.NewFileSet(), pkgs: map[string]*types.Package{}}
}

// Import returns a package of the module itself.
func (m *module) Import(pkgPath string) (*types.Package, error) {
	rest, ok := strings.CutPrefix(pkgPath, m.path)
	if !ok || rest != "" && rest[0] != '/' {
		return nil, fmt.Errorf("%s is not in %s", pkgPath, m.path)
	}
	if pkg, ok := m.pkgs[pkgPath]; ok {
		return pkg, nil
	}
	files, err := m.parse(filepath.Join(m.dir, rest))
	if err != nil {
		return nil, err
	}
	unknown := types.Config{Importer: m, IgnoreFuncBodies: true, FakeImportC: true, Error: func(error) {}}
	pkg, _ := unknown.Check(pkgPath, m.fset, files, nil)
	m.pkgs[pkgPath] = pkg
	return pkg, nil
}

// parse reads the files of a package that are built here.
func (m *module) parse(dir string) ([]*ast.File, error) {
	pkg, err := build.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range append(pkg.GoFiles, pkg.CgoFiles...) {
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(m.fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
