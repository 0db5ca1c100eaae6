// Command leaky is a small order service written the way such services are written every day. It compiles, it passes review, and
// airlockvet has something to say about each of its side effects: see README.md.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"

	_ "github.com/lib/pq"

	"example.com/leaky/mail"
	"example.com/leaky/orders"
	"example.com/leaky/warehouse"
)

func main() {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	shop := &orders.Service{
		DB:        db,
		Mailer:    &mail.SMTP{Addr: os.Getenv("SMTP_ADDR"), From: "shop@example.com"},
		Warehouse: &warehouse.Client{URL: os.Getenv("WAREHOUSE_URL")},
		Tracking:  os.Getenv("TRACKING_URL"),
	}
	http.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var o orders.Order
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		respond(w, shop.Place(r.Context(), &o))
	})
	http.HandleFunc("DELETE /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		respond(w, shop.Cancel(r.Context(), id))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func respond(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
