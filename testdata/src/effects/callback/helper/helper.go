// Package helper calls what it is given.
package helper

type Options struct {
	Name   string
	OnDone func()
}

func Do(f func()) { f() } // want `^calls #0$`

func Nested(f func()) { Do(f) } // want `^calls #0$`

func Run(o Options) { // want `^open .*OnDone if unknown #0.OnDone; calls #0.OnDone$`
	if o.OnDone != nil {
		o.OnDone()
	}
}

func RunPointer(o *Options) { Run(*o) } // want `^open .*OnDone if unknown #0.OnDone; calls #0.OnDone$`

type Hub struct{ hooks []func() }

func (h *Hub) Add(f func()) { h.hooks = append(h.hooks, f) } // silent: storing is not calling
