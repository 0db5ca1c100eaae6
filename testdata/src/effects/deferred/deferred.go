// Package deferred performs when the function returns.
package deferred

import "net/smtp"

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Deferred() { defer send() } // want `^mail$`

func Literal() { // want `^mail$`
	defer func() { send() }()
}

func Captured() (err error) { // want `^mail$`
	f := send
	defer func() {
		if err != nil {
			f()
		}
	}()
	return nil
}
