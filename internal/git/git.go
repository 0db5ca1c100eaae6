// Package git asks git.
//
//airlock:effects exec
package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Run runs git with the arguments in dir, with env added to the environment, and returns what it prints. An error is what git says.
func Run(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		if said := strings.TrimSpace(string(exit.Stderr)); said != "" {
			return "", errors.New(said)
		}
		return "", errSilent
	}
	return string(out), err
}

var errSilent = errors.New("git does not know it")

// Commit returns the commit that rev names in the repository around dir.
func Commit(ctx context.Context, dir, rev string) (string, error) {
	out, err := Run(ctx, dir, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err == nil {
		return strings.TrimSpace(out), nil
	}
	if !errors.Is(err, errSilent) {
		return "", fmt.Errorf("revision %q: %w", rev, err)
	}
	if shallow, _ := Run(ctx, dir, nil, "rev-parse", "--is-shallow-repository"); strings.TrimSpace(shallow) == "true" {
		return "", fmt.Errorf("revision %q is not here, and this is a shallow clone: fetch it first, with git fetch --depth=1 origin %s", rev, rev)
	}
	return "", fmt.Errorf("revision %q: git knows no such commit", rev)
}
