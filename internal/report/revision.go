package report

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Changes are the lines that differ from a revision, by file.
type Changes map[string][]span

type span struct{ from, to int }

// ChangesSince asks git which lines of Go files below dir differ from the revision, the work tree being the new side.
func ChangesSince(ctx context.Context, dir, rev string) (Changes, error) {
	if _, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}"); err != nil {
		return nil, fmt.Errorf("revision %q: %w (in a shallow clone, fetch it first: git fetch --depth=1 origin %s)", rev, err, rev)
	}
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root := strings.TrimSpace(string(top))
	diff, err := git(ctx, root, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-prefix", "--no-renames", rev, "--", "*.go")
	if err != nil {
		return nil, err
	}
	untracked, err := git(ctx, root, "ls-files", "-z", "--others", "--exclude-standard", "--", "*.go")
	if err != nil {
		return nil, err
	}
	changes := parseDiff(root, diff)
	for file := range strings.SplitSeq(string(untracked), "\x00") {
		if file != "" {
			changes[filepath.Join(root, filepath.FromSlash(file))] = []span{{1, 1 << 30}}
		}
	}
	return changes, nil
}

// git runs git and returns what it says.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		if said := strings.TrimSpace(string(exit.Stderr)); said != "" {
			return nil, errors.New(said)
		}
		return nil, errors.New("git does not know it")
	}
	return out, err
}

// parseDiff reads the new side of a diff without context lines.
func parseDiff(root string, diff []byte) Changes {
	changes := Changes{}
	file := ""
	s := bufio.NewScanner(bytes.NewReader(diff))
	s.Buffer(nil, 1<<26)
	for s.Scan() {
		line := s.Text()
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			file = filepath.Join(root, filepath.FromSlash(unquoted(name)))
		} else if hunk, ok := strings.CutPrefix(line, "@@ "); ok {
			if sp, ok := newSide(hunk); ok {
				changes[file] = append(changes[file], sp)
			}
		}
	}
	return changes
}

func unquoted(name string) string {
	name = strings.TrimSuffix(name, "\t")
	if plain, err := strconv.Unquote(name); err == nil {
		return plain
	}
	return name
}

// newSide returns the lines that "-1,2 +3,4 @@ …" adds; false if it only removes.
func newSide(hunk string) (span, bool) {
	for field := range strings.FieldsSeq(hunk) {
		text, ok := strings.CutPrefix(field, "+")
		if !ok {
			continue
		}
		first, length, ranged := strings.Cut(text, ",")
		from, err := strconv.Atoi(first)
		n := 1
		if ranged {
			n, _ = strconv.Atoi(length)
		}
		return span{from, from + n - 1}, err == nil && n > 0
	}
	return span{}, false
}

// Apply lets findings pass that are not on a changed line.
func (c Changes) Apply(findings []Finding, rev string) {
	for i := range findings {
		f := &findings[i]
		if f.Suppressed == nil && !c.has(f.Raw.File, f.Raw.Line) {
			f.Suppressed = &Suppression{Reason: "not on a line changed since " + rev}
		}
	}
}

func (c Changes) has(file string, line int) bool {
	if real, err := filepath.EvalSymlinks(file); err == nil && c[file] == nil {
		file = real
	}
	for _, s := range c[file] {
		if s.from <= line && line <= s.to {
			return true
		}
	}
	return false
}
