// Package orders is the domain: what an order is, and what happens when one is placed, cancelled or shipped.
package orders

import (
	"context"
	"database/sql"
	"log"
	"net/http"
	"os/exec"
	"strconv"
	"strings"

	"example.com/leaky/mail"
	"example.com/leaky/warehouse"
)

// Order is what a customer bought.
type Order struct {
	ID       int64
	Customer string
	Total    int64 // cents
	Status   string
}

// Mailer sends mail to customers.
type Mailer interface {
	Send(to, subject, body string) error
}

var _ Mailer = (*mail.SMTP)(nil)

// Service places and cancels orders.
type Service struct {
	DB        *sql.DB
	Mailer    Mailer
	Warehouse *warehouse.Client
	Tracking  string // the URL that hears of shipments
}

// Place stores the order, reserves the goods and thanks the customer: all inside one transaction, so that a failed commit leaves a
// customer with a thank-you letter for an order that does not exist.
func (s *Service) Place(ctx context.Context, o *Order) error {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	err = tx.QueryRowContext(ctx, `INSERT INTO orders (customer, total, status) VALUES ($1, $2, 'placed') RETURNING id`, o.Customer, o.Total).Scan(&o.ID)
	if err != nil {
		return err
	}
	if err := s.Warehouse.Reserve(ctx, o.ID); err != nil {
		return err
	}
	if err := s.thank(o); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *Service) thank(o *Order) error {
	return s.Mailer.Send(o.Customer, "Thank you", "Your order "+strconv.FormatInt(o.ID, 10)+" is on its way.")
}

// Cancel cancels an order. The helper opens the transaction; the webhook still leaves before it commits.
func (s *Service) Cancel(ctx context.Context, id int64) error {
	return s.withTx(ctx, func(tx *sql.Tx) error {
		o := &Order{ID: id}
		if err := tx.QueryRowContext(ctx, `SELECT customer, status FROM orders WHERE id = $1 FOR UPDATE`, id).Scan(&o.Customer, &o.Status); err != nil {
			return err
		}
		return o.cancel(ctx, tx, s.Warehouse)
	})
}

// cancel is a model method that reaches the network.
func (o *Order) cancel(ctx context.Context, tx *sql.Tx, w *warehouse.Client) error {
	if err := w.Release(ctx, o.ID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE orders SET status = 'cancelled' WHERE id = $1`, o.ID)
	return err
}

// Ship marks an order as shipped and tells the tracking service on a goroutine that nobody waits for.
func (s *Service) Ship(ctx context.Context, o *Order) error {
	if _, err := s.DB.ExecContext(ctx, `UPDATE orders SET status = 'shipped' WHERE id = $1`, o.ID); err != nil {
		return err
	}
	go func() {
		resp, err := http.Post(s.Tracking, "text/plain", strings.NewReader(strconv.FormatInt(o.ID, 10)))
		if err != nil {
			log.Print(err)
			return
		}
		resp.Body.Close()
	}()
	return nil
}

// PrintLabel prints a shipping label.
func (s *Service) PrintLabel(o *Order) error {
	return exec.Command("lp", "-d", "labels", "label-"+strconv.FormatInt(o.ID, 10)+".pdf").Run()
}

func (s *Service) withTx(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := s.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}
