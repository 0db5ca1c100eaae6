package review

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/airlock-go/airlock/internal/git"
)

// A Repository is the git repository that a directory lies in.
type Repository struct {
	Top    string // of the work tree
	Prefix string // the directory, relative to Top
}

// Open finds the repository that the current directory lies in.
func Open(ctx context.Context) (*Repository, error) {
	out, err := git.Run(ctx, "", nil, "rev-parse", "--show-toplevel", "--show-prefix")
	if err != nil {
		return nil, fmt.Errorf("comparing revisions needs a git repository: %w", err)
	}
	top, prefix, _ := strings.Cut(strings.TrimSuffix(out, "\n"), "\n")
	return &Repository{Top: top, Prefix: filepath.FromSlash(prefix)}, nil
}

// Commit returns the commit that rev names.
func (r *Repository) Commit(ctx context.Context, rev string) (string, error) {
	return git.Commit(ctx, r.Top, rev)
}

// Checkout writes the files of a commit to a new directory. It leaves the repository as it is: the index that it needs is a file of its
// own. Call the returned function when done.
func (r *Repository) Checkout(ctx context.Context, commit string) (tree string, remove func() error, err error) {
	tmp, err := os.MkdirTemp("", "airlockvet-")
	if err == nil {
		tmp, err = filepath.EvalSymlinks(tmp) // the go command names files so
	}
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(tmp) }
	tree = filepath.Join(tmp, "tree")
	env := []string{"GIT_INDEX_FILE=" + filepath.Join(tmp, "index")}
	if _, err = git.Run(ctx, r.Top, env, "read-tree", commit); err == nil {
		_, err = git.Run(ctx, r.Top, env, "checkout-index", "--all", "--prefix="+tree+string(filepath.Separator))
	}
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("checking out %s: %w", commit, err), remove())
	}
	return tree, remove, nil
}
