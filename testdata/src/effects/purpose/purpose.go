// Package purpose has requests whose URL says that the method does not: a POST made for its answer, a GET that changes something.
package purpose

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const api = "https://example.org/api"

var verifyURL = "https://example.com/siteverify"

func Login(user string) error { // want `^http query$`
	req, err := http.NewRequest(http.MethodPost, api+"/login", strings.NewReader(user))
	if err != nil {
		return err
	}
	_, err = http.DefaultClient.Do(req)
	return err
}

func Token(base string) { // want `^http query$`
	http.PostForm(fmt.Sprintf("%s/oauth2/%s", base, "token"), nil)
}

func Verify() { http.PostForm(verifyURL, nil) } // want `^http query$`

func Joined(base string) error { // want `^http query$`
	endpoint, err := url.JoinPath(base, "v1", "/introspect")
	if err != nil {
		return err
	}
	_, err = http.Post(endpoint, "", nil)
	return err
}

func Path(u *url.URL) { // want `^http query$`
	u.Path = "/search"
	http.Post(u.String(), "", nil)
}

func Literal() { // want `^http$`
	u := url.URL{Scheme: "https", Host: "example.org", Path: "/unsubscribe"}
	http.Get(u.String())
}

func Save(page string) { http.Get("https://example.org/save/" + url.QueryEscape(page)) } // want `^http$`

type client struct{ base, confirm string }

func New(base string) *client { return &client{base: base, confirm: "/confirm"} }

func (c *client) endpoint(path string) string { return strings.TrimSuffix(c.base, "/") + path }

func (c *client) Confirm() { http.Get(c.endpoint(c.confirm)) } // want `^http$`

func (c *client) Search() { http.Post(c.endpoint("/search"), "", nil) } // want `^http query$`

func (c *client) Order() { http.Post(c.endpoint("/orders"), "", nil) } // want `^http$`

func Trimmed(base string) { http.Post(strings.TrimSuffix(base, "/login"), "", nil) } // want `^http$`

func Unknown(u string) { http.Post(u, "", nil) } // want `^http$`

func Either(login bool) { // want `^http$`
	path := "/login"
	if !login {
		path = "/orders"
	}
	http.Post(api+path, "", nil)
}

func Put() error { // want `^http$`
	req, err := http.NewRequest("PUT", api+"/login", nil)
	if err != nil {
		return err
	}
	_, err = http.DefaultClient.Do(req)
	return err
}

func Assigned() error { // want `^http$`
	req, err := http.NewRequest("GET", api+"/orders", nil)
	if err != nil {
		return err
	}
	req.Method = "POST"
	_, err = http.DefaultClient.Do(req)
	return err
}
