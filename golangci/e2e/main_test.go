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
)

// golangci-lint, built with the plugin and given the example configuration as it stands, finds what the standalone command finds of the
// corpus of fixtures, on a cold and on a warm cache.
func TestSameFindings(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(root, "testdata", "src")
	bin := t.TempDir()
	build(t, ".", filepath.Join(bin, "custom-gcl"), ".")
	build(t, root, filepath.Join(bin, "airlockvet"), "./cmd/airlockvet")

	// The plugin does not read .airlock.yml, so the other side has none either.
	none := filepath.Join(bin, "airlock.yml")
	if err := os.WriteFile(none, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "AIRLOCKVET_CONFIG="+none, "GOLANGCI_LINT_CACHE="+t.TempDir(), "AIRLOCKVET_CACHE="+t.TempDir(), "GOFLAGS=", "GOWORK=off")
	want := findings(t, src, env, filepath.Join(bin, "airlockvet"), "-bindings=config", "./...")
	if len(want) < 100 {
		t.Fatalf("%d findings in the corpus: there should be more", len(want))
	}
	lint := []string{filepath.Join(bin, "custom-gcl"), "run", "--config=" + filepath.Join(root, ".golangci.example.yml"),
		"--path-mode=abs", "--output.text.print-issued-lines=false", "--output.text.colors=false", "--uniq-by-line=false", "./..."}
	for _, cache := range []string{"cold", "warm"} {
		got := findings(t, src, env, lint[0], lint[1:]...)
		for _, line := range want {
			if !slices.Contains(got, line) {
				t.Errorf("%s cache: golangci-lint does not find %s", cache, line)
			}
		}
		for _, line := range got {
			if !slices.Contains(want, line) {
				t.Errorf("%s cache: golangci-lint alone finds %s", cache, line)
			}
		}
	}
}

func build(t *testing.T, dir, out, pkg string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-o", out, pkg)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, text)
	}
}

var (
	diagnostic = regexp.MustCompile(`^(.*\.go:\d+:\d+: .*) \([a-z/-]+\)$`)
	category   = regexp.MustCompile(`(:\d+:\d+: )(?:noescape|inscope|scopeclose|deferrable): `)
)

// findings returns what a command prints of findings, sorted, in the same form for both.
func findings(t *testing.T, dir string, env []string, name string, args ...string) []string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.SplitSeq(stdout.String(), "\n") {
		if m := diagnostic.FindStringSubmatch(line); m != nil {
			line = strings.TrimPrefix(m[1], dir+string(filepath.Separator))
			lines = append(lines, category.ReplaceAllString(line, "$1"))
		}
	}
	if len(lines) == 0 {
		t.Fatalf("%s finds nothing:\n%s%s", name, stdout.String(), stderr.String())
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
