// Package command is airlockvet as a function: arguments in, output and an exit code out.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/airlock-go/airlock/internal/driver"
)

// The exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // the tool could not do its work
	exitFindings = 3 // it did, and found something
)

// An invocation is what a subcommand gets of the outside world.
type invocation struct {
	command        subcommand
	args           []string
	stdout, stderr io.Writer
}

// errFindings says that there is something to act on: everything has been printed.
var errFindings = errors.New("findings")

// errHelp says that help was asked for, and has been printed.
var errHelp = errors.New("help")

// A subcommand is a word that may stand first.
type subcommand struct {
	name, synopsis, summary string
	run                     func(ctx context.Context, inv invocation) error
}

// Main runs airlockvet and returns its exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	driver.SpareMemory()
	err := dispatch(ctx, invocation{args: args, stdout: stdout, stderr: stderr})
	switch {
	case err == nil, errors.Is(err, errHelp):
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
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
	var err error
	if inv.args, err = inDir(inv.args); err != nil {
		return err
	}
	inv.command = checking()
	if len(inv.args) > 0 {
		if sub, ok := subcommandOf(inv.args[0]); ok {
			inv.command, inv.args = sub, inv.args[1:]
		}
	}
	return inv.command.run(ctx, inv)
}

// checking is what happens without a subcommand.
func checking() subcommand {
	return subcommand{"", "[flags] [packages]", "find side effects that escape", vet}
}

func subcommandOf(name string) (subcommand, bool) {
	for _, sub := range subcommands() {
		if sub.name == name {
			return sub, true
		}
	}
	return subcommand{}, false
}

// subcommands lists them in the order in which help does. It is a function, since help is one of them.
func subcommands() []subcommand {
	return []subcommand{
		{"effects", "effects [flags] [packages]", "list what functions do, and where effects happen", listEffects},
		{"diff", "diff [flags] REV [REV] [packages]", "tell which functions gained or lost effects", diff},
		{"explain", "explain [flags] RULE | FUNC [packages]", "say what a rule is about, why a function has an effect", explain},
		{"init", "init [flags]", "write a commented configuration", initialise},
		{"bind", "bind [-w] [flags] [packages]", "say which implementations interface methods are bound to", bind},
		{"cache", "cache [-cache=DIR] clean", "remove the results that were kept", cache},
		{"completion", "completion bash|zsh|fish", "print a completion script for a shell", completion},
		{"version", "version", "print the version", printVersions},
		{"help", "help [SUBCOMMAND | RULE]", "print help", help},
	}
}

func subcommandNames() []string {
	var names []string
	for _, sub := range subcommands() {
		names = append(names, sub.name)
	}
	return names
}

// inDir changes to the directory of a leading -C DIR, as the go command does, and returns the arguments behind it.
func inDir(args []string) ([]string, error) {
	if len(args) == 0 {
		return args, nil
	}
	name, dir, joined := strings.Cut(args[0], "=")
	if name != "-C" && name != "--C" {
		return args, nil
	}
	rest := args[1:]
	if !joined {
		if len(rest) == 0 {
			return nil, errors.New("-C needs a directory")
		}
		dir, rest = rest[0], rest[1:]
	}
	return rest, os.Chdir(dir)
}
