package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/report"
	"github.com/airlock-go/airlock/internal/report/listing"
	"github.com/airlock-go/airlock/internal/review"
	"github.com/airlock-go/airlock/internal/rule"
)

// initialise writes a configuration that changes nothing, and says in comments what there is to change in this program.
func initialise(ctx context.Context, inv invocation) error {
	var flags loadFlags
	set := newFlags()
	flags.register(set)
	if err := parseNone(set, inv); err != nil {
		return err
	}
	file := flags.config
	flags.config = "" // it is not there yet
	opts, err := flags.options([]string{"./..."}, []*analysis.Analyzer{listing.Analyzer})
	if err != nil {
		return err
	}
	s, err := flags.load(ctx, inv, opts)
	if err != nil {
		return err
	}
	if file == "" {
		file = filepath.Join(s.Root, config.FileName)
	}
	// O_EXCL: what somebody wrote is not written over.
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: remove it first, or edit it", file)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(commented(listing.Of(s)))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(inv.stderr, "airlockvet: wrote %s\n", report.Relative(s.Root, file))
	return nil
}

const configHead = `# Settings of airlockvet, the same under every driver. As it stands, this file changes nothing.
# yaml-language-server: $schema=https://raw.githubusercontent.com/airlock-go/airlock/main/internal/config/schema.json

# Which kinds of effect are reported: their commands, when on. In this program:
kinds: {}
`

const configTail = `
# Functions that perform an effect which the analysis can't see.
# effects:
#   - {func: "(*example.com/sms.Client).Send", kind: notify}
effects: []

# Functions that open or run a database transaction, where that can't be told from their code.
# transactions:
#   - {func: example.com/store.WithTx, callback: 1}
transactions: []

# What packages are for. domain: no effects; adapter: its commands are effects to the rest of the program.
# packages:
#   - {path: example.com/shop/domain/..., role: domain}
%spackages: []

# Functions whose framework hands them a context with a scope.
# scoped:
#   - example.com/web.Handle
scoped: []

# Which implementations interface methods stand for, under go vet and golangci-lint: airlockvet bind -w writes it.
bindings: []
`

// commented returns a configuration whose comments tell of the program's own effects.
func commented(sites []listing.Site) []byte {
	var out bytes.Buffer
	out.WriteString(configHead)
	calls := map[string]int{}
	for _, s := range sites {
		if s.Command {
			calls[s.Kind]++
		}
	}
	for kind := range effect.Kinds() {
		state := "off"
		if kind.EnabledByDefault() {
			state = "on"
		}
		called := ""
		if n := calls[kind.String()]; n > 0 {
			called = "(" + report.Count(n, "call") + ")"
		}
		fmt.Fprintln(&out, strings.TrimSpace(fmt.Sprintf("#   %-8s %-3s %s", kind, state, called)))
	}
	out.WriteString("\n# How severe the findings of a rule are: off, note, warning or error. Only errors fail a run. The rules:\nrules: {}\n")
	for _, r := range rule.All {
		state := "error"
		if r.Off {
			state = "off"
		}
		fmt.Fprintf(&out, "#   %s: %s\n", r, state)
	}
	fmt.Fprintf(&out, configTail, performers(sites))
	return out.Bytes()
}

// performers tells, in comments, in which packages what is reported leaves most: candidates for adapters.
func performers(sites []listing.Site) string {
	calls := map[string]int{}
	for _, s := range sites {
		if kind, err := effect.ParseKind(s.Kind); err == nil && kind.EnabledByDefault() && s.Command {
			calls[review.PackageOf(s.Func)]++
		}
	}
	if len(calls) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("# Most effects leave in:\n")
	for _, pkg := range slices.SortedFunc(maps.Keys(calls), func(a, b string) int {
		return cmp.Or(cmp.Compare(calls[b], calls[a]), cmp.Compare(a, b))
	})[:min(5, len(calls))] {
		fmt.Fprintf(&out, "#   %s (%s)\n", pkg, report.Count(calls[pkg], "call"))
	}
	return out.String()
}
