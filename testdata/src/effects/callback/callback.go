// Package callback gives functions to helpers: each call has its own argument's effects.
package callback

import (
	"net/smtp"
	"sort"

	"example.com/fixtures/effects/callback/helper"
)

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

func Effect() { helper.Do(send) } // want `^mail$`

func Literal() { helper.Nested(func() { send() }) } // want `^mail$`

func Pure() { helper.Do(func() {}) } // silent: others give the same helper an effect

func PassedOn(f func()) { helper.Nested(f) } // want `^calls #0$`

func ThroughPassedOn() { PassedOn(send) } // want `^mail$`

func Options() { // want `^mail$`
	helper.Run(helper.Options{Name: "a", OnDone: send})
}

func OptionsVariable() { // want `^mail$`
	o := helper.Options{Name: "a"}
	o.OnDone = send
	helper.RunPointer(&o)
}

func OptionsPure() { // silent
	helper.Run(helper.Options{OnDone: func() {}})
}

func OptionsNil() { // silent: nothing to call
	helper.Run(helper.Options{Name: "a"})
}

func Hook(h *helper.Hub) { h.Add(send) } // silent: stored, not called

type client struct{}

func (client) send() { send() } // want `^mail$`

func MethodValue(c client) { helper.Do(c.send) } // want `^mail$`

func Sorted(xs []int) { // want `^mail$`
	sort.Slice(xs, func(i, j int) bool { send(); return xs[i] < xs[j] })
}

func catalogued(f func(string, smtp.Auth, string, []string, []byte) error) error { // want `^calls #0$`
	return f("", nil, "", nil, nil)
}

func Catalogued() error { return catalogued(smtp.SendMail) } // want `^mail$`
