// Package errs makes errors, and knows nothing of scopes.
package errs

import "fmt"

type Error struct{ Msg string }

func (e *Error) Error() string { return e.Msg }

func NotFound(id int) error { return &Error{fmt.Sprint(id, " not found")} }

func BadRequest(id int) error { return invalid(id) }

func invalid(id int) error { return fmt.Errorf("bad %d", id) }

func Lookup(id int) (string, error) { return "", NotFound(id) }

// Check fails for some.
func Check(id int) error {
	if id < 0 {
		return BadRequest(id)
	}
	return nil
}

// Last hands on what it is given.
func Last(errs []error) error { return errs[len(errs)-1] }
