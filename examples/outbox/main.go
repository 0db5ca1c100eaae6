// Command outbox places two orders, one of which fails, and relays what the other left in its outbox table.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	_ "modernc.org/sqlite"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocksql"
)

// Receipt is what the mail says.
type Receipt struct {
	Order int64
	To    string
}

// SendReceipt sends a receipt. Here it prints one.
var SendReceipt = airlock.NewTask("outbox.SendReceipt", func(_ context.Context, r Receipt) error {
	fmt.Printf("mail to %s: receipt of order %d\n", r.To, r.Order)
	return nil
})

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection to :memory: would be a database of its own
	if _, err := db.ExecContext(ctx, `CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT)`); err != nil {
		return err
	}
	registry := airlock.NewRegistry()
	if err := registry.Add(SendReceipt); err != nil {
		return err
	}
	box, err := Open(ctx, db, registry)
	if err != nil {
		return err
	}
	app := airlock.New(airlock.WithExecutor(box))

	if err := place(ctx, app, db, "ann@example.com", nil); err != nil {
		return err
	}
	if err := place(ctx, app, db, "bob@example.com", errors.New("card declined")); err != nil {
		fmt.Println("bob's order:", err)
	}
	n, err := box.Relay(ctx)
	fmt.Println("relayed:", n)
	return err
}

// place stores an order and its receipt in one transaction, which fails with trouble.
func place(ctx context.Context, app *airlock.Airlock, db *sql.DB, customer string, trouble error) error {
	return app.InTx(ctx, airlocksql.Transact(db, nil), func(ctx context.Context) error {
		tx, _ := airlocksql.Tx(ctx)
		result, err := tx.ExecContext(ctx, `INSERT INTO orders (customer) VALUES (?)`, customer)
		if err != nil {
			return err
		}
		id, err := result.LastInsertId()
		if err != nil {
			return err
		}
		if err := SendReceipt.Enqueue(ctx, Receipt{Order: id, To: customer}); err != nil {
			return err
		}
		return trouble
	})
}
