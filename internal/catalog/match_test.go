package catalog_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/airlock-go/airlock/internal/catalog"
	"github.com/airlock-go/airlock/internal/effect"
)

// world type-checks packages, given by path, that may import those before them.
type world map[string]*types.Package

func (w world) Import(path string) (*types.Package, error) {
	if p := w[path]; p != nil {
		return p, nil
	}
	return importer.Default().Import(path)
}

func (w world) add(t *testing.T, path, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path+".go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: w}).Check(path, fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w[path] = pkg
	return pkg
}

// lookup finds F or T.M in a package; M may be promoted.
func lookup(t *testing.T, pkg *types.Package, member string) types.Object {
	t.Helper()
	name, method, ok := strings.Cut(member, ".")
	obj := pkg.Scope().Lookup(name)
	if obj == nil {
		t.Fatalf("no %s in %s", name, pkg.Path())
	}
	if ok {
		obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
	}
	if obj == nil {
		t.Fatalf("no %s in %s", member, pkg.Path())
	}
	return obj
}

const services = `
module example.com/mail/v3 v3.1.0
moved example.com/post/mail
mail        cmdable.Send
mail        Bus.Publish
mail        Sender.Send        implementers
mail        Index                              # a function type
mail        Client.Hook                        # a field of function type
channel queue  Producer.Input
mail query  Client.Get*
none        Client.GetToken
mail        Client.*
mail        Admin.*            named
package example.com/mail/v3/gen/...
rpc         Client.Put*

module gopkg.in/old.v2 v2.0.0
mail        Send

module example.com/framework v1.0.0
package * imports example.com/framework
rpc         Client.Do
`

const mailSrc = `package mail
import "context"

type cmdable func()
func (cmdable) Send() {}
type Client struct { cmdable; Hook func(); Do Index }
func (*Client) GetUser() {}
func (*Client) GetToken() {}
func (*Client) Delete() {}
type Index func(string) error
type Admin struct{}
func (*Admin) Name() string { return "" }
func (*Admin) GetUser() error { return nil }
func (*Admin) AddUser() error { return nil }
func (*Admin) Purge(context.Context) {}
func (*Admin) Close() error { return nil }
func (*Admin) NewBatch(context.Context) (int, error) { return 0, nil }
type Bus[T any] interface { Publish(T) }
type Sender interface { Send(m Message) error }
type Message struct{}
type Producer interface { Input() chan<- Message }
func Unlisted() {}
`

func TestMatching(t *testing.T) {
	c, err := catalog.Parse("f.txt", services)
	if err != nil {
		t.Fatal(err)
	}
	w := world{}
	mail := w.add(t, "example.com/mail/v4", mailSrc)
	earlier := w.add(t, "example.com/post/mail/v2", "package mail\ntype Client struct{}\nfunc (Client) GetUser() {}")
	old := w.add(t, "gopkg.in/old.v3", "package old\nfunc Send() {}")
	gen := w.add(t, "example.com/mail/gen/a/b", "package b\ntype Client struct{}\nfunc (Client) PutThing() {}\nfunc (Client) GetThing() {}")
	w.add(t, "example.com/framework", "package framework")
	generated := w.add(t, "example.com/app/pb", "package pb\nimport _ \"example.com/framework\"\ntype Client interface { Do() }")
	plain := w.add(t, "example.com/app/plain", "package plain\ntype Client interface { Do() }")
	impl := w.add(t, "example.com/app/smtp", `package smtp
import mail "example.com/mail/v4"
type Good struct{}
func (*Good) Send(m mail.Message) error { return nil }
type Other struct{}
func (Other) Send(m string) error { return nil }
type Bus struct { mail.Bus[int] }
`)
	tests := []struct {
		how    string
		pkg    *types.Package
		member string
		want   string // "" for no line
	}{
		{"modulo the major version, promoted under the unexported type", mail, "Client.Send", "mail"},
		{"a pattern", mail, "Client.GetUser", "mail query"},
		{"an exact line wins over a pattern", mail, "Client.GetToken", "none"},
		{"the pattern that stands first wins", mail, "Client.Delete", "mail"},
		{"the method of a generic interface", mail, "Bus.Publish", "mail"},
		{"embedded in another package's type", impl, "Bus.Publish", "mail"},
		{"whatever implements the interface", impl, "Good.Send", "mail"},
		{"the same name with another signature", impl, "Other.Send", ""},
		{"named, and it reads", mail, "Admin.GetUser", "mail query"},
		{"named, and it may fail", mail, "Admin.AddUser", "mail"},
		{"named, and it can be cancelled", mail, "Admin.Purge", "mail"},
		{"named, and it asks nobody", mail, "Admin.Name", "none"},
		{"named, and it closes the client", mail, "Admin.Close", "none"},
		{"named, and it makes what is handed to the client", mail, "Admin.NewBatch", "none"},
		{"no line", mail, "Unlisted", ""},
		{"the path that the module had before", earlier, "Client.GetUser", "mail query"},
		{"gopkg.in's major version", old, "Send", "mail"},
		{"a pattern of packages", gen, "Client.PutThing", "rpc"},
		{"a pattern of packages, another verb", gen, "Client.GetThing", ""},
		{"generated code, by what it imports", generated, "Client.Do", "rpc"},
		{"the same name in a package that doesn't", plain, "Client.Do", ""},
	}
	for _, tt := range tests {
		fn := lookup(t, tt.pkg, tt.member).(*types.Func)
		if got := describe(c.Func(fn)); got != tt.want {
			t.Errorf("%s: Func(%s) = %q, want %q", tt.how, fn.FullName(), got, tt.want)
		}
	}
}

