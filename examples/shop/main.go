// Command shop is the service of examples/leaky, with airlock: the same story, whose effects leave when, and only if, the
// caller's scope lets them.
//
//	shop serve       answer HTTP on :8080; a request's effects leave with its answer, or with its commit
//	shop backfill    cancel stale orders, and send nobody anything (airlock.DropAll)
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"

	_ "modernc.org/sqlite"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlockhttp"

	"example.com/shop/mail"
	"example.com/shop/orders"
	"example.com/shop/warehouse"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: shop serve|backfill")
	}
	db, err := sql.Open("sqlite", "shop.db")
	if err != nil {
		return err
	}
	defer db.Close()
	if err := orders.Migrate(ctx, db); err != nil {
		return err
	}
	shop := &orders.Service{
		DB:        db,
		Mailer:    &mail.SMTP{Addr: os.Getenv("SMTP_ADDR"), From: "shop@example.com"},
		Warehouse: &warehouse.Client{URL: os.Getenv("WAREHOUSE_URL")},
	}
	switch args[0] {
	case "serve":
		return http.ListenAndServe(":8080", handler(shop))
	case "backfill":
		return backfill(ctx, shop)
	}
	return fmt.Errorf("unknown command %q: serve or backfill", args[0])
}

// backfill repairs old orders with the code of the living service, and keeps every mail and webhook of it in.
func backfill(ctx context.Context, shop *orders.Service) error {
	return airlock.Run(ctx, func(ctx context.Context) error {
		n, err := shop.CancelStale(ctx)
		if err != nil {
			return err
		}
		log.Printf("cancelled %d orders", n)
		return nil
	}, airlock.WithPolicy(airlock.DropAll()))
}

func handler(shop *orders.Service) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var o orders.Order
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := shop.Place(r.Context(), &o); err != nil {
			fail(w, err)
			return
		}
		w.WriteHeader(http.StatusCreated)
		if err := json.NewEncoder(w).Encode(o); err != nil {
			log.Print(err)
		}
	})
	mux.HandleFunc("DELETE /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := shop.Cancel(r.Context(), id); err != nil {
			fail(w, err)
		}
	})
	return airlockhttp.Middleware()(mux)
}

func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errors.Is(err, sql.ErrNoRows) {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
}
