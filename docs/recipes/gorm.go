package recipes

import (
	"context"

	"gorm.io/gorm"

	"github.com/airlock-go/airlock/airlock"
)

type gormKey struct{}

// Gorm runs the closure in a transaction of db; GormTx has it.
func Gorm(db *gorm.DB) airlock.Transact {
	return func(ctx context.Context, fn func(context.Context) error) error {
		return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			return fn(context.WithValue(ctx, gormKey{}, tx))
		})
	}
}

// GormTx returns the transaction that ctx carries.
func GormTx(ctx context.Context) (*gorm.DB, bool) {
	tx, ok := ctx.Value(gormKey{}).(*gorm.DB)
	return tx, ok
}
