package command

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/review"
	"github.com/airlock-go/airlock/internal/rule"
)

// explain prints the page of a rule, or why a function has its effects.
func explain(ctx context.Context, inv invocation) error {
	var flags loadFlags
	set := newFlags()
	flags.register(set)
	if err := parse(set, inv); err != nil {
		return err
	}
	args := set.Args()
	if len(args) == 0 {
		return fmt.Errorf("explain: what? usage: airlockvet %s", inv.command.synopsis)
	}
	if _, err := rule.Parse(args[0]); err == nil || analyzerOf(args[0]) != nil || len(args) == 1 && looksLikeRule(args[0]) {
		return explainTopic(inv.stdout, args[0])
	}
	return flags.explainFunc(ctx, inv, args[0], args[1:])
}

// looksLikeRule reports whether a name can only be a rule's, misspelt perhaps: lower-case words with a hyphen or a slash but no dot.
func looksLikeRule(name string) bool {
	return name == strings.ToLower(name) && strings.ContainsAny(name, "-/") && !strings.Contains(name, ".")
}

func (f *loadFlags) explainFunc(ctx context.Context, inv invocation, name string, patterns []string) error {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	opts, err := f.options(patterns, []*analysis.Analyzer{review.Analyzer})
	if err != nil {
		return err
	}
	s, err := f.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	program := review.Of(s)
	found := program.Find(name)
	if len(found) == 0 {
		return fmt.Errorf("%q is no rule, and no function of %s that is exported or has an effect; airlockvet effects lists those that have, airlockvet help the rules",
			name, strings.Join(patterns, " "))
	}
	for i, fn := range found {
		if i > 0 {
			fmt.Fprintln(inv.stdout)
		}
		if err := program.Explain(inv.stdout, s.Root, fn); err != nil {
			return err
		}
	}
	return f.verdict(s, false)
}
