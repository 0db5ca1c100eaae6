package effects_test

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"go/types"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/internal/passes/effects"
)

// load reads the fixtures once for all tests that look at facts and results.
var load = sync.OnceValues(func() ([]*packages.Package, error) {
	cfg := &packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: "../../../testdata/src"}
	return packages.Load(cfg, "./effects/...")
})

// analyze runs the analyzers over the fixtures.
func analyze(t *testing.T, analyzers ...*analysis.Analyzer) *checker.Graph {
	t.Helper()
	pkgs, err := load()
	if err != nil {
		t.Fatal(err)
	}
	g, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// actions returns the actions of the effects analyzer on the fixtures below ./effects/DIR, by package.
func actions(g *checker.Graph, dir string) []*checker.Action {
	var acts []*checker.Action
	for a := range g.All() {
		if a.Analyzer == effects.Analyzer && strings.HasPrefix(a.Package.PkgPath, "example.com/fixtures/effects/"+dir) {
			acts = append(acts, a)
		}
	}
	slices.SortFunc(acts, func(a, b *checker.Action) int { return cmp.Compare(a.Package.PkgPath, b.Package.PkgPath) })
	return acts
}

// encode writes the facts of an action's own functions, as a driver does, each with the size that it adds to the stream.
func encode(t *testing.T, a *checker.Action) (stream []byte, sizes map[string]int) {
	t.Helper()
	facts := a.AllObjectFacts()
	slices.SortFunc(facts, func(x, y analysis.ObjectFact) int { return cmp.Compare(nameOf(x), nameOf(y)) })
	var b bytes.Buffer
	enc := gob.NewEncoder(&b)
	if err := enc.Encode(new(effects.Summary)); err != nil { // the type's description
		t.Fatal(err)
	}
	sizes = map[string]int{}
	for _, f := range facts {
		if f.Object.Pkg() != a.Package.Types {
			continue
		}
		before := b.Len()
		if err := enc.Encode(f.Fact); err != nil {
			t.Fatal(err)
		}
		sizes[nameOf(f)] = b.Len() - before
	}
	for _, f := range a.AllPackageFacts() {
		if f.Package == a.Package.Types {
			if err := enc.Encode(f.Fact); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.Bytes(), sizes
}

func nameOf(f analysis.ObjectFact) string {
	if fn, ok := f.Object.(*types.Func); ok {
		return effects.FullName(fn)
	}
	return f.Object.Pkg().Path() + "." + f.Object.Name()
}

func TestFactsAreTheSameOnEveryRun(t *testing.T) {
	var first [][]byte
	for run := range 20 {
		var streams [][]byte
		for _, a := range actions(analyze(t, effects.Analyzer), "") {
			stream, _ := encode(t, a)
			streams = append(streams, stream)
		}
		if run == 0 {
			first = streams
			continue
		}
		for i := range streams {
			if !bytes.Equal(streams[i], first[i]) {
				t.Fatalf("run %d: the facts of fixture %d differ from those of the first run", run, i)
			}
		}
	}
}

// The budget of facts. Every driver decodes those of all dependencies, and golangci-lint inherits each of them: a function that
// performs one effect takes some hundred bytes, and what one function says can't grow with the program.
const (
	maxFact     = 1200
	averageFact = 220
)

func TestFactsAreSmall(t *testing.T) {
	total, count := 0, 0
	for _, a := range actions(analyze(t, effects.Analyzer), "") {
		_, sizes := encode(t, a)
		for name, size := range sizes {
			if size > maxFact {
				t.Errorf("the fact of %s takes %d bytes, more than %d", name, size, maxFact)
			}
			total += size
			count++
		}
	}
	if count == 0 || total/count > averageFact {
		t.Errorf("%d facts take %d bytes, on average more than %d", count, total, averageFact)
	}
}

func TestPureFunctionsHaveNoFact(t *testing.T) {
	for _, a := range actions(analyze(t, effects.Analyzer), "direct") {
		for _, f := range a.AllObjectFacts() {
			if f.Object.Pkg() == a.Package.Types && (f.Object.Name() == "Pure" || f.Object.Name() == "Printed") {
				t.Errorf("%s has the fact %v", nameOf(f), f.Fact)
			}
		}
	}
}

func TestChains(t *testing.T) {
	want := map[string][]string{
		"transitive.Process":           {"mail: helper → (*notify.Client).Send → (*notify.Client).send → net/smtp.SendMail"},
		"transitive.MethodValue":       {"mail: (*notify.Client).Send → (*notify.Client).send → net/smtp.SendMail"},
		"callback.Effect":              {"mail: helper.Do → send → net/smtp.SendMail"},
		"callback.Literal":             {"mail: helper.Nested → send → net/smtp.SendMail"},
		"callback.Catalogued":          {"mail: catalogued → net/smtp.SendMail"},
		"closure.UsesFactory":          {"mail: send → net/smtp.SendMail"},
		"cycle.Even":                   {"mail: net/smtp.SendMail", "http query: Odd → net/http.Get", "exec: Odd → Third → (*os/exec.Cmd).Run"},
		"queue.Caller":                 {"mail queued: Push → Worker → send → net/smtp.SendMail"},
		"bound/hub.(*Service).Consume": {"mail: (*Service).mail → net/smtp.SendMail"},
	}
	got := map[string][]string{}
	for _, a := range actions(analyze(t, effects.Analyzer), "") {
		r := a.Result.(*effects.Result)
		for _, f := range a.AllObjectFacts() {
			name := strings.NewReplacer("example.com/fixtures/effects/", "").Replace(nameOf(f))
			if strings.HasPrefix(name, "(*") { // (*bound/hub.Service).Consume
				pkg, rest, _ := strings.Cut(name[2:], ".")
				name = pkg + ".(*" + rest
			}
			if f.Object.Pkg() != a.Package.Types || want[name] == nil {
				continue
			}
			for _, p := range f.Fact.(*effects.Summary).Performs {
				got[name] = append(got[name], fmt.Sprintf("%s: %s", p, strings.Join(r.Chain(p), " → ")))
			}
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("chains (-want +got):\n%s", diff)
	}
}

func TestSites(t *testing.T) {
	want := []string{
		"Again: (*net/http.Client).Post http",
		"Answered: (*net/http.Client).Post http used",
		"Asked: (*os/exec.Cmd).Output exec query used",
		"Closed: (*net/http.Client).Post http",
		"Handed: (*net/rpc.Client).Call rpc used",
		"Ignored: (*net/rpc.Client).Call rpc",
		"Mail: net/smtp.SendMail mail",
		"None: (*net/rpc.Client).Call rpc",
		"Ran: (*os/exec.Cmd).CombinedOutput exec",
		"Replied: (*net/rpc.Client).Call rpc used",
		"Written: os.WriteFile fs",
	}
	var got []string
	for _, a := range actions(analyze(t, effects.Analyzer), "direct") {
		for _, s := range a.Result.(*effects.Result).Sites() {
			line := fmt.Sprintf("%s: %s %s", s.Func.Name(), s.Callee, s.Effect)
			if s.Used {
				line += " used"
			}
			got = append(got, line)
		}
	}
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("sites (-want +got):\n%s", diff)
	}
}

// What a tool wrote into the user's module is no place to change anything: its effects are those of the calls of it.
func TestSitesOfGeneratedCode(t *testing.T) {
	want := []string{
		"Blocked: (example.com/fixtures/effects/stub.ledgerReadOnly).Blocked rpc query",
		"Charge: (example.com/fixtures/effects/stub/billing.BillingClient).Charge rpc",
		"Look: (example.com/fixtures/effects/stub/billing.BillingClient).GetReceipt rpc query",
		"Narrow: (example.com/fixtures/effects/stub.charger).Charge rpc",
		"Post: example.com/fixtures/effects/stub/billing.Post http",
		"Remind: net/smtp.SendMail mail",
		"Replace: example.com/fixtures/effects/stub/billing.Replace http",
		"Unnamed: (interface).GetReceipt rpc query",
	}
	var got []string
	for _, a := range actions(analyze(t, effects.Analyzer), "stub") {
		for _, s := range a.Result.(*effects.Result).Sites() {
			got = append(got, fmt.Sprintf("%s: %s %s", s.Func.Name(), s.Callee, s.Effect))
		}
	}
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("sites (-want +got):\n%s", diff)
	}
}

func TestTable(t *testing.T) {
	var packages []*effects.Package
	for _, a := range actions(analyze(t, effects.Analyzer), "bound") {
		for _, f := range a.AllPackageFacts() {
			if f.Package == a.Package.Types {
				packages = append(packages, f.Fact.(*effects.Package))
			}
		}
	}
	const method = "(example.com/fixtures/effects/bound/events.Subscriber).Consume"
	want := []string{
		method + " is (*example.com/fixtures/effects/bound/hub.Echo).Consume: mail goroutine",
		method + " is (*example.com/fixtures/effects/bound/hub.Service).Consume: mail",
	}
	var got []string
	for _, b := range effects.NewTable(packages).Bindings {
		for _, p := range b.Performs {
			head, _, _ := strings.Cut(p.String(), ": ")
			got = append(got, b.Method+" is "+b.To+": "+head)
			back, err := effects.ParseBound(p.String())
			if err != nil || back.String() != p.String() {
				t.Errorf("ParseBound(%q) = %v, %v", p.String(), back, err)
			}
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
}

// What one package stores and another calls is bound, unless there is too much of it.
func TestTableOfPlaces(t *testing.T) {
	var packages []*effects.Package
	for _, a := range actions(analyze(t, effects.Analyzer), "stored") {
		for _, f := range a.AllPackageFacts() {
			if f.Package == a.Package.Types {
				packages = append(packages, f.Fact.(*effects.Package))
			}
		}
	}
	want := []string{
		"(example.com/fixtures/effects/stored/service.Service).Send is example.com/fixtures/effects/stored/app.deliver: mail: net/smtp.SendMail",
		"(example.com/fixtures/effects/stored/service.Service).audit is example.com/fixtures/effects/stored/app.Build$1: exec: (*os/exec.Cmd).Run",
	}
	var got []string
	for _, b := range effects.NewTable(packages).Bindings {
		for _, p := range b.Performs {
			got = append(got, b.Method+" is "+b.To+": "+p.String())
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
}

// Of all calls that nothing is known of, a summary keeps the nearest: the list has each.
func TestUnknowns(t *testing.T) {
	want := []string{
		"Looked: effects/unknown/unknown.go:15:42",
		"Twice: effects/unknown/unknown.go:11:8",
		"Twice: effects/unknown/unknown.go:12:22",
	}
	var got []string
	for _, a := range actions(analyze(t, effects.Analyzer), "unknown") {
		r := a.Result.(*effects.Result)
		for _, f := range a.AllObjectFacts() {
			if fn, ok := f.Object.(*types.Func); ok && fn.Pkg() == a.Package.Types {
				for _, pos := range r.Unknowns(fn) {
					got = append(got, fn.Name()+": "+pos)
				}
			}
		}
	}
	slices.Sort(got)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("unknown calls (-want +got):\n%s", diff)
	}
}
