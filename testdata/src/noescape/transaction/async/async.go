// Package async: goroutines that are started and messages that are queued inside a transaction leave before it commits.
package async

import (
	"database/sql"
	"net/smtp"
	"sync"

	"gorm.io/gorm"
)

func send() { _ = smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func onGoroutine(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		go send() // want `mail on a goroutine started inside a database transaction`
		return nil
	})
}

func onGoroutineLiteral(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	go func() { // want `mail on a goroutine started inside a database transaction`
		send()
	}()
	return tx.Commit()
}

func onGoroutineBelow(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		background() // want `mail on a goroutine started inside a database transaction`
		return nil
	})
}

func background() { go send() }

func waitedFor(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { // want `mail on a goroutine started inside a database transaction`
			defer wg.Done()
			send()
		}()
		wg.Wait()
		return nil
	})
}

var outgoing = make(chan string, 10)

func daemon() {
	for range outgoing {
		send()
	}
}

func queued(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		outgoing <- "mail" // want `mail through a queue inside a database transaction`
		return nil
	})
}

func queue(to string) { outgoing <- to }

func queuedBelow(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		queue("mail") // want `mail through a queue inside a database transaction`
		return nil
	})
}
