// Package models: gorm calls the hooks of a model in the transaction of the statement, the default one or the one around.
package models

import (
	"net/smtp"

	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

type user struct {
	ID   int
	Name string
}

func (u *user) AfterCreate(tx *gorm.DB) error {
	return send() // want `mail inside a database transaction: \(\*user\)\.AfterCreate → send → net/smtp\.SendMail; the transaction in which gorm calls AfterCreate may still roll back`
}

func (u *user) BeforeDelete(tx *gorm.DB) (err error) {
	if err := tx.Create(nil).Error; err != nil {
		_ = send() // the hook fails, and with it the statement
		return err
	}
	go send() // want `mail on a goroutine started inside a database transaction`
	return nil
}

// AfterFind runs behind a query: there is no transaction.
func (u *user) AfterFind(tx *gorm.DB) error { return send() }

// BeforeSave is none: gorm calls those that take a DB.
func (u *user) BeforeSave() error { return send() }

// AfterUpdate is a function, no method of a model.
func AfterUpdate(tx *gorm.DB) error { return send() }

func create(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		return tx.Create(&user{}).Error // the hook is reported where it sends
	})
}
