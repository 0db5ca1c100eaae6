package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/airlock-go/airlock/analyzers"
	"github.com/airlock-go/airlock/internal/rule"
)

// Every rule has a page, every page a rule.
func TestRulesHavePages(t *testing.T) {
	want := map[string]bool{}
	for _, r := range rule.All {
		want[r.Analyzer+"-"+r.Name+".md"] = true
	}
	files, err := filepath.Glob("rules/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if !want[name] && name != "README.md" {
			t.Errorf("docs/rules/%s is the page of no rule", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("docs/rules/%s is missing", name)
	}
}

// Every analyzer's rules are those that the vocabulary lists for it.
func TestSuiteHasTheRules(t *testing.T) {
	var suite, listed []string
	for _, a := range analyzers.Suite {
		suite = append(suite, a.Name)
	}
	for _, r := range rule.All {
		if !slices.Contains(listed, r.Analyzer) {
			listed = append(listed, r.Analyzer)
		}
	}
	slices.Sort(suite)
	slices.Sort(listed)
	if !slices.Equal(suite, listed) {
		t.Errorf("the suite is %v, the rules are those of %v", suite, listed)
	}
}

// An example is a block of Go on a rule's page.
type example struct {
	rule    rule.Rule
	dir     string // of its package
	section string // Bad, Good
	code    string
}

var (
	section   = regexp.MustCompile(`(?m)^## (.*)$`)
	yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")
)

// examples reads the blocks of a page. Those under Bad are reported, those under Good are silent.
func examples(t *testing.T, r rule.Rule) (found []example, settings string) {
	t.Helper()
	page := r.Analyzer + "-" + r.Name
	text := read(t, "docs/rules/"+page+".md")
	if !strings.HasPrefix(text, "# "+r.String()+"\n") {
		t.Errorf("docs/rules/%s.md does not begin with its rule, # %s", page, r)
	}
	starts := section.FindAllStringSubmatchIndex(text, -1)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		name := text[at[2]:at[3]]
		for k, block := range goBlock.FindAllStringSubmatch(text[at[1]:end], -1) {
			dir := fmt.Sprintf("%s/%s%d", page, strings.ToLower(name), k)
			found = append(found, example{rule: r, dir: dir, section: name, code: block[1]})
		}
	}
	if m := yamlBlock.FindStringSubmatch(text); m != nil {
		settings = m[1]
	}
	return found, settings
}

// Each rule's page has a bad example, in which the rule is reported, and a good one, in which no rule is. They compile against the
// real runtime. The first block of YAML on a page is the configuration under which its examples are judged.
func TestRuleExamples(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	modules := []string{}
	for _, r := range rule.All {
		if _, err := os.Stat(filepath.Join("rules", r.Analyzer+"-"+r.Name+".md")); err != nil {
			continue // TestRulesHavePages says so
		}
		found, settings := examples(t, r)
		page := r.Analyzer + "-" + r.Name
		modules = append(modules, page)
		write(t, dir, page+"/go.mod", fmt.Sprintf("module example.com/%s\n\ngo 1.25.0\n", page))
		if settings != "" {
			write(t, dir, page+"/.airlock.yml", settings)
		}
		for _, e := range found {
			write(t, dir, e.dir+"/example.go", e.code)
		}
		all = append(all, found...)
	}
	reported := analyse(t, dir, modules)
	for _, e := range all {
		got := reported["example.com/"+e.dir]
		switch e.section {
		case "Bad":
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, e.rule.String()+":") }) {
				t.Errorf("%s: the bad example is not reported by the rule, but %q", e.dir, got)
			}
		case "Good":
			if len(got) > 0 {
				t.Errorf("%s: the good example is reported: %q", e.dir, got)
			}
		}
	}
	for _, r := range rule.All {
		for _, name := range []string{"Bad", "Good"} {
			has := func(e example) bool { return e.rule == r && e.section == name }
			if slices.Contains(modules, r.Analyzer+"-"+r.Name) && !slices.ContainsFunc(all, has) {
				t.Errorf("docs/rules/%s-%s.md has no Go under ## %s", r.Analyzer, r.Name, name)
			}
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// analyse runs the suite over a workspace of the modules and the runtime, and returns what is reported, by package.
func analyse(t *testing.T, dir string, modules []string) map[string][]string {
	t.Helper()
	runtime, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	work := "go 1.25.0\n\nuse " + runtime + "\n"
	var patterns []string
	for _, m := range modules {
		work += "use ./" + m + "\n"
		patterns = append(patterns, "./"+m+"/...")
	}
	write(t, dir, "go.work", work)
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir, Env: append(os.Environ(), "GOWORK=", "GOFLAGS=")}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Errorf("%s does not compile: %v", pkg.PkgPath, err)
		}
	}
	graph, err := checker.Analyze(analyzers.Suite, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	reported := map[string][]string{}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%v: %v", act, act.Err)
		}
		for _, d := range act.Diagnostics {
			path := act.Package.PkgPath
			reported[path] = append(reported[path], act.Analyzer.Name+"/"+d.Category+": "+d.Message)
		}
	}
	return reported
}
