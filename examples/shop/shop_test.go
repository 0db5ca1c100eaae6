package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocktest"

	"example.com/shop/mail"
	"example.com/shop/orders"
)

// A ledger stands in for the mail server and the warehouse, and records what reached them.
type ledger struct{ sent []string }

func (l *ledger) Send(_ context.Context, m mail.Message) error { return l.write("mail " + m.Subject) }
func (l *ledger) Reserve(context.Context, int64) error         { return l.write("reserve") }
func (l *ledger) Release(context.Context, int64) error         { return l.write("release") }
func (l *ledger) write(s string) error                         { l.sent = append(l.sent, s); return nil }

func (l *ledger) want(t *testing.T, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, l.sent); d != "" {
		t.Errorf("what left (-want +got):\n%s", d)
	}
}

func open(t *testing.T) (*orders.Service, *ledger) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := orders.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	l := new(ledger)
	return &orders.Service{DB: db, Mailer: l, Warehouse: l}, l
}

func place(t *testing.T, shop *orders.Service) *orders.Order {
	t.Helper()
	o := &orders.Order{Customer: "ann@example.com", Total: 4200}
	ctx, _ := airlocktest.Scope(t) // nothing of it leaves
	if err := shop.Place(ctx, o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestEffectsLeaveAfterTheCommit(t *testing.T) {
	shop, l := open(t)
	if err := shop.Place(t.Context(), &orders.Order{Customer: "ann@example.com"}); err != nil {
		t.Fatal(err)
	}
	l.want(t, "reserve", "mail Thank you")
}

func TestARolledBackOrderThanksNobody(t *testing.T) {
	shop, l := open(t)
	if _, err := shop.DB.Exec(`CREATE TRIGGER closed BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'closed for stocktaking'); END`); err != nil {
		t.Fatal(err)
	}
	if err := shop.Place(t.Context(), &orders.Order{Customer: "ann@example.com"}); err == nil {
		t.Fatal("the order was placed")
	}
	l.want(t)
}

// The intents are there to be looked at: no mock says what would have been sent.
func TestShipTellsTheCustomer(t *testing.T) {
	shop, _ := open(t)
	o := place(t, shop)
	ctx, scope := airlocktest.Scope(t)
	if err := shop.Ship(ctx, o); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, i := range scope.Intents() {
		names = append(names, i.Name()[strings.LastIndex(i.Name(), "/")+1:])
	}
	if d := cmp.Diff([]string{"orders.printLabel", "orders.Mailer.Send"}, names); d != "" {
		t.Errorf("enqueued (-want +got):\n%s", d)
	}
	m, ok := scope.Intents()[1].Arg().(mail.Message)
	if !ok || m.To != o.Customer || m.Subject != "Shipped" {
		t.Errorf("the mail is %+v", m)
	}
}

func TestBackfillSendsNobodyAnything(t *testing.T) {
	shop, l := open(t)
	o := place(t, shop)
	if err := backfill(t.Context(), shop); err != nil {
		t.Fatal(err)
	}
	var status string
	if err := shop.DB.QueryRow(`SELECT status FROM orders WHERE id = ?`, o.ID).Scan(&status); err != nil || status != "cancelled" {
		t.Errorf("the order is %q, %v", status, err)
	}
	l.want(t)
}

func TestDiscountIsPure(t *testing.T) {
	err := airlock.Run(t.Context(), func(context.Context) error {
		if got := orders.Discount(1000, 10); got != 900 {
			t.Errorf("Discount(1000, 10) = %d, want 900", got)
		}
		return nil
	}, airlock.WithPolicy(airlock.AssertNoEffects()))
	if err != nil {
		t.Error(err)
	}
}

func TestPlacingUnderAssertNoEffectsFails(t *testing.T) {
	shop, l := open(t)
	//airlock:allow pure the refusal is what this test is about
	err := airlock.Run(t.Context(), func(ctx context.Context) error {
		return shop.Place(ctx, &orders.Order{Customer: "ann@example.com"})
	}, airlock.WithPolicy(airlock.AssertNoEffects()))
	if refusal := new(airlock.PolicyError); !errors.As(err, &refusal) {
		t.Errorf("Place returned %v, want a *airlock.PolicyError", err)
	}
	l.want(t)
}

func TestHTTP(t *testing.T) {
	shop, l := open(t)
	server := httptest.NewServer(handler(shop))
	defer server.Close()
	resp, err := http.Post(server.URL+"/orders", "application/json", strings.NewReader(`{"Customer":"ann@example.com","Total":4200}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var o orders.Order
	if err := json.NewDecoder(resp.Body).Decode(&o); err != nil || resp.StatusCode != http.StatusCreated || o.ID == 0 {
		t.Fatalf("status %d, order %+v, %v", resp.StatusCode, o, err)
	}
	l.want(t, "reserve", "mail Thank you")

	req, err := http.NewRequest("DELETE", server.URL+"/orders/999", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err = http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("cancelling an order that isn't there: status %d", resp.StatusCode)
	}
	l.want(t, "reserve", "mail Thank you")
}
