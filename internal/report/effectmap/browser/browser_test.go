package browser_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/airlock-go/airlock/internal/report/effectmap"
)

// shop is a map small enough to know by heart: an entry point, a transaction that an effect crosses, one that waits in a scope.
func shop() *effectmap.Map {
	chain := func(names ...string) []effectmap.Step {
		var steps []effectmap.Step
		for i, n := range names {
			steps = append(steps, effectmap.Step{Callee: n, Pos: fmt.Sprintf("orders/order.go:%d:2", 40+i), Source: "\treturn " + n + "(o)"})
		}
		return steps
	}
	return &effectmap.Map{
		Title: "shop",
		Base:  "main",
		Functions: []effectmap.Function{
			{Name: "example.com/shop.main", Package: "example.com/shop", Short: "main", Pos: "main.go:20", Entry: "main",
				Effects: []effectmap.Effect{{Kind: "mail", Command: true, Boundary: effectmap.Transaction, Chain: chain("(*example.com/shop/orders.Service).Place", "net/smtp.SendMail")}}},
			{Name: "(*example.com/shop/orders.Service).Place", Package: "example.com/shop/orders", Short: "(*Service).Place", Pos: "orders/order.go:40", Entry: "exported", Change: effectmap.Gained,
				Effects: []effectmap.Effect{
					{Kind: "mail", Command: true, Boundary: effectmap.Transaction, Change: effectmap.Gained, Chain: chain("net/smtp.SendMail")},
					{Kind: "http", Command: true, Boundary: effectmap.Scope, Chain: chain("warehouse.Reserve")}}},
			{Name: "(*example.com/shop/orders.Service).Rate", Package: "example.com/shop/orders", Short: "(*Service).Rate", Pos: "orders/rate.go:9",
				Effects: []effectmap.Effect{{Kind: "http", Chain: chain("net/http.Get")}}},
			{Name: "example.com/shop/orders.Price", Package: "example.com/shop/orders", Short: "Price", Pos: "orders/price.go:3", Pure: true, Change: effectmap.Lost},
		},
		Calls: []effectmap.Call{{From: 0, To: 1, Transaction: true}, {From: 1, To: 2}, {From: 2, To: 1}},
	}
}

// large is a map of n functions in forty packages.
func large(n int) *effectmap.Map {
	m := &effectmap.Map{Title: "large"}
	kinds := []string{"mail", "http", "queue", "storage", "exec"}
	for i := range n {
		pkg := fmt.Sprintf("example.com/large/p%02d", i*40/n) // callers come first, so that packages form no cycle
		f := effectmap.Function{Name: fmt.Sprintf("%s.F%04d", pkg, i), Package: pkg, Short: fmt.Sprintf("F%04d", i), Pos: fmt.Sprintf("p%02d/f.go:%d", i*40/n, i)}
		if i%20 == 0 {
			f.Entry = "exported"
		}
		f.Effects = []effectmap.Effect{{Kind: kinds[i%len(kinds)], Command: true, Chain: []effectmap.Step{{Callee: "net/http.Post"}}}}
		m.Functions = append(m.Functions, f)
		if i > 0 {
			m.Calls = append(m.Calls, effectmap.Call{From: i / 3, To: i, Transaction: i%11 == 0})
		}
	}
	return m
}

// patience is how long a browser may take to start, and a test with it, on a machine with much else to do.
const patience = 5 * time.Minute

// open serves the page to a headless browser and returns its context. What the page writes to the console fails the test.
func open(t *testing.T, m *effectmap.Map) context.Context {
	t.Helper()
	var page bytes.Buffer
	if err := effectmap.Write(&page, m); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Errorf("the page asks for %s: it must hold everything itself", r.URL.Path)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page.Bytes())
	}))
	t.Cleanup(server.Close)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser(t)), chromedp.WSURLReadTimeout(patience), chromedp.NoSandbox, chromedp.WindowSize(1500, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	var mu sync.Mutex
	chromedp.ListenTarget(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page throws: %v", ev.ExceptionDetails)
		case *runtime.EventConsoleAPICalled:
			t.Errorf("the page writes to the console: %v", ev.Args)
		case *log.EventEntryAdded:
			t.Errorf("the browser complains: %s", ev.Entry.Text)
		}
	})
	run(t, ctx, log.Enable(), chromedp.Navigate(server.URL), chromedp.WaitVisible("#graph .node"))
	return ctx
}

func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("AIRLOCK_TEST_BROWSER"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no browser: install chromium, or set AIRLOCK_TEST_BROWSER to one")
	return ""
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	var s string
	run(t, ctx, chromedp.TextContent(selector, &s, chromedp.ByQuery))
	return s
}

func count(t *testing.T, ctx context.Context, selector string) int {
	t.Helper()
	var n int
	run(t, ctx, chromedp.Evaluate(fmt.Sprintf("document.querySelectorAll(%q).length", selector), &n))
	return n
}

func wantText(t *testing.T, ctx context.Context, selector string, want ...string) {
	t.Helper()
	got := text(t, ctx, selector)
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s shows %q, want %q in it", selector, got, w)
		}
	}
}

