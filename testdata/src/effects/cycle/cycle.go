// Package cycle has functions that call each other.
package cycle

import (
	"net/http"
	"net/smtp"
	"os/exec"
)

func Even(n int) { // want `^mail; http query; exec$`
	if n == 0 {
		smtp.SendMail("", nil, "", nil, nil)
		return
	}
	Odd(n - 1)
}

func Odd(n int) { // want `^mail; http query; exec$`
	if n == 0 {
		http.Get("https://example.com")
		return
	}
	Third(n)
}

func Third(n int) { // want `^mail; http query; exec$`
	exec.Command("true").Run()
	Even(n - 1)
}

func Loop(n int) { // silent: a cycle without an effect
	if n > 0 {
		Pool(n - 1)
	}
}

func Pool(n int) { Loop(n) }

func Twice(f func(), n int) { // want `^calls #0$`
	if n > 0 {
		Again(f, n-1)
	}
}

func Again(f func(), n int) { // want `^calls #0$`
	f()
	Twice(f, n)
}
