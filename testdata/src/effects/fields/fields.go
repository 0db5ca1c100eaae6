// Package fields holds functions and implementations in struct fields.
package fields

import "net/smtp"

func send() { smtp.SendMail("", nil, "", nil, nil) } // want `^mail$`

type service struct {
	notify func()
	quiet  func()
}

func newService() *service { return &service{notify: send, quiet: func() {}} }

func (s *service) Notify() { s.notify() } // want `^mail if unknown #0.notify; calls #0.notify$`

func Notify(s *service) { s.Notify() } // want `^mail if unknown #0.notify; calls #0.notify$`

func (s *service) Quiet() { s.quiet() } // want `^calls #0.quiet$`

func Process() { newService().Notify() } // want `^mail$`

func Silent() { newService().Quiet() } // silent: the other field performs

func Local() { // silent: this service's function is pure
	s := &service{notify: func() {}}
	s.Notify()
}

func LocalEffect() { // want `^mail$`
	s := service{notify: send}
	s.notify()
}

type worker struct{ job func() }

func newWorker(job func()) *worker { return &worker{job: job} } // the field holds what its callers give

func (w *worker) run() { w.job() } // want `^mail if unknown #0.job; calls #0.job$`

func Work() { newWorker(send).run() } // want `^mail$`

// A handler is one of many: a call of what it holds is not one of each.
type handler struct{ do func() }

var handlers = []*handler{{send}, {func() {}}, {func() { send() }}, {func() { send() }}, {func() { send() }}}

func serve(h *handler) { h.do() } // want `^calls #0.do$`

func Serve() { serve(handlers[0]) } // want `^mail$`

func Served() { serve(&handler{send}) } // want `^mail$`
