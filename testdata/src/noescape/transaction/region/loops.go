package region

import (
	"database/sql"
	"iter"
	"maps"
	"net/http"
)

func looped(db *sql.DB, customers map[string]int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for range maps.Keys(customers) {
		if _, err := tx.Exec("UPDATE customers"); err != nil {
			_ = send() // the transaction is rolled back
			return err
		}
		if err := send(); err != nil { // want `mail inside a database transaction: looped → send → net/smtp\.SendMail`
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for range maps.Keys(customers) {
		_ = send() // it has been committed
	}
	return nil
}

func loopedOverLiteral(db *sql.DB, n int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	each := func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
	for range each {
		_ = send() // want `mail inside`
	}
	return tx.Commit()
}

func pages(c *http.Client) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; ; i++ {
			if _, err := c.Post("https://example.org", "", nil); err != nil || !yield(i) {
				return
			}
		}
	}
}

// What the iterator does is done at the loop.
func loopedOverPages(db *sql.DB, c *http.Client) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for p := range pages(c) { // want `http inside a database transaction: loopedOverPages → \(\*net/http\.Client\)\.Post`
		if _, err := tx.Exec("INSERT INTO pages", p); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func begunInLoop(db *sql.DB, customers map[string]int) error {
	for range maps.Keys(customers) {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		_ = send() // want `mail inside`
		if err := tx.Commit(); err != nil {
			return err
		}
		_ = send()
	}
	return nil
}
