// Package generic has effects in and through generic functions and methods.
package generic

import (
	"net/smtp"
	"slices"
)

type Box[T any] struct{ v T }

func (b *Box[T]) Mail() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Use(b *Box[int]) { b.Mail() } // want `^mail$`

func Each[T any](xs []T, f func(T)) { // want `^calls #1$`
	for _, x := range xs {
		f(x)
	}
}

func Mails(b *Box[string]) { // want `^mail$`
	Each([]string{"a"}, func(string) { b.Mail() })
}

func Counts() int { // silent: another caller's function performs
	n := 0
	Each([]string{"a"}, func(string) { n++ })
	return n
}

type Sender interface{ Send() }

type SMTP struct{}

func (SMTP) Send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

type Nop struct{}

func (Nop) Send() {}

func Through[S Sender](s S) { s.Send() } // want `mail if unknown #0; open .*Sender.*Send if unknown #0; calls #0.Send`

func ThroughSMTP() { Through(SMTP{}) } // want `^mail$`

func ThroughNop() { Through(Nop{}) } // silent: the implementation used is pure

func Sorts(xs []int) { // want `^mail$`
	slices.SortFunc(xs, func(a, b int) int {
		smtp.SendMail("", nil, "", nil, nil)
		return a - b
	})
}
