package report

import (
	"bufio"
	"context"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/airlock-go/airlock/internal/git"
)

// Changes are the lines that differ from a revision, by file.
type Changes map[string][]span

type span struct{ from, to int }

// ChangesSince asks git which lines of Go files below dir differ from the revision, the work tree being the new side.
func ChangesSince(ctx context.Context, dir, rev string) (Changes, error) {
	return ChangesBetween(ctx, dir, rev, "")
}

// ChangesBetween asks git which lines of Go files differ between two revisions; an empty one is the work tree.
func ChangesBetween(ctx context.Context, dir, from, to string) (Changes, error) {
	if _, err := git.Commit(ctx, dir, from); err != nil {
		return nil, err
	}
	top, err := git.Run(ctx, dir, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root := strings.TrimSpace(top)
	args := []string{"diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-prefix", "--no-renames", from}
	if to != "" {
		args = append(args, to)
	}
	diff, err := git.Run(ctx, root, nil, append(args, "--", "*.go")...)
	if err != nil {
		return nil, err
	}
	changes := parseDiff(root, diff)
	if to != "" {
		return changes, nil
	}
	untracked, err := git.Run(ctx, root, nil, "ls-files", "-z", "--others", "--exclude-standard", "--", "*.go")
	if err != nil {
		return nil, err
	}
	for file := range strings.SplitSeq(untracked, "\x00") {
		if file != "" {
			changes[filepath.Join(root, filepath.FromSlash(file))] = []span{{1, 1 << 30}}
		}
	}
	return changes, nil
}

// parseDiff reads the new side of a diff without context lines.
func parseDiff(root string, diff string) Changes {
	changes := Changes{}
	file := ""
	s := bufio.NewScanner(strings.NewReader(diff))
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
		if f.Suppressed == nil && !c.Has(f.Raw.File, f.Raw.Line) {
			f.Suppressed = &Suppression{Reason: "not on a line changed since " + rev}
		}
	}
}

// Has reports whether a line of a file, by its absolute path, has changed.
func (c Changes) Has(file string, line int) bool {
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
