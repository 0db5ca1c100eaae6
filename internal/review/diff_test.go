package review_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/internal/report/effectmap"
	"github.com/airlock-go/airlock/internal/review"
)

// fn makes a function of example.com/shop that reaches each kind ("mail", "http?" for a query, "+task" for an enqueue) through one call.
func fn(name string, body string, effects ...string) review.Function {
	f := review.Function{Name: "example.com/shop." + name, Package: "example.com/shop", Pos: "shop.go:10:6", Asked: true, Exported: true, Entry: review.API}
	for _, line := range strings.Fields(body) {
		f.Body = append(f.Body, uint32(line[0]))
	}
	for _, e := range effects {
		chain := []review.Step{{Func: "net/x." + e, Pos: "shop.go:12:3"}}
		if task, ok := strings.CutPrefix(e, "+"); ok {
			f.Enqueues = append(f.Enqueues, review.Enqueue{Task: task, Pos: "shop.go:13:3"})
			continue
		}
		kind, query := strings.CutSuffix(e, "?")
		f.Performs = append(f.Performs, review.Effect{Kind: kind, Command: !query, Chain: chain})
	}
	return f
}

// through makes a function that reaches an effect through another function of the program.
func through(name, helper, kind string) review.Function {
	f := fn(name, "x y", kind)
	f.Performs[0].Chain = append([]review.Step{{Func: "example.com/shop." + helper, Pos: "shop.go:11:2"}}, f.Performs[0].Chain...)
	return f
}

func program(fs ...review.Function) *review.Program { return &review.Program{Functions: fs} }

