// Package user calls what another package declares an effect.
package user

import "example.com/fixtures/effects/declared"

func Publishes() error { return declared.Publish() } // want `^queue$`

func CallsEmpty() { declared.Empty() } // want `^other$`

func Sends(b declared.Bus) error { return b.Send() } // want `^other$`
