// Package constant has calls that a constant argument makes a command or a query.
package constant

import (
	"context"
	"net/http"
	"os"
)

type client struct{ http *http.Client }

func (c *client) do(req *http.Request) error { // want `^http unless #1 asks$`
	_, err := c.http.Do(req)
	return err
}

func (c *client) call(method, path string) error { // want `^http unless #1 asks$`
	req, err := http.NewRequestWithContext(context.Background(), method, "https://example.com"+path, nil)
	if err != nil {
		return err
	}
	return c.do(req)
}

func (c *client) Get() error { return c.call("GET", "/") } // want `^http query$`

func (c *client) Create() error { return c.call(http.MethodPost, "/") } // want `^http$`

func (c *client) Either(write bool) error { // want `^http$`
	method := "GET"
	if write {
		method = "POST"
	}
	return c.call(method, "/")
}

func (c *client) Assigned() error { // want `^http$`
	req, _ := http.NewRequest("GET", "https://example.com", nil)
	req.Method = "DELETE"
	return c.do(req)
}

func newRequest(method string) (*http.Request, error) {
	return http.NewRequest(method, "https://example.com", nil)
}

func (c *client) Built() error { // want `^http query$`
	req, err := newRequest("HEAD")
	if err != nil {
		return err
	}
	return c.do(req)
}

func Read() error { // want `^fs query$`
	f, err := os.OpenFile("a", os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

func Create() error { // want `^fs$`
	f, err := os.OpenFile("a", os.O_WRONLY|os.O_CREATE, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

func PrintedEither(wrong bool) {
	out := os.Stdout
	if wrong {
		out = os.Stderr
	}
	out.WriteString("hello") // silent: either is
}

func PrintedOrWritten(f *os.File) { // want `^fs$`
	out := os.Stdout
	if f != nil {
		out = f
	}
	out.WriteString("hello")
}
