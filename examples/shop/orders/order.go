// Package orders is the domain: what an order is, and what happens when one is placed, cancelled or shipped.
//
// It says what should happen outside (airlock.Enqueue) where it happens in the story; the scope of whoever calls decides whether and when.
package orders

import (
	"context"
	"database/sql"
	"fmt"
	"os/exec"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/airlock/airlocksql"

	"example.com/shop/mail"
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
	//airlock:effect mail
	Send(ctx context.Context, m mail.Message) error
}

// Warehouse sets goods aside and gives them back.
type Warehouse interface {
	//airlock:effect http
	Reserve(ctx context.Context, order int64) error
	//airlock:effect http
	Release(ctx context.Context, order int64) error
}

// Service places and cancels orders.
type Service struct {
	DB        *sql.DB
	Mailer    Mailer
	Warehouse Warehouse
}

// Place stores the order. The goods are reserved and the customer thanked once the transaction has committed, and not at all if it rolls
// back.
func (s *Service) Place(ctx context.Context, o *Order) error {
	return airlock.InTx(ctx, airlocksql.Transact(s.DB, nil), func(ctx context.Context) error {
		tx, _ := airlocksql.Tx(ctx)
		err := tx.QueryRowContext(ctx, `INSERT INTO orders (customer, total, status) VALUES (?, ?, 'placed') RETURNING id`, o.Customer, o.Total).Scan(&o.ID)
		if err != nil {
			return fmt.Errorf("insert the order: %w", err)
		}
		if err := airlock.Enqueue(ctx, s.Warehouse.Reserve, o.ID); err != nil {
			return err
		}
		return s.write(ctx, o, "Thank you", fmt.Sprintf("Your order %d is on its way.", o.ID))
	})
}

// Cancel cancels an order. Its model method reaches for the warehouse from deep inside the transaction, and may.
func (s *Service) Cancel(ctx context.Context, id int64) error {
	return airlock.InTx(ctx, airlocksql.Transact(s.DB, nil), func(ctx context.Context) error {
		tx, _ := airlocksql.Tx(ctx)
		o := &Order{ID: id}
		if err := tx.QueryRowContext(ctx, `SELECT customer, status FROM orders WHERE id = ?`, id).Scan(&o.Customer, &o.Status); err != nil {
			return fmt.Errorf("read the order: %w", err)
		}
		return o.cancel(ctx, tx, s.Warehouse)
	})
}

func (o *Order) cancel(ctx context.Context, tx *sql.Tx, w Warehouse) error {
	if o.Status == "cancelled" {
		return nil
	}
	if err := airlock.Enqueue(ctx, w.Release, o.ID); err != nil {
		return err
	}
	o.Status = "cancelled"
	_, err := tx.ExecContext(ctx, `UPDATE orders SET status = ? WHERE id = ?`, o.Status, o.ID)
	return err
}

// Ship marks an order as shipped, prints its label and tells the customer.
func (s *Service) Ship(ctx context.Context, o *Order) error {
	if _, err := s.DB.ExecContext(ctx, `UPDATE orders SET status = 'shipped' WHERE id = ?`, o.ID); err != nil {
		return err
	}
	if err := airlock.Enqueue(ctx, printLabel, o.ID); err != nil {
		return err
	}
	return s.write(ctx, o, "Shipped", "Your order has left the warehouse.")
}

func (s *Service) write(ctx context.Context, o *Order, subject, body string) error {
	return airlock.Enqueue(ctx, s.Mailer.Send, mail.Message{To: o.Customer, Subject: subject, Body: body})
}

// printLabel prints a shipping label.
//
//airlock:effect exec
func printLabel(ctx context.Context, id int64) error {
	return exec.CommandContext(ctx, "lp", "-d", "labels", fmt.Sprintf("label-%d.pdf", id)).Run()
}

// Discount is the price of an order, in cents, after the discount of a customer who has ordered this often before.
//
//airlock:pure
func Discount(total int64, ordersBefore int) int64 {
	if ordersBefore >= 10 {
		return total * 9 / 10
	}
	return total
}
