// Package hooks keeps functions for later.
package hooks

import "net/smtp"

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

type tx struct{ after []func() }

func (t *tx) AfterCommit(f func()) { t.after = append(t.after, f) } // silent: a function that is stored is not called

func (t *tx) Commit() { // want `^calls #0.after$`
	for _, f := range t.after {
		f()
	}
}

func Register(t *tx) { t.AfterCommit(send) } // silent

func Whole() { // want `^mail$`
	t := new(tx)
	t.AfterCommit(send)
	t.Commit()
}

type event struct{ name string }

func Collect() []event { // silent: data, published later
	var events []event
	events = append(events, event{"created"})
	return events
}
