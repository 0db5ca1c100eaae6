// Package infeasible: what a callee does only for other arguments does not happen.
package infeasible

import (
	"net/smtp"

	"gorm.io/gorm"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func save(tx *gorm.DB, notify bool) error {
	if err := tx.Create(nil).Error; err != nil {
		return err
	}
	if notify {
		return send()
	}
	return nil
}

func flags(db *gorm.DB, notify bool) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := save(tx, false); err != nil { // notify is false
			return err
		}
		if err := save(tx, true); err != nil { // want `mail inside`
			return err
		}
		if notify {
			return nil
		}
		return save(tx, notify) // notify is false here
	})
}

type mode int

const (
	prepare mode = iota
	deliver
)

func step(tx *gorm.DB, m mode) error {
	if err := tx.Create(nil).Error; err != nil {
		return err
	} else if m == prepare {
		return nil
	}
	return send()
}

func modes(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := step(tx, prepare); err != nil { // prepares only
			return err
		}
		return step(tx, deliver) // want `mail inside`
	})
}

func saveQuietly(tx *gorm.DB) error { return save(tx, false) }

func throughWrapper(db *gorm.DB) error {
	return db.Transaction(saveQuietly)
}

// A Notification that has a row is mailed when the row has been committed.
type Notification interface{ Row() any }

type stored struct{}

func (stored) Row() any { return "row" }

type unstored struct{}

func (unstored) Row() any { return nil }

func insert(tx *gorm.DB, n Notification) (later bool, err error) {
	row := n.Row()
	if row == nil {
		return false, nil
	}
	if tx != nil {
		err = tx.Create(row).Error
		return err == nil, err // the flag and the error say the same
	}
	return true, nil
}

func notify(tx *gorm.DB, n Notification) error {
	later, err := insert(tx, n)
	if err != nil || later {
		return err
	}
	return send()
}

func notifyAll(tx *gorm.DB, ns ...Notification) error {
	for range ns {
		if err := notifyOne(tx, stored{}); err != nil {
			return err
		}
	}
	return nil
}

func notifyOne(tx *gorm.DB, n Notification) error { return notify(tx, n) }

func throughCallees(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := notifyAll(tx); err != nil { // it gives notify what has a row
			return err
		}
		if err := notifyOne(tx, stored{}); err != nil { // as here
			return err
		}
		return notifyOne(tx, unstored{}) // want `mail inside`
	})
}

func byType(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := notify(tx, stored{}); err != nil { // its Row is never nil
			return err
		}
		return notify(tx, unstored{}) // want `mail inside`
	})
}