// say writes changes in short: "Place +mail -http", "Send(was Post) …".
func say(d *review.Diff) []string {
	lines := []string{}
	for _, c := range d.Changes {
		line := strings.TrimPrefix(c.Func, "example.com/shop.")
		if c.MovedFrom != "" {
			line += "(was " + strings.TrimPrefix(c.MovedFrom, "example.com/shop.") + ")"
		}
		for _, g := range c.Gained {
			line += " +" + g.What()
		}
		for _, l := range c.Lost {
			line += " -" + l.What()
		}
		lines = append(lines, line)
	}
	return lines
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after *review.Program
		want          []string
	}{
		{"nothing", program(fn("Place", "a b c", "mail")), program(fn("Place", "x y z", "mail")), []string{}},
		{"gain", program(fn("Place", "a")), program(fn("Place", "a", "mail")), []string{"Place +mail"}},
		{"loss", program(fn("Place", "a", "mail", "http")), program(fn("Place", "a", "http")), []string{"Place -mail"}},
		{"change", program(fn("Place", "a", "mail")), program(fn("Place", "a", "+shop.Thank")), []string{"Place +enqueue of shop.Thank -mail"}},
		{"query is not command", program(fn("Get", "a", "http?")), program(fn("Get", "a", "http")), []string{"Get +http -http query"}},
		{"new", program(), program(fn("Place", "a", "mail")), []string{"Place +mail"}},
		{"gone", program(fn("Place", "a", "mail")), program(), []string{"Place -mail"}},
		{"renamed", program(fn("Post", "a b c d", "http")), program(fn("Send", "a b c d", "http")), []string{}},
		{"renamed and changed", program(fn("Post", "a b c d", "http")), program(fn("Send", "a b c d e", "http", "mail")), []string{"Send(was Post) +mail"}},
		{"two of one body", program(fn("A", "a b", "http"), fn("B", "c d", "http")), program(fn("C", "c d", "http"), fn("D", "a b", "http")), []string{}},
		{"extracted", program(fn("A", "a", "http"), fn("B", "b", "http")), program(through("A", "do", "http"), through("B", "do", "http"), fn("do", "z", "http")), []string{}},
		{"not alike", program(fn("Post", "a b c d", "http")), program(fn("Send", "x y z", "http"), fn("Get", "q r", "http")), []string{"Get +http", "Send +http", "Post -http"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, say(review.Compare(c.before, c.after, "main", review.Options{}))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestCompareTellsEntryPointsAndCauses(t *testing.T) {
	handler := fn("Handle", "a", "mail")
	handler.Entry = review.Handler
	handler.Performs[0].Chain = []review.Step{{Func: "example.com/shop.notify", Pos: "web.go:5:2"}, {Func: "net/smtp.SendMail", Pos: "shop.go:12:3"}}
	inner := fn("notify", "b", "mail")
	inner.Entry = review.Inner
	inner.Performs[0].Chain[0].Func = "net/smtp.SendMail"
	d := review.Compare(program(fn("Handle", "a"), fn("notify", "b")), program(inner, handler), "main", review.Options{
		Changed: func(pos string) (string, bool) { return "shop.go:12", strings.HasPrefix(pos, "shop.go:12:") },
	})
	var text strings.Builder
	if err := d.Text(&text); err != nil {
		t.Fatal(err)
	}
	want := `gained mail: shop.notify → smtp.SendMail
	by the change of shop.go:12
	shop.go:10:6: shop.Handle (handler)
	shop.go:10:6: shop.notify
since main: 2 functions gained effects, 0 functions lost some
`
	if d := cmp.Diff(want, text.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !d.Gains() || d.Changes[0].Func != "example.com/shop.Handle" {
		t.Errorf("the handler does not come first: %v", say(d))
	}
}

func TestCounts(t *testing.T) {
	mailOnly := review.Options{Counts: func(e review.Effect) bool { return e.Kind == "mail" }}
	d := review.Compare(program(fn("Place", "a")), program(fn("Place", "a", "db", "mail")), "main", mailOnly)
	if d := cmp.Diff([]string{"Place +mail"}, say(d)); d != "" {
		t.Error(d)
	}
}

func TestMarkdownFolds(t *testing.T) {
	var before, after []review.Function
	for _, name := range []string{"A", "B", "C", "D", "E"} {
		before, after = append(before, fn(name, "a")), append(after, fn(name, "a", "mail"))
	}
	var b strings.Builder
	if err := review.Compare(program(before...), program(after...), "main", review.Options{}).Markdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"### Effects of this change", "5 functions gained effects", "| **mail** |", "<details><summary>and 2 more</summary>"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}

func TestPaint(t *testing.T) {
	after := program(fn("Place", "a", "mail", "http"))
	d := review.Compare(program(fn("Place", "a", "http", "exec"), fn("Gone", "z", "queue")), after, "v1", review.Options{})
	m := review.Map("shop", t.TempDir(), after.Select(review.Selection{}), nil)
	d.Paint(m)
	changes := map[string]effectmap.Change{}
	for _, f := range m.Functions {
		changes[f.Short] = f.Change
		for _, e := range f.Effects {
			changes[f.Short+" "+e.Kind] = e.Change
		}
	}
	want := map[string]effectmap.Change{
		"Place": effectmap.Gained, "Place mail": effectmap.Gained, "Place http": effectmap.Same, "Place exec": effectmap.Lost,
		"Gone": effectmap.Lost, "Gone queue": effectmap.Lost,
	}
	if d := cmp.Diff(want, changes); d != "" || m.Base != "v1" {
		t.Errorf("base %q (-want +got):\n%s", m.Base, d)
	}
}

func TestMapDrawsBoundaries(t *testing.T) {
	thank := fn("Thank", "t", "mail")
	place := fn("Place", "p", "http", "+example.com/shop.Thank")
	m := review.Map("shop", t.TempDir(), []review.Function{place, thank}, map[string]bool{"shop.go:12": true})
	got := map[string]effectmap.Boundary{}
	for _, e := range m.Functions[0].Effects {
		got[e.Kind] = e.Boundary
	}
	if d := cmp.Diff(map[string]effectmap.Boundary{"http": effectmap.Transaction, "mail": effectmap.Scope}, got); d != "" {
		t.Error(d)
	}
	var dot, mermaid strings.Builder
	if err := review.Dot(&dot, m); err != nil || !strings.Contains(dot.String(), `f0 -> kind_http [color=red`) || !strings.Contains(dot.String(), "f0 -> kind_mail [style=dashed") {
		t.Errorf("%v\n%s", err, dot.String())
	}
	if err := review.Mermaid(&mermaid, m); err != nil || !strings.Contains(mermaid.String(), "f0 -.->|Enqueue| kind_mail") {
		t.Errorf("%v\n%s", err, mermaid.String())
	}
}

func TestNames(t *testing.T) {
	for full, want := range map[string][2]string{
		"example.com/a.v2/b.F":    {"example.com/a.v2/b", "b.F"},
		"(*example.com/a/b.T).M":  {"example.com/a/b", "(*b.T).M"},
		"(example.com/a/b.T).M":   {"example.com/a/b", "(b.T).M"},
		"net/smtp.SendMail":       {"net/smtp", "smtp.SendMail"},
		"main.main":               {"main", "main.main"},
		"gopkg.in/gomail.v2.Send": {"gopkg.in/gomail.v2", "gomail.v2.Send"},
		"(example.com/e.Bus).Pub (bound: example.com/x/hub.T)": {"example.com/e", "(e.Bus).Pub (bound: hub.T)"},
	} {
		if got := [2]string{review.PackageOf(full), review.Short(full)}; got != want {
			t.Errorf("PackageOf, Short(%s) = %q, want %q", full, got, want)
		}
	}
	if got := review.Concrete("(example.com/e.Bus).Pub (bound: (*example.com/hub.Service))"); got != "(*example.com/hub.Service).Pub" {
		t.Errorf("Concrete = %s", got)
	}
}
