// Package maps holds functions in maps, slices and package variables.
package maps

import "net/smtp"

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

var handlers = map[string]func(){"mail": send, "none": func() {}}

func Handle(name string) { handlers[name]() } // want `^mail$`

var steps = []func(){func() {}}

func init() { steps = append(steps, send) }

func Steps() { // want `^mail$`
	for _, s := range steps {
		s()
	}
}

func Local() { // want `^mail$`
	m := map[string]func(){}
	m["mail"] = send
	if f, ok := m["mail"]; ok {
		f()
	}
}

func LocalPure() { // silent: this map holds nothing else
	m := map[string]func(){"none": func() {}}
	m["none"]()
}

type mux struct{ routes map[string]func() }

func (m *mux) add(name string, f func()) { m.routes[name] = f }

func (m *mux) serve(name string) { m.routes[name]() } // want `^mail if unknown #0.routes; calls #0.routes$`

func Serve() { // want `^mail$`
	m := new(mux)
	m.add("mail", send)
	m.serve("mail")
}
