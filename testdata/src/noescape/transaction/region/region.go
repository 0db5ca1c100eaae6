// Package region: a transaction is open from a Begin that succeeded to Commit, Rollback or Close of the same value.
package region

import (
	"context"
	"database/sql"
	"net/http"
	"net/smtp"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/pocketbase/dbx"
	"github.com/uptrace/bun"
	"go.mongodb.org/mongo-driver/mongo"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

func send() error {
	return smtp.SendMail("mx:25", nil, "a@example.com", []string{"b@example.com"}, nil)
}

func inside(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		_ = send() // nothing is open: Begin failed
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("INSERT INTO orders DEFAULT VALUES"); err != nil {
		return err
	}
	if err := send(); err != nil { // want `mail inside a database transaction: inside → send → net/smtp\.SendMail; the transaction that \(\*sql\.DB\)\.Begin opened on line 26 may still roll back`
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return send() // committed
}

func before(db *sql.DB) error {
	_ = send() // not open yet
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	return tx.Commit()
}

func readOnly(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	_, err = http.Post("https://example.com", "text/plain", nil) // want `http inside a database transaction`
	if err != nil {
		return err
	}
	return tx.Commit()
}

func conditional(db *sql.DB, inTx bool) error {
	var tx *sql.Tx
	if inTx {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	if inTx {
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return send() // committed, if it was open at all: both branches ask the same
}

func forgotten(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if !stop {
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return send() // want `mail inside`
}

// batches commits every hundredth row, and what is left at the end.
func batches(db *sql.DB, rows []string) error {
	var tx *sql.Tx
	pending := 0
	for _, r := range rows {
		if pending == 0 {
			var err error
			if tx, err = db.Begin(); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(r); err != nil {
			tx.Rollback()
			return err
		}
		pending++
		if pending%100 == 0 {
			if err := tx.Commit(); err != nil {
				return err
			}
			pending = 0
		}
	}
	if pending == 0 {
		return send() // the last batch was committed
	}
	_ = send() // want `mail inside`
	if err := tx.Commit(); err != nil {
		return err
	}
	return send()
}

func endedByCallee(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := finish(tx, nil); err != nil {
		return err
	}
	return send() // finish has committed
}

func finish(tx *sql.Tx, err error) error {
	if err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// endsThenSends commits what it is given before it sends.
func endsThenSends(tx *sql.Tx) error {
	if err := tx.Commit(); err != nil {
		return err
	}
	return send()
}

func endedBeforeItSends(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	return endsThenSends(tx) // it commits first
}

// borrows merely takes a transaction: whoever opened it is reported.
func borrows(tx *sql.Tx) error { return send() }

func lends(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := borrows(tx); err != nil { // want `mail inside a database transaction: lends → borrows → send → net/smtp\.SendMail`
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

func throughSqlx(db *sqlx.DB) error {
	tx := db.MustBegin()
	_ = send() // want `mail inside`
	return tx.Commit()
}

func throughPgx(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	_ = send() // want `mail inside`
	return tx.Commit(ctx)
}

func throughGorm(db *gorm.DB) error {
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	tx = tx.Where("id = ?", 1)
	_ = send() // want `mail inside`
	if err := tx.Commit().Error; err != nil {
		return err
	}
	return send()
}

func throughXorm(engine *xorm.Engine) error {
	s := engine.NewSession()
	defer s.Close()
	_ = send() // a session without Begin commits each statement
	if err := s.Begin(); err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := s.Commit(); err != nil {
		return err
	}
	return send()
}

func throughXormClose(engine *xorm.Engine) {
	s := engine.NewSession()
	if err := s.Begin(); err != nil {
		return
	}
	s.Close()
	_ = send() // closed
}

func throughBun(ctx context.Context, db *bun.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	return tx.Commit()
}

func throughDbx(db *dbx.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	return tx.Commit()
}

func throughGoPg(db *pg.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Close()
	_ = send() // want `mail inside`
	return tx.Commit()
}

func throughMongo(ctx context.Context, client *mongo.Client) error {
	s, err := client.StartSession()
	if err != nil {
		return err
	}
	defer s.EndSession(ctx)
	if err := s.StartTransaction(); err != nil {
		return err
	}
	_ = send() // want `mail inside`
	return s.CommitTransaction(ctx)
}

type holder struct{ tx *sql.Tx }

func inField(db *sql.DB) error {
	var h holder
	var err error
	if h.tx, err = db.Begin(); err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := h.tx.Commit(); err != nil {
		return err
	}
	return send()
}

func captured(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	commit := func() error { return tx.Commit() }
	_ = send() // want `mail inside`
	if err := commit(); err != nil {
		return err
	}
	return send()
}

func noTransaction(tx *http.Client) error {
	_, err := tx.Post("https://example.com", "text/plain", nil) // called tx, and none
	return err
}
