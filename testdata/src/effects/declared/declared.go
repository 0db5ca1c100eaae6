// Package declared says in directives what is an effect.
package declared

import "net/smtp"

//airlock:effect payment
func Charge() {} // want `^effect payment$`

func Pays() { Charge() } // want `^payment$`

//airlock:effect
func Mail() { smtp.SendMail("", nil, "", nil, nil) } // want `^effect; mail$`

type Gateway interface {
	//airlock:effect payment
	Pay(cents int) error // want `^effect payment$`
}

func Through(g Gateway) error { return g.Pay(1) } // want `^payment$`

//airlock:effect
func Empty() {} // want `^effect other$`

func CallsEmpty() { Empty() } // want `^other$`

type Bus interface {
	//airlock:effect
	Send() error // want `^effect other$`
}

// Publish is set by the program.
//
//airlock:effect queue
var Publish func() error

func Publishes() error { return Publish() } // want `^queue$`
