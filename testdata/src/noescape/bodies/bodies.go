// Package bodies performs effects where Enqueue runs them.
package bodies

import (
	"context"
	"net/http"
	"net/smtp"
	"os/exec"

	"github.com/airlock-go/airlock/airlock"

	"example.com/fixtures/noescape/task/warehouse"
)

func mail(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: only effect bodies call it
}

func literals(ctx context.Context, to string) error {
	err := airlock.EnqueueFunc(ctx, "mail", func(context.Context) error { return mail(to) }) // silent
	if err != nil {
		return err
	}
	later := func(ctx context.Context, to string) error { return mail(to) } // silent: it becomes a task below
	return airlock.Enqueue(ctx, later, to)
}

var welcome = airlock.NewTask("welcome", func(ctx context.Context, to string) error {
	return mail(to) // silent
})

// later enqueues on its caller's behalf.
func later(ctx context.Context, fn func(context.Context) error) error {
	return airlock.EnqueueFunc(ctx, "later", fn)
}

func evenLater(ctx context.Context, fn func(context.Context) error) error { return later(ctx, fn) }

func handedOn(ctx context.Context, to string) error {
	err := evenLater(ctx, func(context.Context) error {
		return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: it becomes a task
	})
	if err != nil {
		return err
	}
	return warehouse.Later(ctx, func(context.Context) error {
		return exec.Command("run", to).Run() // silent: another package makes it a task
	})
}

type service struct{ from string }

func (s *service) thank(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, s.from, []string{to}, nil) // silent: a task below
}

func (s *service) order(ctx context.Context, to string) error {
	return airlock.Enqueue(ctx, s.thank, to)
}

// executor runs intents elsewhere.
type executor struct{}

func (executor) Execute(ctx context.Context, i *airlock.Intent) error {
	return exec.Command("run", i.Name()).Run() // silent: an executor
}

func (executor) ExecuteBatch(ctx context.Context, is []*airlock.Intent) []error {
	return []error{exec.Command("run").Run()} // silent: an executor
}

var custom = airlock.ExecutorFunc(func(ctx context.Context, i *airlock.Intent) error {
	return exec.Command("run", i.Name()).Run() // silent: an executor
})

// transport wraps another: who calls the outermost has the finding.
type transport struct{ next http.RoundTripper }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("X-Shop", "1")
	return t.next.RoundTrip(r) // silent
}

// Execute has the name, but runs no intent.
type other struct{}

func (other) Execute(ctx context.Context, name string) error {
	return exec.Command("run", name).Run() // want `exec leaves here without Enqueue: other.Execute`
}
