// Package wrapper has functions that exist for the sake of their effect: a fix marks them.
package wrapper

import (
	"net/http"
	"net/smtp"
	"os/exec"
)

// Send sends mail.
func Send(to string) error {
	msg := []byte("Subject: hello\r\n\r\n")
	return smtp.SendMail("localhost:25", nil, "", []string{to}, msg) // want `mail leaves here`
}

func post(url string) error {
	_, err := http.Post(url, "text/plain", nil) // want `http leaves here`
	if err != nil {
		return err
	}
	return nil
}

// Reindex runs a tool.
//
//go:noinline
func Reindex() {
	_ = exec.Command("reindex").Run() // want `exec leaves here`
}

// Not a wrapper: it answers a request.
func handle(w http.ResponseWriter, r *http.Request) {
	_ = exec.Command("reindex").Run() // want `exec leaves here`
}

// Not a wrapper: it does something else afterwards.
func order(to string) error {
	err := smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here`
	count++
	return err
}

// Not a wrapper: two kinds.
func both(to string) error {
	_ = exec.Command("reindex").Run()                                // want `exec leaves here`
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here`
}

// Not a wrapper: its answer is the point.
func ask(url string) (int, error) {
	resp, err := http.Post(url, "text/plain", nil) // want `http leaves here`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

var count int
