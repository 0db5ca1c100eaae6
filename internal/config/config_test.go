package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/config"
	"github.com/airlock-go/airlock/internal/effect"
	"github.com/airlock-go/airlock/internal/rule"
)

const full = `
kinds:        {exec: off, fs: on}
rules:        {noescape/direct: off, inscope/detached: warning, query-in-transaction: note}
effects:      [{func: "(*example.com/sms.Client).Send", kind: notify, query: false}]
transactions: [{func: example.com/store.WithTx, callback: 1}, {begin: example.com/db.NewSession, end: ["(*xorm.io/xorm.Session).Commit", "(*xorm.io/xorm.Session).Close"]}]
packages:     [{path: example.com/shop/domain/..., role: domain}, {path: example.com/shop/domain/mail, role: adapter}]
scoped:       [example.com/web.Handle]
bindings:     [{method: "(example.com/events.Subscriber).Consume", to: "(*example.com/hub.Service).Consume", performs: [mail]}]
`

func parse(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("f.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParse(t *testing.T) {
	c := parse(t, full)
	if got, want := c.Enabled().String(), "mail, notify, http, rpc, queue, storage, search, payment, infra, other, fs"; got != want {
		t.Errorf("Enabled() = %s, want %s", got, want)
	}
	for name, want := range map[string]config.Severity{
		"noescape/direct": config.Off, "inscope/detached": config.Warning, "noescape/query-in-transaction": config.Note, "noescape/task": config.Error,
	} {
		r, err := rule.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Severity(r); got != want || c.RuleOn(name) != (want != config.Off) {
			t.Errorf("Severity(%s) = %v, on %v; want %v", name, got, c.RuleOn(name), want)
		}
	}
	for path, want := range map[string]config.Role{
		"example.com/shop/domain": config.Domain, "example.com/shop/domain/order": config.Domain,
		"example.com/shop/domain/mail": config.Adapter, "example.com/shop": config.NoRole,
	} {
		if got := c.Role(path); got != want {
			t.Errorf("Role(%s) = %q, want %q", path, got, want)
		}
	}
	e := c.Effects[0]
	if e.Effect() != effect.Command(effect.Notify) || e.Func.String() != "example.com/sms.Client.Send" || e.Func.Pos.String() != "f.yml:4" {
		t.Errorf("effects[0] = %v %v at %v", e.Func, e.Effect(), e.Func.Pos)
	}
	closure, region := c.Transactions[0], c.Transactions[1]
	if closure.Func.Member != "WithTx" || closure.Callback != 1 || region.Begin.Member != "NewSession" || len(region.End) != 2 {
		t.Errorf("transactions = %+v", c.Transactions)
	}
	if b := c.Bindings[0]; b.Method.Member != "Subscriber.Consume" || b.To.Member != "Service.Consume" || !cmp.Equal(b.Performs, []string{"mail"}) {
		t.Errorf("bindings[0] = %+v", b)
	}
	if c.Scoped[0].Member != "Handle" {
		t.Errorf("scoped = %v", c.Scoped)
	}
}

func TestParseJSON(t *testing.T) {
	c := parse(t, `{"kinds": {"exec": "off", "fs": true}, "rules": {"noescape/direct": "off"}, "effects": []}`)
	if c.RuleOn("noescape/direct") || !c.Enabled().Has(effect.Command(effect.FS)) || c.Enabled().Has(effect.Command(effect.Exec)) {
		t.Errorf("JSON settings are read as %+v", c)
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "# a comment\n", "---\n", "kinds:\neffects:\n"} {
		c := parse(t, text)
		if c.Enabled() != effect.Enabled() || !c.RuleOn("noescape/direct") || c.RuleOn("noescape/query-in-transaction") {
			t.Errorf("%q changes the settings", text)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"efects: []":                                `f.yml:1: unknown key "efects" (did you mean "effects"?)`,
		"\nkinds:\n  mial: on":                      `f.yml:3: unknown effect kind "mial" (did you mean "mail"?)`,
		"kinds: {mail: maybe}":                      `f.yml:1: want on or off, not "maybe"`,
		"rules: {noescape/dirct: off}":              `f.yml:1: unknown rule "noescape/dirct" (did you mean "noescape/direct"?)`,
		"rules: {direct: warn}":                     `f.yml:1: unknown severity "warn" (did you mean "warning"?)`,
		"packages: [{path: ./a/..., role: domain}]": `f.yml:1: want an import path, not "./a/..."`,
		"packages: [{path: a, role: domian}]":       `f.yml:1: unknown role "domian" (did you mean "domain"?)`,
		"effects: [{func: a.B}]":                    `f.yml:1: "kind" is missing`,
		"effects: [{fun: a.B, kind: mail}]": `f.yml:1: unknown key "fun" (did you mean "func"?)
f.yml:1: "func" is missing`,
		"effects: {func: a.B}":                      `f.yml:1: want a list`,
		"kinds: [mail]":                             `f.yml:1: want a mapping`,
		"- kinds":                                   `f.yml:1: want a mapping of bindings, effects, kinds, packages, rules, scoped, transactions`,
		"scoped: [[a]]":                             `f.yml:1: want one word`,
		"transactions:\n- {callback: 1}":            `f.yml:2: want "func" and "callback", or "begin" and "end"`,
		"transactions: [{begin: a.B}]":              `f.yml:1: "end" is missing: the methods that end what "begin" opened`,
		"transactions: [{func: a.B, end: [a.C]}]":   `f.yml:1: "end" goes with "begin"`,
		"transactions: [{func: a.B, callback: -1}]": `f.yml:1: want a number, counted from 0, not "-1"`,
		"kinds: {mail: on}\nkinds: {fs: on}":        `f.yml:2: key "kinds" is given twice, first in line 1`,
		"a: b: c":                                   `f.yml:1: mapping values are not allowed in this context`,
		"kinds: {}\n---\nkinds: {}":                 `f.yml:2: a second document: the file holds one`,
		"rules: {allow: off}":                       `f.yml:1: rule "allow" is ambiguous: write noescape/allow or another analyzer's`,
	} {
		_, err := config.Parse("f.yml", []byte(text))
		if err == nil || err.Error() != want {
			t.Errorf("%q\n\tfails with %v\n\twant       %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("kinds: &a {mail: on}\nrules: *a\n"))
	f.Add([]byte(`{"effects": [{"func": "a.B", "kind": "mail"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := config.Parse("f.yml", data)
		if err == nil {
			c.Enabled()
			c.Role("example.com/a")
			return
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if line != "" && !strings.HasPrefix(line, "f.yml:") && !strings.Contains(err.Error(), "f.yml:") {
				t.Errorf("%q: error %q says no line", data, line)
			}
		}
	})
}

// tree writes files and returns their folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestInForce(t *testing.T) {
	t.Setenv(config.EnvFile, "")
	t.Setenv("GOWORK", "")
	root := tree(t, map[string]string{
		"go.work": "", ".airlock.yml": "kinds: {fs: on, exec: off}",
		"shop/go.mod": "", "shop/.airlock.yml": "kinds: {exec: on}\nscoped: [a.B]", "shop/cart/cart.go": "",
		"tools/go.mod": "", "other.yml": "",
	})
	in := func(names ...string) []string {
		for i, name := range names {
			names[i] = filepath.Join(root, name)
		}
		return names
	}
	check := func(explicit, dir string, want []string) []string {
		t.Helper()
		got, err := config.InForce(explicit, filepath.Join(root, dir))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("InForce(%q, %s) (-want +got):\n%s", explicit, dir, diff)
		}
		return got
	}
	files := check("", "shop/cart", in(".airlock.yml", "shop/.airlock.yml"))
	check("", "tools", in(".airlock.yml"))
	check(filepath.Join(root, "other.yml"), "shop", in("other.yml"))
	c, err := config.Load(files...)
	if err != nil {
		t.Fatal(err)
	}
	if set := c.Enabled(); !set.Has(effect.Command(effect.Exec)) || !set.Has(effect.Command(effect.FS)) || len(c.Scoped) != 1 {
		t.Errorf("the module's file is not laid over the workspace's: %v", set)
	}
	t.Run("edited", func(t *testing.T) {
		if err := os.WriteFile(filepath.Join(root, ".airlock.yml"), []byte("kinds: {fs: off}"), 0o644); err != nil {
			t.Fatal(err)
		}
		if c, err := config.Load(files...); err != nil || c.Enabled().Has(effect.Command(effect.FS)) {
			t.Errorf("an edit of the file does not change what is loaded (error %v)", err)
		}
	})
	t.Run("no workspace", func(t *testing.T) {
		t.Setenv("GOWORK", "off")
		check("", "shop", in("shop/.airlock.yml"))
	})
	t.Run("environment", func(t *testing.T) {
		t.Setenv(config.EnvFile, "other.yml")
		t.Chdir(filepath.Join(root, "shop", "cart"))
		check("", "shop", in("other.yml"))
	})
	t.Run("missing", func(t *testing.T) {
		if _, err := config.InForce("absent.yml", root); err == nil {
			t.Error("InForce finds a file that does not exist")
		}
	})
}
