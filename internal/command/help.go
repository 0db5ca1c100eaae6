package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

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
	topic := inv.args[0]
	if sub, ok := subcommandOf(topic); ok && sub.name != inv.command.name {
		inv.command, inv.args = sub, []string{"-h"}
		return sub.run(ctx, inv)
	}
	if topic == inv.command.name || strings.HasPrefix(topic, "-") {
		printHelp(inv.stdout)
		return nil
	}
	if err := explainTopic(inv.stdout, topic); err != nil {
		return fmt.Errorf("%w; airlockvet help lists the subcommands and rules", err)
	}
	return nil
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, helpHead)
	for _, sub := range subcommands() {
		fmt.Fprintf(w, "  %-36s %s\n", sub.synopsis, sub.summary)
	}
	fmt.Fprintf(w, helpTail, ruleList(""), config.FileName, config.EnvFile)
}

func analyzerOf(name string) *analysis.Analyzer {
	i := slices.IndexFunc(suite(), func(a *analysis.Analyzer) bool { return a.Name == name })
	if i < 0 {
		return nil
	}
	return suite()[i]
}

// ruleList lists the rules, an analyzer a line: those of one, or "" for all.
func ruleList(analyzer string) string {
	var b strings.Builder
	last := ""
	for _, r := range rule.All {
		if analyzer != "" && r.Analyzer != analyzer {
			continue
		}
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

// explainTopic says what an analyzer is about, or a rule.
func explainTopic(w io.Writer, name string) error {
	if a := analyzerOf(name); a != nil {
		_, err := fmt.Fprintf(w, "%s: %s\n\nrules (airlockvet explain RULE says more):\n%s", a.Name, strings.TrimSpace(a.Doc), ruleList(a.Name))
		return err
	}
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
