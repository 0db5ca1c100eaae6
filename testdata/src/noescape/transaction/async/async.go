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

// waits starts a goroutine that waits for the commit.
func waits(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	committed := make(chan struct{})
	go func() {
		<-committed
		send() // after it
	}()
	if err := tx.Commit(); err != nil {
		return err
	}
	close(committed)
	return nil
}

func waitsForHelper(db *gorm.DB) error {
	committed := make(chan bool)
	err := db.Transaction(func(tx *gorm.DB) error {
		go func(committed chan bool) {
			if <-committed {
				send() // after it
			}
		}(committed)
		return nil
	})
	committed <- err == nil
	return err
}

// waitsTooShort closes its channel on any way out, and so does the next, before the commit.
func waitsTooShort(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	done := make(chan struct{})
	defer close(done)
	go func() { // want `mail on a goroutine started inside a database transaction`
		<-done
		send()
	}()
	return tx.Commit()
}

func waitsForOther(db *gorm.DB) error {
	return db.Transaction(func(tx *gorm.DB) error {
		ready := make(chan struct{})
		go func() { // want `mail on a goroutine started inside a database transaction`
			<-ready
			send()
		}()
		close(ready)
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

func commitAndSend(tx *sql.Tx) {
	if err := tx.Commit(); err != nil {
		return
	}
	send()
}

func sendAndCommit(tx *sql.Tx) {
	send()
	_ = tx.Commit()
}

func committedOnGoroutine(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	go commitAndSend(tx) // commits first
	return nil
}

func committedOnLiteral(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	go func() {
		if err := tx.Commit(); err == nil {
			send() // commits first
		}
	}()
	return nil
}

func committedTooLate(db *sql.DB, other *sql.Tx) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	go sendAndCommit(tx)    // want `mail on a goroutine started inside`
	go commitAndSend(other) // want `mail on a goroutine started inside`
	go func() {             // want `mail on a goroutine started inside`
		send()
		_ = tx.Commit()
	}()
	go func(tx *sql.Tx) { // want `mail on a goroutine started inside`
		_ = tx.Commit()
		send()
	}(other)
	return nil
}
