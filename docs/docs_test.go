// Package docs_test holds the documentation to the code: what a page shows, compiles somewhere in this repository.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = ".."

var (
	goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
	link    = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
)

// pages are the documents for people, relative to the root; the rules' pages have a stricter test of their own.
func pages(t *testing.T) []string {
	t.Helper()
	names := []string{"README.md", "CONTRIBUTING.md", "examples/leaky/README.md"}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			rel, _ := filepath.Rel(root, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// compiled is the text of every Go file that the build or a test compiles, without indentation.
func compiled(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, dir := range []string{"airlock", "examples", "docs/recipes"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") {
				return err
			}
			data, err := os.ReadFile(path)
			all.WriteString(unindent(string(data)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n") + "\n"
}

// A block stands for real code: it is found, line for line, in a file that is compiled. A line of "…" or "..." stands for any lines.
func TestSnippetsAreCompiledCode(t *testing.T) {
	code := compiled(t)
	for _, page := range pages(t) {
		if strings.HasPrefix(page, "docs/rules/") {
			continue
		}
		for _, m := range goBlock.FindAllStringSubmatch(read(t, page), -1) {
			for _, part := range regexp.MustCompile(`(?m)^\s*(…|\.\.\.)\s*\n`).Split(m[1], -1) {
				if part = strings.TrimSpace(unindent(part)); part != "" && !strings.Contains(code, part+"\n") {
					t.Errorf("%s shows code that no example compiles:\n%s", page, part)
				}
			}
		}
	}
}

func TestLinksLead(t *testing.T) {
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, page), ""), -1) {
			target := filepath.Join(root, filepath.Dir(page), m[1])
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, m[1])
			}
		}
	}
}

// The README promises two commands. CI runs these very commands.
func TestReadmeCommandsAreWhatCIRuns(t *testing.T) {
	block := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindStringSubmatch(read(t, "README.md"))
	if block == nil {
		t.Fatal("README.md shows no commands")
	}
	var commands []string
	for line := range strings.Lines(block[1]) {
		command, _, _ := strings.Cut(line, "#")
		commands = append(commands, strings.TrimSpace(command))
	}
	if len(commands) != 2 {
		t.Fatalf("README.md shows %d commands first, want two: %q", len(commands), commands)
	}
	var ci []string
	for line := range strings.Lines(read(t, ".ci/run")) {
		command, _, _ := strings.Cut(strings.TrimSpace(line), " ||")
		ci = append(ci, command)
	}
	for _, command := range commands {
		if !slices.Contains(ci, command) {
			t.Errorf(".ci/run does not run the README's %q", command)
		}
	}
}
