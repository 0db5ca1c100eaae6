package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every driver says the same of the corpus of fixtures, given the same bindings: none, and those that bind writes.
func TestDriversAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("runs three drivers over the corpus, twice")
	}
	src, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	driversAgree(t, buildTool(t), src, 100, "GOFLAGS=", "GOWORK=off")
}

// So they do of applications. AIRLOCK_APPS lists checkouts whose dependencies are downloaded, as PATH lists folders; GOFLAGS holds for them.
func TestDriversAgreeOnApplications(t *testing.T) {
	apps := filepath.SplitList(os.Getenv("AIRLOCK_APPS"))
	if len(apps) == 0 {
		t.Skip("AIRLOCK_APPS names no applications")
	}
	tool := buildTool(t)
	for _, app := range apps {
		t.Run(filepath.Base(app), func(t *testing.T) { driversAgree(t, tool, app, 1) })
	}
}

// driversAgree holds every driver to what the reference says of the module in dir, given no bindings and given those that bind writes:
// at least so many findings.
func driversAgree(t *testing.T, tool, dir string, atLeast int, env ...string) {
	cfg := filepath.Join(t.TempDir(), "airlock.yml")
	if err := os.WriteFile(cfg, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	env = append(env, "AIRLOCKVET_CONFIG="+cfg)
	agree := func(name, bindings string) {
		t.Run(name, func(t *testing.T) {
			c := corpus{t: t, dir: dir, env: append(env, "AIRLOCKVET_CACHE="+t.TempDir())}
			want := c.lines(tool, "-driver=multichecker", "./...")
			if len(want) < atLeast {
				t.Errorf("%d findings in %s: there should be more", len(want), dir)
			}
			for range 2 {
				c.equal("standalone", want, c.lines(tool, "-bindings="+bindings, "./..."))
			}
			c.equal("go vet", want, c.lines("go", "vet", "-vettool="+tool, "./..."))
			list := []string{"effects", "-json", "./..."}
			c.equal("effects", c.said(tool, slices.Insert(slices.Clone(list), 1, "-driver=multichecker")...), c.said(tool, slices.Insert(list, 1, "-bindings="+bindings)...))
		})
	}
	agree("without bindings", "config")
	c := corpus{t: t, dir: dir, env: env}
	c.output(tool, "bind", "-w", "-config="+cfg, "-cache=off", "./...")
	agree("with bindings", "computed")
}

func buildTool(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "airlockvet")
	if out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return tool
}

// A corpus is a module that drivers run over.
type corpus struct {
	t   *testing.T
	dir string
	env []string
}

// output runs a command and returns what it says: findings make it fail, which is no matter here.
func (c corpus) output(name string, args ...string) string {
	c.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), c.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		c.t.Fatal(err)
	}
	return out.String()
}

var (
	diagnostic = regexp.MustCompile(`^(.*\.go):(\d+):(\d+): (.*)$`)
	ruleAtEnd  = regexp.MustCompile(` \([a-z]+/[a-z-]+\)$`)
)

// lines returns the findings as sorted lines, without what only some drivers print: the rule, and the way to the folder.
func (c corpus) lines(name string, args ...string) []string {
	c.t.Helper()
	var lines []string
	for line := range strings.SplitSeq(c.output(name, args...), "\n") {
		if diagnostic.MatchString(line) {
			line = strings.TrimPrefix(strings.TrimPrefix(line, "./"), c.dir+string(filepath.Separator))
			lines = append(lines, ruleAtEnd.ReplaceAllString(line, ""))
		} else if strings.Contains(line, "left out") || strings.Contains(line, "internal error") {
			c.t.Errorf("%s: %s", name, line)
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// said returns what a command writes, line by line.
func (c corpus) said(name string, args ...string) []string {
	c.t.Helper()
	return strings.Split(c.output(name, args...), "\n")
}

func (c corpus) equal(name string, want, got []string) {
	c.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("%s differs from multichecker (-multichecker +%s):\n%s", name, name, diff)
	}
}
