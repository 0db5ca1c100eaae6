package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/driver"
	"github.com/airlock-go/airlock/internal/report"
)

// mailed is a finding in function fn of a package, at a line of its file.
func mailed(pkg, fn string, line int) report.Finding {
	path, _, _ := strings.Cut(pkg, " ")
	at := driver.Position{File: "/src/" + path + "/a.go", Line: line, Col: 3}
	return report.Finding{Finding: driver.Finding{
		Package: pkg, Analyzer: "noescape", Category: "direct", Message: "mail leaves", Pos: at, End: at, Raw: at,
		Func: path + "." + fn, Sink: "net/smtp.SendMail", Chain: []driver.Step{{Func: "net/smtp.SendMail", Pos: path + "/a.go:9:2"}},
	}}
}

func TestSummary(t *testing.T) {
	few := []report.Finding{mailed("shop", "A", 1)}
	many := []report.Finding{
		mailed("a", "A", 1), mailed("b", "A", 1), mailed("b", "B", 2), mailed("c [c.test]", "A", 1), mailed("c", "B", 2), mailed("c", "C", 3), mailed("d", "A", 1),
	}
	many[0].Category = "transaction"
	for _, test := range []struct {
		name     string
		findings []report.Finding
		want     string
	}{
		{"none", nil, ""},
		{"one", few, "airlockvet: 1 finding in 1 package: noescape/direct 1\n"},
		{"the three worst packages, a test variant counted with its package", many, "airlockvet: 7 findings in 4 packages: noescape/direct 6, noescape/transaction 1; most in c 3, b 2, a 1\n"},
	} {
		var out bytes.Buffer
		report.Summary(&out, test.findings)
		if diff := cmp.Diff(test.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestBaselineGoesByFunctionAndSink(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.txt")
	all := func(string) bool { return true }
	before := []report.Finding{mailed("shop", "A", 1), mailed("shop", "A", 2), mailed("shop", "B", 3)}
	if err := (report.Baseline{}).Update(before, all, true).Write(file); err != nil {
		t.Fatal(err)
	}
	base, err := report.ReadBaseline(file)
	if err != nil {
		t.Fatal(err)
	}
	after := []report.Finding{mailed("shop", "A", 11), mailed("shop", "A", 12), mailed("shop", "A", 13), mailed("shop", "C", 3), mailed("shop [shop.test]", "B", 3)}
	base.Apply(after)
	var open []int
	for _, f := range report.Open(after) {
		open = append(open, f.Pos.Line)
	}
	if diff := cmp.Diff([]int{13, 3}, open); diff != "" {
		t.Errorf("lines of the findings that are left (-want +got):\n%s", diff)
	}
}

func TestBaselineOnlyShrinksUnlessAsked(t *testing.T) {
	key := func(fn string) report.Key {
		return report.Key{"noescape/direct", "shop", "shop." + fn, "net/smtp.SendMail"}
	}
	other := report.Key{"noescape/direct", "other", "other.A", "net/smtp.SendMail"}
	base := report.Baseline{key("A"): 2, key("Gone"): 1, other: 3}
	now := []report.Finding{mailed("shop", "A", 1), mailed("shop", "New", 2)}
	allowed := mailed("shop", "Allowed", 3)
	allowed.Suppressed = &report.Suppression{InSource: true}
	now = append(now, allowed)
	analysed := func(pkg string) bool { return pkg == "shop" }
	if diff := cmp.Diff(report.Baseline{key("A"): 1, other: 3}, base.Update(now, analysed, false)); diff != "" {
		t.Errorf("without -accept-new (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(report.Baseline{key("A"): 1, key("New"): 1, other: 3}, base.Update(now, analysed, true)); diff != "" {
		t.Errorf("with -accept-new (-want +got):\n%s", diff)
	}
}

func TestBadBaselinesSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"what is this\n":                 "base.txt:1: bad baseline: want count, rule, package, function, sink",
		"# head\n\n0\ta\tb\tc\td\n":      `base.txt:3: bad baseline: "0" is no count`,
		"1\ta\tb\tc\td\nmany\ta\tb\tc\t": `base.txt:2: bad baseline: "many" is no count`,
	} {
		file := filepath.Join(t.TempDir(), "base.txt")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := report.ReadBaseline(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadBaseline of %q fails with %v, want %q", text, err, want)
		}
	}
}

func TestAllowsExpireAfterTheirLastDay(t *testing.T) {
	f := mailed("shop", "A", 1).Finding
	f.Allowed = &driver.Allowed{Reason: "until we move", Until: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	severity := func(driver.Finding) (config.Severity, error) { return config.Warning, nil }
	for now, want := range map[string]bool{"2026-03-01T23:59:59Z": false, "2026-03-02T00:00:00Z": true} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		judged, err := report.Judge([]driver.Finding{f}, severity, at)
		if err != nil {
			t.Fatal(err)
		}
		if j := judged[0]; j.Expired != want || (j.Suppressed == nil) != want || j.Severity != config.Warning {
			t.Errorf("at %s it is expired: %v, suppressed: %v; want %v, %v", now, j.Expired, j.Suppressed, want, !want)
		}
	}
}

func TestSARIFFingerprints(t *testing.T) {
	fingerprints := func(findings ...report.Finding) []string {
		var out bytes.Buffer
		if err := report.SARIF(&out, "/src", "/src", "v1", findings); err != nil {
			t.Fatal(err)
		}
		var log struct {
			Runs []struct {
				Results []struct{ PartialFingerprints map[string]string }
			}
		}
		if err := json.Unmarshal(out.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, r := range log.Runs[0].Results {
			all = append(all, r.PartialFingerprints["airlockvet/v1"])
		}
		return all
	}
	before := fingerprints(mailed("shop", "A", 1), mailed("shop", "A", 2), mailed("shop", "B", 3))
	moved := fingerprints(mailed("shop", "A", 101), mailed("shop", "A", 102), mailed("shop", "B", 103))
	if diff := cmp.Diff(before, moved); diff != "" {
		t.Errorf("they change when lines move:\n%s", diff)
	}
	if before[0] == before[1] || before[1] == before[2] {
		t.Errorf("different findings have equal fingerprints: %v", before)
	}
}

func TestSARIFNamesFilesOfTheRepository(t *testing.T) {
	in, outside := mailed("shop", "A", 1), mailed("shop", "B", 2)
	outside.Pos.File = "/elsewhere/ä b.go"
	outside.Chain = []driver.Step{{Func: "net/smtp.SendMail"}}
	var out bytes.Buffer
	if err := report.SARIF(&out, "/src", "/", "v1", []report.Finding{in}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"uri": "src/shop/a.go"`, `"uri": "file:///"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, out.String())
		}
	}
	out.Reset()
	if err := report.SARIF(&out, "/src", "/src", "v1", []report.Finding{outside}); err != nil {
		t.Fatal(err)
	}
	if want := `"uri": "file:///elsewhere/%C3%A4%20b.go"`; !strings.Contains(out.String(), want) {
		t.Errorf("the log has no %s:\n%s", want, out.String())
	}
}

func TestGitHubEscapes(t *testing.T) {
	f := mailed("shop", "A", 7)
	f.Pos.File, f.Message, f.Severity = "/src/a,b:c/100%.go", "50% of\nit", config.Note
	var out bytes.Buffer
	if err := report.GitHub(&out, "/src", []report.Finding{f}); err != nil {
		t.Fatal(err)
	}
	want := "::notice file=a%2Cb%3Ac/100%25.go,line=7,col=3,title=noescape/direct::50%25 of%0Ait\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExcerpt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte("package a\n\n\tä := mail.Send(to)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	f := mailed("shop", "A", 3)
	f.Pos.File, f.Pos.Col, f.End = file, 8, driver.Position{File: file, Line: 3, Col: 17}
	var out bytes.Buffer
	p := report.Printer{Root: filepath.Dir(file), Color: true}
	if err := p.Print(&out, []report.Finding{f}); err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer("\x1b[1m", "", "\x1b[31m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(out.String())
	want := "a.go:3:8: mail leaves (noescape/direct)\n    3 | \tä := mail.Send(to)\n      | \t     ^~~~~~~~~\n"
	if diff := cmp.Diff(want, plain); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFixesThatOverlapAreLeftForTheNextRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte("package a\n\nvar x = 1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	fixed := func(edits ...driver.Edit) report.Finding {
		f := mailed("a", "x", 3)
		f.Fixes = []driver.Fix{{Edits: edits}}
		return f
	}
	shared := driver.Edit{File: file, Start: 11, End: 11, New: "// An import that two need.\n"}
	findings := []report.Finding{
		fixed(shared, driver.Edit{File: file, Start: 19, End: 20, New: "2"}),
		fixed(driver.Edit{File: file, Start: 15, End: 20, New: "y = 3"}),
		fixed(shared),
	}
	fixes := report.CollectFixes(findings)
	if err := fixes.Write(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("package a\n\n// An import that two need.\nvar x = 2\n", string(got)); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}
	if left := fixes.Left(findings); fixes.Applied != 2 || fixes.Skipped != 1 || len(left) != 1 {
		t.Errorf("applied %d, skipped %d, left %d; want 2, 1, 1", fixes.Applied, fixes.Skipped, len(left))
	}
}
