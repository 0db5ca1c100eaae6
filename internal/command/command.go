// Package command is airlockvet as a function: arguments in, output and an exit code out.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
)

// The exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // the tool could not do its work
	exitFindings = 3 // it did, and found something
)

// An invocation is what a subcommand gets of the outside world.
type invocation struct {
	args           []string
	stdout, stderr io.Writer
}

// errFindings says that there is something to act on: everything has been printed.
var errFindings = errors.New("findings")

// errUsage says that the arguments are wrong: what is wrong has been printed.
var errUsage = errors.New("usage")

// errHelp says that help was asked for, and has been printed.
var errHelp = errors.New("help")

// A subcommand is a word that may stand first.
type subcommand struct {
	name, synopsis, summary string
	run                     func(ctx context.Context, inv invocation) error
}

// Main runs airlockvet and returns its exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if os.Getenv("GOGC") == "" {
		// The trees and graphs of one package are garbage as soon as the next one is there: collecting sooner costs little.
		debug.SetGCPercent(50)
	}
	err := dispatch(ctx, invocation{args: args, stdout: stdout, stderr: stderr})
	switch {
	case err == nil, errors.Is(err, errHelp):
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errUsage):
		return exitFailed
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "airlockvet: interrupted")
		return exitFailed
	}
	fmt.Fprintf(stderr, "airlockvet: %s\n", strings.TrimSpace(err.Error()))
	return exitFailed
}

// dispatch finds out who asks: the go command, which speaks the protocol of vet tools, or a person.
func dispatch(ctx context.Context, inv invocation) error {
	if fromGoVet(inv.args) {
		return vettool(inv)
	}
	if inv.args = inDir(inv.args); len(inv.args) > 0 {
		for _, sub := range subcommands() {
			if inv.args[0] == sub.name {
				inv.args = inv.args[1:]
				return sub.run(ctx, inv)
			}
		}
	}
	return vet(ctx, inv)
}

// subcommands lists them in the order in which help does. It is a function, since help is one of them.
func subcommands() []subcommand {
	return []subcommand{
		{"effects", "effects [flags] [packages]", "list what functions do, and where effects happen", listEffects},
		{"diff", "diff [flags] REV [REV] [packages]", "tell which functions gained or lost effects", diff},
		{"explain", "explain RULE | FUNC [packages]", "say what a rule is about, why a function has an effect", explain},
		{"init", "init", "write a commented configuration", initialise},
		{"bind", "bind [-w] [packages]", "say which implementations interface methods are bound to", bind},
		{"cache", "cache clean", "remove the results that were kept", cache},
		{"completion", "completion bash|zsh|fish", "print a completion script for a shell", completion},
		{"version", "version", "print the version", printVersions},
		{"help", "help [SUBCOMMAND | RULE]", "print help", help},
	}
}

// inDir changes to the directory of a leading -C DIR, as the go command does, and returns the arguments behind it.
func inDir(args []string) []string {
	if len(args) < 2 || args[0] != "-C" && args[0] != "--C" {
		return args
	}
	if err := os.Chdir(args[1]); err != nil {
		return args // the flag -C says what is wrong
	}
	return args[2:]
}
