// Package backfill repairs old orders: a migration that calls the domain, and with it every webhook of the last five years.
package backfill

import (
	"context"

	"example.com/leaky/orders"
)

// CancelStale cancels every order that was never paid.
func CancelStale(ctx context.Context, shop *orders.Service) error {
	rows, err := shop.DB.QueryContext(ctx, `SELECT id FROM orders WHERE status = 'placed' AND created < now() - interval '90 days'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if err := shop.Cancel(ctx, id); err != nil {
			return err
		}
	}
	return rows.Err()
}
