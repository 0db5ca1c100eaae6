// Package pure holds functions to their promise.
package pure

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/airlock-go/airlock/airlock"
)

// Sum keeps its promise.
//
//airlock:pure
func Sum(xs []int) (n int) {
	for _, x := range xs {
		n += x
	}
	log.Print(n, time.Now()) // log and time are part of any program
	return n
}

// Strict refuses the ambient kinds, too.
//
//airlock:pure strict
func Strict(n int) int { // want `^Strict is strictly pure, but performs log: Strict → log.Print; move it out, or remove //airlock:pure$`
	log.Print(n)
	return n
}

// Rate asks another service.
//
//airlock:pure
func Rate() int { // want `Rate is pure, but performs http query: Rate → ask → net/http.Get`
	return ask()
}

func ask() int {
	resp, err := http.Get("https://example.com")
	if err != nil {
		return 0
	}
	return resp.StatusCode
}

// Save writes to the database: the kind is off, and a promise is a promise.
//
//airlock:pure
func Save(db *sql.DB) error { // want `Save is pure, but performs db: Save → \(\*database/sql.DB\).Exec \(and 1 more\)`
	_, err := db.Exec("DELETE FROM t")
	Rate()
	return err
}

// Plan enqueues.
//
//airlock:pure
func Plan(ctx context.Context) error { // want `Plan is pure, but enqueues: Plan → plan → airlock.Enqueue`
	return plan(ctx)
}

func plan(ctx context.Context) error { return airlock.Enqueue(ctx, work, 1) }

func work(ctx context.Context, id int) error { return nil }

// Map calls what it is given: that is its caller's affair.
//
//airlock:pure
func Map(xs []int, f func(int) int) []int {
	for i, x := range xs {
		xs[i] = f(x)
	}
	return xs
}

// Hooked calls a function that is not known.
//
//airlock:pure
func Hooked() { // want `Hooked is pure, but calls what can't be resolved: Hooked → the function value called at pure.go:\d+; say with a directive`
	Hook()
}

// Led leads there.
//
//airlock:pure
func Led() { lead() } // want `Led is pure, but calls what can't be resolved: Led → pure.lead; say with a directive`

func lead() { Hook() }

// Sorted ranges over what the standard library makes.
//
//airlock:pure
func Sorted(m map[string]int) (names []string, sum int) {
	for _, n := range maps.All(m) {
		sum += n
	}
	return slices.Sorted(maps.Keys(m)), sum
}

// Limited calls a function that the standard library makes.
//
//airlock:pure
func Limited(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return ctx.Err()
}

// Counted is what the standard library's iterator is given, and runs.
//
//airlock:pure
func Counted(m map[string]int) { // want `Counted is pure, but performs http query: Counted → Rate → ask → net/http.Get`
	for range maps.Keys(m) {
		Rate()
	}
}

// Hook is set from outside.
var Hook func()

// Calculator is given its rate by whoever makes it.
type Calculator struct{ Rate func() int }

// Total calls what its receiver holds.
//
//airlock:pure
func (c Calculator) Total(n int) int { // want `Calculator.Total is pure, but calls what can't be resolved: Calculator.Total → c.Rate`
	return n * c.Rate()
}

// Taxed has fields that only this package sets.
type Taxed struct{ rate, asked func() int }

// NewTaxed sets them.
func NewTaxed() *Taxed { return &Taxed{rate: func() int { return 19 }, asked: Rate} }

// Total is pure, whoever made the receiver.
//
//airlock:pure
func (t *Taxed) Total(n int) int { return n * t.rate() }

// Asked is not.
//
//airlock:pure
func (t *Taxed) Asked(n int) int { // want `\(\*Taxed\).Asked is pure, but performs http query: \(\*Taxed\).Asked → Rate → ask → net/http.Get`
	return n * t.asked()
}

// Text is any program's surroundings.
//
//airlock:pure
func Text(err error, s fmt.Stringer) string { return err.Error() + s.String() }
