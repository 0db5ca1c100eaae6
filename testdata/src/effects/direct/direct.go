// Package direct calls effects by name.
package direct

import (
	"bytes"
	"net/http"
	"net/rpc"
	"net/smtp"
	"os"
	"os/exec"
	"strings"
	"text/template"
)

func Mail() error { // want `^mail$`
	return smtp.SendMail("localhost:25", nil, "a@example.com", nil, nil)
}

func Answered(c *http.Client) (int, error) { // want `^http used$`
	resp, err := c.Post("https://example.com", "text/plain", nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

func Closed(c *http.Client) error { // want `^http$`
	resp, err := c.Post("https://example.com", "text/plain", nil)
	if err != nil {
		return err
	}
	defer func() { resp.Body.Close() }() // closing the answer is not using it
	return nil
}

func Again(c *http.Client) error { // want `^http$`
	resp, err := c.Post("https://example.com", "text/plain", nil)
	last := &resp
	for range 3 {
		resp = *last // assigned what it held: no use of the answer
	}
	func() { resp.Body.Close() }()
	return err
}

func Ran() error { // want `^exec$`
	_, err := exec.Command("make").CombinedOutput()
	return err
}

func Asked() (string, error) { // want `^exec query used$`
	out, err := exec.Command("git", "status").Output()
	return string(out), err
}

func Written() error { // want `^fs$`
	return os.WriteFile("a", nil, 0o600)
}

func Printed() {
	os.Stdout.WriteString("hello") // silent: the process's own output
}

func Dead() {
	if false {
		panic("never")
	}
	panic("always")
	Mail() // silent: nothing gets here
}

func Pure(t *template.Template) string { // silent: the catalog names nothing of this
	var b bytes.Buffer
	t.Execute(&b, http.Header{}.Get("X"))
	return strings.ToUpper(b.String())
}

// The answer of a call may come where an argument points.

func Replied(c *rpc.Client) (int, error) { // want `^rpc used$`
	var total int
	err := c.Call("Orders.Place", 1, &total)
	return total, err
}

func Ignored(c *rpc.Client) error { // want `^rpc$`
	var ignored int
	return c.Call("Orders.Place", 1, &ignored)
}

func Handed(c *rpc.Client, reply *int) error { // want `^rpc used$`
	return c.Call("Orders.Place", 1, reply)
}

func None(c *rpc.Client) error { // want `^rpc$`
	return c.Call("Orders.Place", 1, nil)
}
