// Package pop is a stub: signatures only.
package pop

type Connection struct{}

func (c *Connection) Transaction(fn func(tx *Connection) error) error { return nil }
func (c *Connection) Create(model any) error                          { return nil }
