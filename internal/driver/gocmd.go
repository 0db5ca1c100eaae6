package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A goCommand asks the go command.
type goCommand struct {
	dir   string
	env   []string
	flags []string // build flags
}

// An environment is what of the go command's settings an answer depends on.
type environment struct {
	GOVERSION, GOOS, GOARCH, GOEXPERIMENT, CGO_ENABLED string
	GOFLAGS, GOWORK, GOMOD, GOMODCACHE, GOROOT         string
}

func (g goCommand) environment(ctx context.Context) (environment, error) {
	var env environment
	out, err := g.output(ctx, "env", "-json", "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "CGO_ENABLED", "GOFLAGS", "GOWORK", "GOMOD", "GOMODCACHE", "GOROOT")
	if err != nil {
		return env, err
	}
	return env, json.Unmarshal(out, &env)
}

// A listed package is one package as go list describes it.
type listed struct {
	ImportPath, Name, Dir, Export      string
	Standard, DepOnly                  bool
	Match                              []string
	Module                             *analysis.Module
	GoFiles, CgoFiles, CompiledGoFiles []string
	TestGoFiles, XTestGoFiles          []string
	IgnoredGoFiles, IgnoredOtherFiles  []string
	CFiles, CXXFiles, HFiles, SFiles   []string
	Imports, TestImports, XTestImports []string
	ImportMap                          map[string]string
	Error                              *listError
}

type listError struct{ Pos, Err string }

func (e *listError) String() string {
	if e.Pos == "" {
		return e.Err
	}
	return e.Pos + ": " + e.Err
}

const graphFields = "ImportPath,Name,Dir,Standard,DepOnly,Match,Module,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles,IgnoredOtherFiles," +
	"CFiles,CXXFiles,HFiles,SFiles,Imports,TestImports,XTestImports,ImportMap,Error"

// list lists the packages that args, flags and patterns, stand for.
func (g goCommand) list(ctx context.Context, fields string, args ...string) ([]*listed, error) {
	out, err := g.output(ctx, "list", append(append([]string{"-e", "-json=" + fields}, g.flags...), args...)...)
	if err != nil {
		return nil, err
	}
	var pkgs []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		pkgs = append(pkgs, p)
	}
}

func (g goCommand) output(ctx context.Context, verb string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{verb}, args...)...)
	cmd.Dir, cmd.Env = g.dir, g.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		if said := strings.TrimSpace(stderr.String()); said != "" {
			return nil, errors.New(said)
		}
		return nil, fmt.Errorf("go %s: %w", verb, err)
	}
	return out, nil
}
