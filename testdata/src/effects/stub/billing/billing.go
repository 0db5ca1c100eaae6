// Package billing has a client that a tool wrote, and code that no tool wrote.
package billing

import "net/smtp"

type Order struct{ ID string }

type Receipt struct{ ID string }

func Remind() error { return smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`
