// Package service calls functions that packages which import it give to it.
package service

type Service struct {
	Send  func() error
	audit func()
	steps map[string]func()
}

func New(audit func()) *Service { return &Service{audit: audit} } // want `^stores #0 in \(example.com/fixtures/effects/stored/service.Service\).audit$`

func (s *Service) OnSend(f func() error) { s.Send = f } // want `^stores #1 in .*Service\).Send$`

func (s *Service) Run() error { // want `^open .*Send if unknown #0.Send; open .*audit if unknown #0.audit; calls #0.Send; calls #0.audit$`
	s.audit()
	return s.Send()
}

// OnStart is set by the program.
var OnStart func()

func Start() { OnStart() } // want `^open example.com/fixtures/effects/stored/service.OnStart; unknown$`

// A Handler is one of many: which one is called depends on more than that it is a handler's.
type Handler struct{ Do func() }

func Serve(h *Handler) { h.Do() } // want `^open .*Handler\).Do if unknown #0.Do; calls #0.Do$`
