// Package limits: what rule transaction does not see.
package limits

import (
	"database/sql"
	"net/smtp"

	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

var registry = map[string]func(tx *gorm.DB) error{}

func init() { registry["order"] = func(tx *gorm.DB) error { return send() } }

// fromRegistry runs a function that is looked up by name: which one is not known. Name the helper's callback in the configuration, or
// hand the function over where it can be seen.
func fromRegistry(db *gorm.DB, name string) error {
	return db.Transaction(registry[name])
}

// inSQL opens its transaction with a statement: no value stands for it.
func inSQL(db *sql.DB) error {
	if _, err := db.Exec("BEGIN"); err != nil {
		return err
	}
	_ = send()
	_, err := db.Exec("COMMIT")
	return err
}

var current *sql.Tx

// begin leaves its transaction in a package variable.
func begin(db *sql.DB) (err error) {
	current, err = db.Begin()
	return err
}

func inPackageVariable(db *sql.DB) error {
	if err := begin(db); err != nil {
		return err
	}
	_ = send()
	return current.Commit()
}
