package goroutine

import (
	"net/smtp"

	"golang.org/x/sync/errgroup"
)

func ErrGroup() error { // want `^mail goroutine$`
	var g errgroup.Group
	g.Go(func() error { return smtp.SendMail("", nil, "", nil, nil) })
	return g.Wait()
}
