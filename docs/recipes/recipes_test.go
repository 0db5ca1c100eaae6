package recipes_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/airlock-go/airlock/airlock"
	"github.com/airlock-go/airlock/docs/recipes"
)

// A recipe is a library's Transact, and how to insert a row in the transaction that the context carries.
type recipe struct {
	transact airlock.Transact
	insert   func(ctx context.Context, id int) error
}

func dsn(t *testing.T) string {
	t.Helper()
	dsn := os.Getenv("AIRLOCK_TEST_POSTGRES")
	if dsn == "" {
		t.Skip("AIRLOCK_TEST_POSTGRES is not set: no PostgreSQL to run the recipes against")
	}
	return dsn
}

func insertSQL(table string) string { return "INSERT INTO " + table + " (id) VALUES ($1)" }

func library(t *testing.T, name, table string) recipe {
	switch name {
	case "pgx":
		pool, err := pgxpool.New(t.Context(), dsn(t))
		must(t, err)
		t.Cleanup(pool.Close)
		return recipe{recipes.Pgx(pool, pgx.TxOptions{}), func(ctx context.Context, id int) error {
			tx, _ := recipes.PgxTx(ctx)
			_, err := tx.Exec(ctx, insertSQL(table), id)
			return err
		}}
	case "gorm":
		db, err := gorm.Open(postgres.Open(dsn(t)), &gorm.Config{})
		must(t, err)
		return recipe{recipes.Gorm(db), func(ctx context.Context, id int) error {
			tx, _ := recipes.GormTx(ctx)
			return tx.Exec("INSERT INTO "+table+" (id) VALUES (?)", id).Error
		}}
	case "sqlx":
		db, err := sqlx.Open("pgx", dsn(t))
		must(t, err)
		t.Cleanup(func() { db.Close() })
		return recipe{recipes.Sqlx(db, nil), func(ctx context.Context, id int) error {
			tx, _ := recipes.SqlxTx(ctx)
			_, err := tx.ExecContext(ctx, insertSQL(table), id)
			return err
		}}
	default:
		db, err := sql.Open("pgx", dsn(t))
		must(t, err)
		t.Cleanup(func() { db.Close() })
		begin := func(ctx context.Context) (*sql.Tx, error) { return db.BeginTx(ctx, nil) }
		return recipe{recipes.Ent(begin), func(ctx context.Context, id int) error {
			tx, _ := recipes.EntFrom[*sql.Tx](ctx)
			_, err := tx.ExecContext(ctx, insertSQL(table), id)
			return err
		}}
	}
}

func TestRecipes(t *testing.T) {
	for _, name := range []string{"pgx", "gorm", "sqlx", "ent"} {
		t.Run(name, func(t *testing.T) {
			db, err := sql.Open("pgx", dsn(t))
			must(t, err)
			defer db.Close()
			table := "airlock_recipe_" + name + "_" + strings.ToLower(rand.Text()) // others may test against the same database
			_, err = db.Exec("CREATE TABLE " + table + " (id int PRIMARY KEY)")
			must(t, err)
			defer db.Exec("DROP TABLE " + table)
			follow(t, library(t, name, table), func() int {
				var n int
				must(t, db.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
				return n
			})
		})
	}
}

// follow runs the three stories that every recipe must tell: commit, failure, panic.
func follow(t *testing.T, r recipe, rows func() int) {
	t.Helper()
	var sent []int
	send := func(_ context.Context, id int) error { sent = append(sent, id); return nil }
	place := func(id int, end func() error) error {
		return airlock.InTx(t.Context(), r.transact, func(ctx context.Context) error {
			if err := r.insert(ctx, id); err != nil {
				return err
			}
			if err := airlock.Enqueue(ctx, send, id); err != nil {
				return err
			}
			return end()
		})
	}
	must(t, place(1, func() error { return nil }))
	if rows() != 1 || !slices.Equal(sent, []int{1}) {
		t.Fatalf("after a commit: %d rows, sent %v; want 1 row, sent [1]", rows(), sent)
	}
	declined := errors.New("card declined")
	if err := place(2, func() error { return declined }); !errors.Is(err, declined) {
		t.Fatalf("a failing closure returned %v, want its own error", err)
	}
	func() {
		defer func() {
			if p := fmt.Sprint(recover()); p != "bug" {
				t.Fatalf("recovered %q, want the closure's own panic", p)
			}
		}()
		place(3, func() error { panic("bug") })
	}()
	if rows() != 1 || !slices.Equal(sent, []int{1}) {
		t.Fatalf("after an error and a panic: %d rows, sent %v; want both as they were", rows(), sent)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
