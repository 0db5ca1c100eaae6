// Package foreign calls third-party code, which is summarised from source.
package foreign

import (
	"net/http"
	"net/smtp"

	"example.org/sdk"
)

func Charge(c *sdk.Client) error { return c.Charge() } // want `^http$`

func Balance(c *sdk.Client) error { return c.Balance() } // want `^http query$`

func Ordered(c *sdk.Client) (int, error) { return c.Order() } // want `^http used$`

func Dropped(c *sdk.Client) error { // want `^http$`
	_, err := c.Order() // the library uses the answer, the user's code does not
	return err
}

func Save(c *sdk.Client) error { return c.Save() } // silent: third-party summaries leave out kinds that are off

func HandedOut(c *sdk.Client) error { // want `^http used$`
	client := c.HTTP
	req, err := http.NewRequest("PUT", "https://example.org", nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	println(resp.StatusCode)
	return resp.Body.Close()
}

func Call(r *sdk.Registry, c *sdk.Client) { // want `^calls #0.funcs$`
	r.AddPost(c)
	r.Call("post") // silent but for the question to the caller: a third party's registry is its users' choice
}

func Retried() error { // want `^mail$`
	return sdk.Retry(func() error { return smtp.SendMail("", nil, "", nil, nil) })
}

func RetriedPure() error { // silent
	return sdk.Retry(func() error { return nil })
}

func Encode(c sdk.Codec) { c.Encode() } // silent: interfaces of third parties are not resolved by implementations

type codec struct{}

func (codec) Encode() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func EncodeKnown() { // want `^mail$`
	var c sdk.Codec = codec{}
	c.Encode()
}