func describe(e catalog.Entry, ok bool) string {
	switch {
	case !ok:
		return ""
	case e.Class == catalog.Effect:
		return e.Effect.String()
	}
	return e.Class.String()
}

func TestFieldsAndChannels(t *testing.T) {
	c, err := catalog.Parse("f.txt", services)
	if err != nil {
		t.Fatal(err)
	}
	mail := world{}.add(t, "example.com/mail", mailSrc)
	client := mail.Scope().Lookup("Client").Type()
	for field, want := range map[string]string{"Hook": "mail", "Do": "mail"} {
		v := lookup(t, mail, "Client."+field).(*types.Var)
		if got := describe(c.Field(types.NewPointer(client), v)); got != want {
			t.Errorf("Field(Client.%s) = %q, want %q", field, got, want)
		}
	}
	if e, ok := c.Send(lookup(t, mail, "Producer.Input").(*types.Func)); !ok || e.Effect != effect.Command(effect.Queue) {
		t.Errorf("Send(Producer.Input) = %v, %v, want a queue command", e.Effect, ok)
	}
	if _, ok := c.Send(lookup(t, mail, "Client.GetUser").(*types.Func)); ok {
		t.Error("Send accepts a function that returns no channel")
	}
}

// TestResolve asks the embedded catalog about calls of std functions whose constant arguments decide.
func TestResolve(t *testing.T) {
	str, num := constant.MakeString, constant.MakeInt64
	redis := catalog.Entry{Effect: effect.Command(effect.Cache), Decides: catalog.ByVerb}
	rpc := catalog.Entry{Effect: effect.Command(effect.RPC), Decides: catalog.ByRPC}
	method := catalog.Entry{Effect: effect.Command(effect.HTTP), Decides: catalog.ByMethod}
	flags := catalog.Entry{Effect: effect.Command(effect.FS), Decides: catalog.ByFlags}
	tests := []struct {
		entry catalog.Entry
		arg   constant.Value
		want  string
	}{
		{method, str("GET"), "http query"}, {method, str(""), "http query"}, {method, str("POST"), "http"}, {method, nil, "http"},
		{method, num(1), "http"},
		{redis, str("GET"), "cache query"}, {redis, str("set"), "cache"}, {redis, nil, "cache"},
		{rpc, str("/shop.Orders/GetOrder"), "rpc query"}, {rpc, str("/shop.Orders/Gettysburg"), "rpc"}, {rpc, str("/shop.Orders/PlaceOrder"), "rpc"},
		{rpc, str("Arith.List"), "rpc query"}, {rpc, str(""), "rpc"},
		{flags, num(0), "fs query"}, {flags, num(1), "fs query"}, {flags, num(0x41), "fs"}, {flags, num(0x601), "fs"}, {flags, nil, "fs"},
	}
	for _, tt := range tests {
		got := tt.entry.Resolve(func(int) (constant.Value, bool) { return tt.arg, tt.arg != nil })
		if got.String() != tt.want {
			t.Errorf("Resolve(%v, %v) = %v, want %s", tt.entry.Decides, tt.arg, got, tt.want)
		}
	}
}

