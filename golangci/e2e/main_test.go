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

// golangci-lint, built with the plugin and given the example configuration, finds what the standalone command finds: as that configuration
// stands and with the bindings that bind writes, on a cold and on a warm cache. It does so of the corpus of fixtures, and of the
// applications whose checkouts AIRLOCK_APPS lists.
func TestSameFindings(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	build(t, ".", filepath.Join(bin, "custom-gcl"), ".")
	build(t, root, filepath.Join(bin, "airlockvet"), "./cmd/airlockvet")
	t.Run("fixtures", func(t *testing.T) {
		t.Setenv("GOFLAGS", "")
		t.Setenv("GOWORK", "off")
		sameFindings(t, bin, root, filepath.Join(root, "testdata", "src"), 100)
	})
	for _, app := range filepath.SplitList(os.Getenv("AIRLOCK_APPS")) {
		t.Run(filepath.Base(app), func(t *testing.T) { sameFindings(t, bin, root, app, 1) })
	}
}

func sameFindings(t *testing.T, bin, root, src string, atLeast int) {
	// The plugin does not read .airlock.yml, so the other side has none either.
	cfg := filepath.Join(t.TempDir(), "airlock.yml")
	write(t, cfg, nil)
	env := append(os.Environ(), "AIRLOCKVET_CONFIG="+cfg)
	example, err := os.ReadFile(filepath.Join(root, ".golangci.example.yml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("without bindings", func(t *testing.T) {
		agree(t, bin, src, env, example, "-bindings=config", atLeast)
	})
	t.Run("with bindings", func(t *testing.T) {
		run(t, src, env, filepath.Join(bin, "airlockvet"), "bind", "-w", "-cache=off", "./...")
		bindings, err := os.ReadFile(cfg)
		if err != nil {
			t.Fatal(err)
		}
		const none = "          bindings: []\n"
		if !bytes.Contains(example, []byte(none)) {
			t.Fatal("the example has no place for bindings")
		}
		indented := strings.ReplaceAll("\n"+strings.TrimSuffix(string(bindings), "\n"), "\n", "\n          ") + "\n"
		agree(t, bin, src, env, bytes.Replace(example, []byte(none), []byte(indented), 1), "-bindings=computed", atLeast)
	})
}

// agree holds golangci-lint to what the standalone command finds.
func agree(t *testing.T, bin, src string, env []string, settings []byte, bindings string, atLeast int) {
	env = append(env, "GOLANGCI_LINT_CACHE="+t.TempDir(), "AIRLOCKVET_CACHE="+t.TempDir())
	want := findings(t, src, env, filepath.Join(bin, "airlockvet"), bindings, "./...")
	if len(want) < atLeast {
		t.Fatalf("%d findings in %s: there should be more", len(want), src)
	}
	file := filepath.Join(t.TempDir(), ".golangci.yml")
	write(t, file, settings)
	lint := []string{filepath.Join(bin, "custom-gcl"), "run", "--config=" + file,
		"--allow-parallel-runners", "--path-mode=abs", "--output.text.print-issued-lines=false", "--output.text.colors=false", "--uniq-by-line=false", "./..."}
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

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
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
