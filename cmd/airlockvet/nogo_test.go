package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis/unitchecker"
)

// Under a build system each package is a process of its own, which knows of others what the files of facts say, and they run in any
// order that dependencies allow: Bazel's nogo does so. Nothing else may carry over.
func TestSeparateProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a process a package")
	}
	src, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	tool := buildTool(t)
	c := corpus{t: t, dir: src, env: []string{"AIRLOCKVET_CACHE=off", "GOFLAGS=", "GOWORK=off"}}
	want := c.lines(tool, "-bindings=config", "-test=false", "./noescape/...", "./inscope/...", "./scopeclose/...")
	for _, own := range []string{"", "deferrable"} {
		b := newBuild(t, c, tool, "./noescape/...", "./inscope/...", "./scopeclose/...")
		b.own = own
		got := b.run(rand.New(rand.NewPCG(1, 2)))
		c.equal("a process a package, own packages named by "+cmp.Or(own, "modules"), want, got)
	}
}

type builtPackage struct {
	ImportPath, Dir, Export string
	Standard, DepOnly       bool
	GoFiles, Imports        []string
	ImportMap               map[string]string
	Module                  *struct{ Path, Version, GoVersion string }
}

// A build runs the tool over packages as a build system does.
type build struct {
	corpus
	tool string
	own  string // the check whose flag says which packages are own; "" for a build that knows of modules
	dir  string // of cfg and facts files
	pkgs []*builtPackage
	done map[string]chan struct{}

	mu  sync.Mutex
	out []string
}

func newBuild(t *testing.T, c corpus, tool string, patterns ...string) *build {
	t.Helper()
	b := &build{corpus: c, tool: tool, dir: t.TempDir(), done: map[string]chan struct{}{}}
	cmd := exec.Command("go", append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,Standard,DepOnly,GoFiles,Imports,ImportMap,Module"}, patterns...)...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), c.env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(builtPackage)
		if err := dec.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		b.pkgs = append(b.pkgs, p)
		b.done[p.ImportPath] = make(chan struct{})
	}
	return b
}

// run analyses the packages, shuffled, each after what it imports, and returns the findings.
func (b *build) run(rnd *rand.Rand) []string {
	rnd.Shuffle(len(b.pkgs), func(i, j int) { b.pkgs[i], b.pkgs[j] = b.pkgs[j], b.pkgs[i] })
	var wg sync.WaitGroup
	slots := make(chan struct{}, 4)
	for _, p := range b.pkgs {
		wg.Go(func() {
			defer close(b.done[p.ImportPath])
			if p.Standard {
				return
			}
			for _, dep := range p.Imports {
				if done := b.done[dep]; done != nil {
					<-done
				}
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			b.analyse(p)
		})
	}
	wg.Wait()
	slices.Sort(b.out)
	return slices.Compact(b.out)
}

func (b *build) analyse(p *builtPackage) {
	cfg := unitchecker.Config{
		ID: p.ImportPath, Compiler: "gc", Dir: p.Dir, ImportPath: p.ImportPath, VetxOnly: p.DepOnly, VetxOutput: b.facts(p.ImportPath),
		ImportMap: map[string]string{}, PackageFile: map[string]string{}, PackageVetx: map[string]string{}, Standard: map[string]bool{},
	}
	if p.Module != nil && b.own == "" {
		cfg.ModulePath, cfg.ModuleVersion, cfg.GoVersion = p.Module.Path, p.Module.Version, "go"+p.Module.GoVersion
	}
	for _, name := range p.GoFiles {
		cfg.GoFiles = append(cfg.GoFiles, filepath.Join(p.Dir, name))
	}
	for _, path := range p.Imports {
		cfg.ImportMap[path] = path
	}
	for _, dep := range b.pkgs {
		if dep.Export != "" {
			cfg.PackageFile[dep.ImportPath] = dep.Export
		}
		if slices.Contains(p.Imports, dep.ImportPath) && !dep.Standard {
			cfg.PackageVetx[dep.ImportPath] = b.facts(dep.ImportPath)
		}
	}
	data, err := json.Marshal(cfg)
	if err != nil {
		b.t.Error(err)
		return
	}
	file := filepath.Join(b.dir, strings.ReplaceAll(p.ImportPath, "/", "-")+".cfg")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		b.t.Error(err)
		return
	}
	args := []string{file}
	if b.own != "" {
		args = []string{"-" + b.own + ".own=example.com/fixtures/...", file}
	}
	lines := b.lines(b.tool, args...)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.out = append(b.out, lines...)
}

func (b *build) facts(path string) string {
	return filepath.Join(b.dir, strings.ReplaceAll(path, "/", "-")+".facts")
}
