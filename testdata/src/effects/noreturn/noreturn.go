// Package noreturn has calls that never return: what comes after them never happens.
package noreturn

import (
	"log"
	"net/smtp"
	"os"
)

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func die(code int) {
	if code > 1 {
		panic("code")
	}
	os.Exit(code)
}

func dieToo() {
	for {
		die(1)
	}
}

func recovers() { // returns: its panic is recovered
	defer func() { recover() }()
	panic("caught")
}

func Dead() {
	die(1)
	send() // silent: never reached
}

func Alive() { // want `^mail$`
	recovers()
	send()
}

func Fatal() { // want `^log$`
	log.Fatal("dead")
	send()
}