func TestOverview(t *testing.T) {
	ctx := open(t, shop())
	wantText(t, ctx, "#count", "4 functions with effects")
	wantText(t, ctx, "#graph", "shop (1)", "orders (3)", "mail", "http")
	if n := count(t, ctx, "#graph path.transaction"); n != 2 {
		t.Errorf("%d edges cross a transaction, want 2: main to orders, and orders to mail", n)
	}
	if n := count(t, ctx, "#graph path.direct"); n != 1 {
		t.Errorf("%d direct edges, want 1: orders to http", n)
	}
}

func TestClickShowsTheChain(t *testing.T) {
	ctx := open(t, shop())
	run(t, ctx, chromedp.Click(`#list [data-id="1"]`, chromedp.ByQuery))
	wantText(t, ctx, "#detail", "(*example.com/shop/orders.Service).Place", "orders/order.go:40:2", "return net/smtp.SendMail(o)",
		"crosses an open transaction", "through Enqueue", "gained", "Called by", "example.com/shop.main")
	wantText(t, ctx, "#where", "Place")
	run(t, ctx, chromedp.Click(`#detail [data-go="0"]`, chromedp.ByQuery))
	wantText(t, ctx, "#detail h2", "example.com/shop.main")
	run(t, ctx, chromedp.Click("#overview", chromedp.ByQuery))
	wantText(t, ctx, "#detail", "Pick a function")
}

func TestFilters(t *testing.T) {
	ctx := open(t, shop())
	steps := []struct {
		name   string
		action chromedp.Action
		want   string
	}{
		{"kind", chromedp.Click(`#kinds [data-kind="http"]`, chromedp.ByQuery), "2 of 4"},
		{"kind off", chromedp.Click(`#kinds [data-kind="http"]`, chromedp.ByQuery), "4 functions"},
		{"boundary", chromedp.Evaluate(`(b => { b.value = 'transaction'; b.dispatchEvent(new Event('change')) })(document.getElementById('boundary'))`, nil), "2 of 4"},
		{"boundary off", chromedp.Evaluate(`(b => { b.value = ''; b.dispatchEvent(new Event('change')) })(document.getElementById('boundary'))`, nil), "4 functions"},
		{"entry points", chromedp.Click("#entries", chromedp.ByQuery), "2 of 4"},
		{"all again", chromedp.Click("#entries", chromedp.ByQuery), "4 functions"},
		{"changes", chromedp.Click("#changed", chromedp.ByQuery), "2 of 4"},
		{"search", chromedp.SendKeys("#search", "price", chromedp.ByQuery), "1 of 4"},
	}
	for _, s := range steps {
		run(t, ctx, s.action)
		if got := text(t, ctx, "#count"); !strings.Contains(got, s.want) {
			t.Errorf("%s: %q, want %q", s.name, got, s.want)
		}
	}
}

func TestKeyboard(t *testing.T) {
	ctx := open(t, shop())
	run(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	wantText(t, ctx, "#detail h2", "example.com/shop.main")
	run(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	wantText(t, ctx, "#detail h2", "Rate")
	run(t, ctx, chromedp.KeyEvent(kb.ArrowUp))
	wantText(t, ctx, "#detail h2", "Place")
	run(t, ctx, chromedp.KeyEvent(kb.Escape))
	wantText(t, ctx, "#detail", "Pick a function")
	run(t, ctx, chromedp.KeyEvent("/"), chromedp.KeyEvent("rate"))
	wantText(t, ctx, "#count", "1 of 4")
}

func TestAThousandFunctions(t *testing.T) {
	ctx := open(t, large(1000))
	wantText(t, ctx, "#count", "1000 functions")
	if n := count(t, ctx, "#graph .node"); n != 40 {
		t.Errorf("the overview has %d nodes, want 40 packages", n)
	}
	var ms float64
	run(t, ctx, chromedp.Click(`#graph [data-node="p:example.com/large/p07"]`, chromedp.ByQuery),
		chromedp.Evaluate(`(s => { document.querySelector('#list [data-id="999"]').click(); return performance.now() - s })(performance.now())`, &ms))
	wantText(t, ctx, "#detail h2", "F0999")
	t.Logf("picking one of a thousand functions takes %.0f ms", ms)
}

// TestScreenshots writes pictures to the folder AIRLOCK_SCREENSHOTS, for a person to look at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("AIRLOCK_SCREENSHOTS")
	if dir == "" {
		t.Skip("AIRLOCK_SCREENSHOTS is not set: no folder for the pictures")
	}
	for name, m := range map[string]*effectmap.Map{"shop": shop(), "large": large(1000)} {
		ctx := open(t, m)
		var overview, picked []byte
		run(t, ctx, chromedp.FullScreenshot(&overview, 100), chromedp.Click(`#list [data-id="1"]`, chromedp.ByQuery), chromedp.FullScreenshot(&picked, 100))
		for suffix, data := range map[string][]byte{"": overview, "-picked": picked} {
			if err := os.WriteFile(filepath.Join(dir, name+suffix+".png"), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
