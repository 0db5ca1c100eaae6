// Package mail sends mail, and does not know of the transaction.
package mail

import (
	"net/smtp"

	"gorm.io/gorm"
)

// Insert takes a transaction, and sends mail.
func Insert(tx *gorm.DB) error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }
