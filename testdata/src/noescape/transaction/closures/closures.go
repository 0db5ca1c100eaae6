// Package closures: known helpers run their function inside a transaction.
package closures

import (
	"context"
	"database/sql"
	"net/smtp"

	"github.com/Thiht/transactor"
	"github.com/avito-tech/go-transaction-manager/trm/v2"
	"github.com/avito-tech/go-transaction-manager/trm/v2/manager"
	"github.com/cockroachdb/cockroach-go/v2/crdb"
	"github.com/go-pg/pg/v10"
	"github.com/gobuffalo/pop/v6"
	"github.com/jackc/pgx/v5"
	"github.com/pocketbase/dbx"
	"github.com/uptrace/bun"
	"go.mongodb.org/mongo-driver/mongo"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/fixtures/noescape/transaction/closures/mail"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func throughGorm(db *gorm.DB) error {
	err := db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(nil).Error; err != nil {
			return err
		}
		return send() // want `mail inside a database transaction: throughGorm → send → net/smtp\.SendMail; the transaction that \(\*gorm\.DB\)\.Transaction opened on line \d+ may still roll back`
	})
	if err != nil {
		return err
	}
	return send() // after the transaction
}

func throughPgx(ctx context.Context, c *pgx.Conn) error {
	return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		return send() // want `mail inside`
	})
}

func throughXorm(e *xorm.Engine) error {
	_, err := e.Transaction(func(s *xorm.Session) (any, error) {
		return nil, send() // want `mail inside`
	})
	return err
}

func throughBun(ctx context.Context, db *bun.DB) error {
	return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return send() // want `mail inside`
	})
}

func throughPop(c *pop.Connection) error {
	return c.Transaction(func(tx *pop.Connection) error {
		return send() // want `mail inside`
	})
}

func throughDbx(db *dbx.DB) error {
	return db.Transactional(func(tx *dbx.Tx) error {
		return send() // want `mail inside`
	})
}

func throughGoPg(ctx context.Context, db *pg.DB) error {
	return db.RunInTransaction(ctx, func(tx *pg.Tx) error {
		return send() // want `mail inside`
	})
}

func throughMongo(ctx context.Context, s mongo.Session) error {
	_, err := s.WithTransaction(ctx, func(ctx mongo.SessionContext) (any, error) {
		return nil, send() // want `mail inside`
	})
	return err
}

func throughCrdb(ctx context.Context, db *sql.DB) error {
	return crdb.ExecuteTx(ctx, db, nil, func(tx *sql.Tx) error {
		return send() // want `mail inside`
	})
}

func throughTrm(ctx context.Context, m *manager.Manager, any trm.Manager) error {
	if err := any.Do(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	}); err != nil {
		return err
	}
	return m.Do(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

func throughTransactor(ctx context.Context, t transactor.Transactor) error {
	return t.WithinTransaction(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

// insert is handed to the helper by its name: it is reported inside.
func insert(tx *gorm.DB) error {
	return send() // want `mail inside`
}

type service struct{}

func (service) insert(tx *gorm.DB) error { return send() }

func (service) check(tx *gorm.DB) error { return nil }

func either(db *gorm.DB, s service, quick bool) error {
	step := s.insert
	if quick {
		step = s.check
	}
	return db.Transaction(step) // want `mail inside a database transaction: either → service\.insert → send`
}

func byName(db *gorm.DB, s service) error {
	if err := db.Transaction(insert); err != nil {
		return err
	}
	if err := db.Transaction(s.insert); err != nil { // want `mail inside a database transaction: byName → service\.insert → send → net/smtp\.SendMail`
		return err
	}
	return db.Transaction(mail.Insert) // want `mail inside a database transaction: byName → mail\.Insert → net/smtp\.SendMail`
}

// factory returns the function that the transaction runs.
func factory(id int) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error {
		return send() // want `mail inside`
	}
}

func made(db *gorm.DB) error { return db.Transaction(factory(1)) }

func rolledBack(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		tx.Rollback()
		return send() // rolled back by hand
	})
}

// command holds its function in a package variable.
var command = struct{ run func(db *gorm.DB) error }{
	run: func(db *gorm.DB) error {
		return db.Transaction(func(tx *gorm.DB) error {
			return send() // want `mail inside`
		})
	},
}
