// Package promoted calls methods of embedded types.
package promoted

import "net/smtp"

type Base struct{}

func (*Base) Send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

type Derived struct{ *Base }

func Method(d *Derived) { d.Send() } // want `^mail$`

type Sender interface{ Send() }

type Wrapper struct{ Sender }

func Embedded(w Wrapper) { w.Send() } // want `^mail if unknown #0.Sender; open .*Send if unknown #0.Sender; calls #0.Sender.Send$`

func Converted(d *Derived) { // want `^mail$`
	var s Sender = d
	s.Send()
}
