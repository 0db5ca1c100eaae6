package orders

import (
	"context"
	"database/sql"
	"fmt"
)

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, total INTEGER NOT NULL, status TEXT NOT NULL)`)
	return err
}

// CancelStale cancels every order that was placed and never shipped, and returns how many there were.
func (s *Service) CancelStale(ctx context.Context) (int, error) {
	stale, err := s.placed(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range stale {
		if err := s.Cancel(ctx, id); err != nil {
			return 0, fmt.Errorf("order %d: %w", id, err)
		}
	}
	return len(stale), nil
}

func (s *Service) placed(ctx context.Context) ([]int64, error) {
	rows, err := s.DB.QueryContext(ctx, `SELECT id FROM orders WHERE status = 'placed' ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
