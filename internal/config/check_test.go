package config_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

const shop = `package shop

type Client struct{ transport; Post func() }

type transport struct{}

func (*Client) Send() {}
func (transport) Close() {}

type Subscriber interface { Consume() }

type Shop interface { Subscriber; Store }

type Store interface { Save(ctx any, name string) }

type Repo[T any] struct{}
func (*Repo[T]) Save() {}

var Hook func()
var Limit int

func WithTx(ctx any, fn func() error) error { return nil }
func With(n int, options *Options) {}
type Options struct { Do func() }
`

func load(t *testing.T, path, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "shop.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func TestCheck(t *testing.T) {
	pkg := load(t, "example.com/shop/v2", shop)
	tests := []struct{ text, want string }{
		{`effects: [{func: "(*example.com/shop/v2.Client).Send", kind: mail}]`, ""},
		{`effects: [{func: "example.com/shop.Client.Send", kind: mail}]`, ""},
		{`effects: [{func: "(*example.com/shop.Repo).Save", kind: mail}, {func: "(*example.com/shop.Repo[T]).Save", kind: mail}]`, ""},
		{`effects: [{func: example.com/shop.Hook, kind: mail}, {func: "(example.com/shop.Client).Post", kind: http}]`, ""},
		{`effects: [{func: example.com/other.Nothing, kind: mail}]`, ""},
		{`effects: [{func: "(*example.com/shop.Client).Sned", kind: mail}]`,
			`f.yml:1: (*example.com/shop.Client).Sned names no function of package example.com/shop/v2 (did you mean "(*example.com/shop/v2.Client).Send"?)`},
		{`effects: [{func: example.com/shop.Limit, kind: mail}]`, `f.yml:1: example.com/shop.Limit names no function`},
		{`effects: [{func: "(*example.com/shop.Client).Close", kind: mail}]`,
			`f.yml:1: (*example.com/shop.Client).Close is declared elsewhere: write (example.com/shop/v2.transport).Close`},
		{`transactions: [{func: example.com/shop.WithTx, callback: 1}, {func: example.com/shop.With, callback: 1}]`, ""},
		{`transactions: [{func: example.com/shop.With, callback: 0}]`, `f.yml:1: parameter 0 of example.com/shop.With is no function`},
		{`transactions: [{func: example.com/shop.WithTx, callback: 2}]`, `f.yml:1: example.com/shop.WithTx has no parameter 2`},
		{"transactions:\n- begin: example.com/shop.WithTx\n  end:\n  - example.com/shop.Missing", `f.yml:4: example.com/shop.Missing names no function`},
		{`scoped: [example.com/shop.WithTxx]`, `f.yml:1: example.com/shop.WithTxx names no function of package example.com/shop/v2 (did you mean "example.com/shop/v2.WithTx"?)`},
		{`bindings: [{method: (example.com/shop.Subscriber).Consume, to: (*example.com/shop.Client).Send}]`, ""},
		{`bindings: [{method: example.com/shop.Hook, to: "example.com/shop.With$1"}, {method: (example.com/shop.Client).Post, to: "example.com/shop.init$2"}]`, ""},
		{`bindings: [{method: (example.com/shop.Shop).Consume, to: (*example.com/shop.Client).Send}]`, ""}, // as it is called
		{`bindings: [{method: (example.com/shop.Client).Close, to: (*example.com/shop.Client).Send}]`, `is declared elsewhere: write (example.com/shop/v2.transport).Close`},
		{`bindings: [{method: (*example.com/shop.Client).Send, to: (*example.com/shop.Client).Send}]`, `is no method of an interface`},
		{`bindings: [{method: (example.com/shop.Subscriber).Consume, to: (example.com/shop.Subscriber).Consume}]`, `is a method of an interface, not of an implementation`},
		{`bindings: [{method: (example.com/shop.Store).Save, to: (*example.com/shop.Client).Send, requires: [0]}]`, ""},
		{"bindings:\n- method: (example.com/shop.Store).Save\n  to: (*example.com/shop.Client).Send\n  requires: [1]",
			`f.yml:2: parameter 1 of (example.com/shop.Store).Save is no context (they are counted from 0)`},
		{`bindings: [{method: (example.com/shop.Store).Save, to: (*example.com/shop.Client).Send, requires: [0, 2]}]`,
			`f.yml:1: (example.com/shop.Store).Save has no parameter 2`},
	}
	for _, test := range tests {
		err := parse(t, test.text).Check([]*types.Package{pkg}, nil)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s\n\tfails with %v", test.text, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s\n\tfails with %v\n\twant       %s", test.text, err, test.want)
		}
	}
}

func TestCheckOfExportData(t *testing.T) {
	pkg := load(t, "example.com/shop", shop)
	exported := func(*types.Package) bool { return true }
	c := parse(t, "effects: [{func: example.com/shop.hidden, kind: mail}]")
	if err := c.Check([]*types.Package{pkg}, exported); err != nil {
		t.Errorf("a name that export data leaves out is an error: %v", err)
	}
	c = parse(t, "effects: [{func: example.com/shop.Absent, kind: mail}]")
	if err := c.Check([]*types.Package{pkg}, exported); err == nil {
		t.Error("an exported name that the package lacks is no error")
	}
}
