// Package iface calls interface methods: what flows to the call counts, else the implementations in sight.
package iface

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/smtp"

	"github.com/hibiken/asynq"
	"go.temporal.io/sdk/client"
)

type Mailer interface{ Send(to string) error }

type SMTP struct{ addr string }

func (s *SMTP) Send(to string) error { // want `^mail$`
	return smtp.SendMail(s.addr, nil, "", []string{to}, nil)
}

type Nop struct{}

func (Nop) Send(string) error { return nil }

func Any(m Mailer) error { return m.Send("a") } // want `^mail if unknown #0; open .*Mailer\).Send if unknown #0; calls #0.Send$`

func Known() error { // want `^mail$`
	var m Mailer = &SMTP{}
	return m.Send("a")
}

func KnownPure() error { // silent: the implementation used is pure
	var m Mailer = Nop{}
	return m.Send("a")
}

func GivenPure() error { return Any(Nop{}) } // silent

func Given() error { return Any(&SMTP{}) } // want `^mail$`

func New(quiet bool) Mailer { // want `^returns \*example.com/fixtures/effects/iface.SMTP; returns example.com/fixtures/effects/iface.Nop$`
	if quiet {
		return Nop{}
	}
	return &SMTP{}
}

func Made() error { return New(false).Send("a") } // want `^mail$`

type Service struct{ mailer Mailer }

func (s *Service) Process() error { return s.mailer.Send("a") } // want `^mail if unknown #0.mailer; open .*Mailer\).Send if unknown #0.mailer; calls #0.mailer.Send$`

func Built() error { // silent: this service's mailer is pure
	s := Service{mailer: Nop{}}
	return s.Process()
}

// A doer is satisfied by *http.Client, which the catalog knows.
type doer interface {
	Do(*http.Request) (*http.Response, error)
}

func Post(d doer) error { // want `^http unless #1 asks|^http if unknown #0`
	req, err := http.NewRequest(http.MethodPost, "https://example.com", nil)
	if err != nil {
		return err
	}
	_, err = d.Do(req)
	return err
}

// A queue is what others wrap a client in: no type in sight implements it, but one of its methods can only be the client's.
type queue interface {
	EnqueueContext(ctx context.Context, task *asynq.Task, opts ...asynq.Option) (*asynq.TaskInfo, error)
	Enqueue(task *asynq.Task) error // the client's takes options
	Name() string
}

func Enqueue(ctx context.Context, q queue) error { // want `^queue if unknown #1; open `
	_, err := q.EnqueueContext(ctx, asynq.NewTask("a", nil))
	return err
}

func EnqueueOther(q queue) error { return q.Enqueue(nil) } // want `^open `

// A starter stands for a method of an interface, by which temporal's client is known.
type starter interface {
	ExecuteWorkflow(ctx context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error)
}

func Start(ctx context.Context, s starter) error { // want `^queue if unknown #1; open `
	_, err := s.ExecuteWorkflow(ctx, client.StartWorkflowOptions{}, "a")
	return err
}

func Close(w io.WriteCloser) error { return w.Close() } // silent: an interface of the standard library

func Text(s fmt.Stringer, err error) string { return s.String() + err.Error() } // silent
