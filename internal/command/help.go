package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/airlock-go/airlock/docs/rules"
	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/rule"
)

const helpHead = `airlockvet finds side effects that escape: mail sent inside a transaction, a webhook posted from a model
method, an enqueue without a scope.

usage: airlockvet [flags] [packages]
       airlockvet SUBCOMMAND
       go vet -vettool=$(which airlockvet) [packages]

subcommands:
`

const helpTail = `
rules (airlockvet explain RULE says more):
%s
exit codes: 0 nothing found, 1 airlockvet failed, 3 findings (with -json: 0). Findings that the configuration calls warnings or
notes are printed and don't fail the run.

Configuration: %s beside go.work or go.mod, or the file that -config or %s names; airlockvet init writes one.
In the source: //airlock:allow RULE REASON [until=YYYY-MM-DD], //airlock:effect, //airlock:effects, //airlock:pure, //airlock:scoped.
Flags: airlockvet -h, airlockvet SUBCOMMAND -h. Documentation: https://github.com/airlock-go/airlock
`

// help prints what there is, or what a rule or subcommand is about.
func help(ctx context.Context, inv invocation) error {
	if len(inv.args) == 0 {
		printHelp(inv.stdout)
		return nil
	}
	for _, sub := range subcommands() {
		if sub.name == inv.args[0] {
			_, err := fmt.Fprintf(inv.stdout, "usage: airlockvet %s\n\n%s\n", sub.synopsis, sub.summary)
			return err
		}
	}
	return explainRule(inv.stdout, inv.args[0])
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, helpHead)
	for _, sub := range subcommands() {
		fmt.Fprintf(w, "  %-36s %s\n", sub.synopsis, sub.summary)
	}
	fmt.Fprintf(w, helpTail, ruleList(), config.FileName, config.EnvFile)
}

// ruleList lists the rules, an analyzer a line.
func ruleList() string {
	var b strings.Builder
	last := ""
	for _, r := range rule.All {
		if r.Analyzer != last {
			if last != "" {
				b.WriteByte('\n')
			}
			last = r.Analyzer
			fmt.Fprintf(&b, "  %-11s", r.Analyzer)
		}
		b.WriteString(" " + r.Name)
		if r.Off {
			b.WriteString(" (off)")
		}
	}
	b.WriteByte('\n')
	return b.String()
}

func explainRule(w io.Writer, name string) error {
	r, err := rule.Parse(name)
	if err != nil {
		return err
	}
	page, err := rules.Page(r)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, page)
	return err
}
