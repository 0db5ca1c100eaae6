// Package direct performs effects right where they are wanted.
package direct

import (
	"context"
	"errors"
	"net/http"
	"net/smtp"
	"os/exec"
	"strings"
	"time"
)

func send(to string) error {
	return smtp.SendMail("localhost:25", nil, "shop@example.com", []string{to}, nil) // want `^mail leaves here without Enqueue: send → net/smtp.SendMail; enqueue it, or mark send //airlock:effect$`
}

// One finding a declaration and kind; the message counts the others.
func several(to string) error {
	if err := smtp.SendMail("a:25", nil, "", []string{to}, nil); err != nil { // want `mail leaves here without Enqueue: several → net/smtp.SendMail \(and 2 more calls here\)`
		return smtp.SendMail("b:25", nil, "", []string{to}, nil) // silent: counted above
	}
	func() {
		_ = smtp.SendMail("c:25", nil, "", []string{to}, nil) // silent: a literal folds into its declaration
	}()
	return exec.Command("sendmail", to).Run() // want `exec leaves here without Enqueue: several → \(\*os/exec.Cmd\).Run`
}

// Silent: send has its own finding.
func caller(to string) error { return send(to) }

type client struct{ http *http.Client }

func (c *client) post(body string) error {
	resp, err := c.http.Post("https://example.com", "text/plain", strings.NewReader(body)) // want `http leaves here without Enqueue: \(\*client\).post → \(\*net/http.Client\).Post; its answer is used here: it can't be enqueued as it stands; mark \(\*client\).post //airlock:effect, and enqueue that`
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return errors.New(resp.Status)
	}
	return resp.Body.Close()
}

func (c *client) get() (*http.Response, error) {
	return c.http.Get("https://example.com") // silent: a query
}

// A method's call is reported on the line of its name.
func chained(c *client) {
	go c.
		http.
		Do( // silent: a GET by its constant method
			must(http.NewRequest("GET", "https://example.com", nil)))
}

func must(r *http.Request, err error) *http.Request { return r }

var started = func() error {
	return smtp.SendMail("a:25", nil, "", nil, nil) // want `mail leaves here without Enqueue: started → net/smtp.SendMail; enqueue it`
}()

func background(to string) {
	go func() {
		_ = smtp.SendMail("a:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue`
	}()
	time.AfterFunc(time.Second, func() {
		_ = exec.Command("true").Run() // want `exec leaves here without Enqueue`
	})
}

// A literal that nobody is seen to call counts: the rule is lexical.
var Handlers = map[string]func(context.Context) error{
	"mail": func(ctx context.Context) error {
		return smtp.SendMail("a:25", nil, "", nil, nil) // want `mail leaves here without Enqueue: Handlers → net/smtp.SendMail`
	},
}

func dead() {
	panic("not yet")
	_ = smtp.SendMail("a:25", nil, "", nil, nil) // silent: never reached
}
