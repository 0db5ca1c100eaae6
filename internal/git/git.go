// Package git asks git.
//
//airlock:effects exec
package git

import (
	"context"
	"errors"
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
		return "", errors.New("git does not know it")
	}
	return string(out), err
}