func TestHandlers(t *testing.T) {
	c, err := catalog.Parse("f.txt", `
module example.com/river v0.1.0
handler  Worker.Work
handles  Mux.HandleFunc  arg=1
handles  HandlerFunc
`)
	if err != nil {
		t.Fatal(err)
	}
	w := world{}
	river := w.add(t, "example.com/river", `package river
type Job[T any] struct { Args T }
type Worker[T any] interface { Timeout(*Job[T]) int; Work(*Job[T]) error }
type Defaults[T any] struct{}
func (Defaults[T]) Timeout(*Job[T]) int { return 0 }
type Mux struct{}
func (*Mux) HandleFunc(string, func()) {}
type HandlerFunc func()
`)
	app := w.add(t, "example.com/app", `package app
import "example.com/river"
type Args struct{}
type Mail struct { river.Defaults[Args] }
func (*Mail) Work(*river.Job[Args]) error { return nil }
type Half struct{}
func (*Half) Work(*river.Job[Args]) error { return nil }
type Wrong struct { river.Defaults[Args] }
func (*Wrong) Work(*river.Job[string]) error { return nil }
`)
	for member, want := range map[string]bool{"Mail.Work": true, "Half.Work": false, "Wrong.Work": false} {
		if got := c.Handles(lookup(t, app, member).(*types.Func)); got != want {
			t.Errorf("Handles(%s) = %v, want %v", member, got, want)
		}
	}
	if got, ok := c.Worker(lookup(t, river, "Mux.HandleFunc").(*types.Func)); !ok || got.Handler != 1 {
		t.Errorf("Worker(Mux.HandleFunc) = %+v, %v, want its second argument", got, ok)
	}
	if !c.HandlerType(river.Scope().Lookup("HandlerFunc").Type()) || c.HandlerType(river.Scope().Lookup("Mux").Type()) {
		t.Error("HandlerType: want HandlerFunc and not Mux")
	}
}

func TestTransactionsAndCaptures(t *testing.T) {
	c := catalog.Default()
	w := world{}
	sql, err := w.Import("database/sql")
	if err != nil {
		t.Fatal(err)
	}
	for member, want := range map[string]string{
		"DB.Begin":    "begin {Result:true Index:0}",
		"Tx.Commit":   "commit {Result:false Index:-1}",
		"Tx.Rollback": "rollback {Result:false Index:-1}",
	} {
		got, ok := c.Transaction(lookup(t, sql, member).(*types.Func))
		if s := fmt.Sprintf("%v %+v", got.Role, got.Tx); !ok || s != want {
			t.Errorf("Transaction(%s) = %s, want %s", member, s, want)
		}
	}
	tx := sql.Scope().Lookup("Tx").Type()
	if !c.IsTx(types.NewPointer(tx)) || c.IsTx(sql.Scope().Lookup("DB").Type()) {
		t.Error("IsTx: want *sql.Tx and not sql.DB")
	}
	if what, ok := c.Captured(types.NewPointer(tx)); !ok || what != "a transaction" {
		t.Errorf("Captured(*sql.Tx) = %q, %v", what, ok)
	}
	db := lookup(t, sql, "DB.Query").(*types.Func)
	if _, ok := c.Transaction(db); ok || c.NoReturn(db) {
		t.Errorf("%v has no part in a transaction, and returns", db)
	}
}

func TestPackage(t *testing.T) {
	c := catalog.Default()
	for path, want := range map[string]bool{
		"net/http": true, "net/smtp": true, "os/exec": true, "github.com/minio/minio-go/v7": true,
		"github.com/aws/aws-sdk-go-v2/service/anything": true, "google.golang.org/api/drive/v3": true,
		"database/sql": false, "os": false, "net": false, "fmt": false, "go.uber.org/zap": false,
	} {
		if got := c.Package(path); got != want {
			t.Errorf("Package(%s) = %v, want %v", path, got, want)
		}
	}
}
