// Package transitive reaches effects through functions, methods, method values and expressions, here and in another package.
package transitive

import "example.com/fixtures/effects/transitive/notify"

func helper(c *notify.Client) error { return c.Send("b@example.com") } // want `^mail$`

func Process(c *notify.Client) error { return helper(c) } // want `^mail$`

func MethodValue(c *notify.Client) error { // want `^mail$`
	send := c.Send
	return send("b@example.com")
}

func MethodExpression(c *notify.Client) error { // want `^mail$`
	return (*notify.Client).Send(c, "b@example.com")
}

func Format() string { return notify.Format("b@example.com") } // silent

func Stored(c *notify.Client) bool { // silent: a function that is only stored or compared is not called
	send := c.Send
	return send == nil
}
