package command_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/internal/command"
)

// What is wrong with the arguments is said in one line, before anything is loaded.
func TestWrongArguments(t *testing.T) {
	for args, want := range map[string]string{
		"-nosuch":                          "not defined: -nosuch; airlockvet -h lists the flags",
		"effects -nosuch":                  "airlockvet effects -h lists the flags",
		"effects -sitse":                   `did you mean "-sites"?`,
		"-json -github":                    "choose one of -json, -sarif, -github, -gitlab",
		"effects -sites -unknown":          "choose one of -sites, -unknown",
		"effects -unknown -json":           "-json goes with -sites or alone",
		"effects -kind mial":               `unknown effect kind "mial"`,
		"effects -func (":                  "-func: error parsing regexp",
		"diff -json -markdown main":        "choose one of -json, -markdown",
		"diff":                             "against which revision?",
		"-accept-new":                      "-accept-new needs -update-baseline",
		"-update-baseline":                 "-update-baseline needs -baseline FILE",
		"-rewrite=enqueue":                 "-rewrite needs -fix or -diff",
		"-fix -rewrite=x":                  `unknown rewrite "x": want enqueue`,
		"-color=blue":                      "-color=blue: want auto, always or never",
		"-bindings=none":                   "-bindings=none: want computed or config",
		"-driver=slow":                     `unknown driver "slow"`,
		"-json -C x":                       "-C must be the first flag",
		"-C":                               "-C needs a directory",
		"./... -json":                      "-json stands behind an argument: flags come first",
		"version 1":                        "version takes no arguments: what is 1?",
		"init ./...":                       "init takes no arguments",
		"cache":                            "usage: airlockvet cache",
		"completion tcsh":                  "usage: airlockvet completion bash|zsh|fish",
		"explain":                          "explain: what?",
		"help nosuch":                      `unknown rule "nosuch"`,
		"-baseline=/nosuch/base.txt ./...": "-update-baseline -accept-new makes one",
		"-inscope=maybe ./...":             `invalid boolean value "maybe" for -inscope`,
		"-test=no -nosuch":                 `invalid boolean value "no" for -test`,
	} {
		var stdout, stderr bytes.Buffer
		code := command.Main(context.Background(), strings.Fields(args), &stdout, &stderr)
		if code != 1 || !strings.Contains(stderr.String(), want) || strings.Count(stderr.String(), "\n") != 1 || stdout.Len() > 0 {
			t.Errorf("airlockvet %s exits %d and says %q, want 1 and one line with %q", args, code, stderr.String()+stdout.String(), want)
		}
	}
}

func TestHelpNamesEverySubcommand(t *testing.T) {
	for _, sub := range []string{"effects", "diff", "explain", "init", "bind", "cache", "completion", "version"} {
		for _, args := range [][]string{{"help", sub}, {sub, "-h"}, {sub, "--help"}} {
			var stdout, stderr bytes.Buffer
			if code := command.Main(context.Background(), args, &stdout, &stderr); code != 0 || !strings.HasPrefix(stdout.String(), "usage: airlockvet "+sub) || stderr.Len() > 0 {
				t.Errorf("airlockvet %s exits %d and says %q", strings.Join(args, " "), code, stdout.String()+stderr.String())
			}
		}
	}
}
