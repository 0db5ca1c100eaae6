// Package workers has handlers of job libraries: the far side of the airlock.
package workers

import (
	"context"
	"net/smtp"

	"github.com/hibiken/asynq"
	"github.com/riverqueue/river"
	"go.temporal.io/sdk/worker"
)

func send(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: only handlers call it
}

type mailArgs struct{ to string }

func (mailArgs) Kind() string { return "mail" }

type mailWorker struct {
	river.WorkerDefaults[mailArgs]
}

func (w *mailWorker) Work(ctx context.Context, job *river.Job[mailArgs]) error {
	return send(job.Args.to) // silent: River calls it
}

// notWorker has a method of the name, and is no worker.
type notWorker struct{}

func (notWorker) Work(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here without Enqueue: notWorker.Work`
}

type processor struct{}

func (processor) ProcessTask(ctx context.Context, t *asynq.Task) error {
	return send("") // silent: asynq calls it
}

func process(ctx context.Context, t *asynq.Task) error { return send("") } // silent: registered below

var converted = asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error { return send("") }) // silent

// Activities is registered with Temporal.
type Activities struct{}

// Mail is an activity.
func (a *Activities) Mail(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: an activity
}

// Remind is an activity that is a function.
func Remind(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // silent: an activity
}

// Workflow must be deterministic: what it performs it performs again on every replay.
func Workflow() error {
	return smtp.SendMail("localhost:25", nil, "", nil, nil) // want `mail leaves here without Enqueue: Workflow`
}

func register(w worker.Worker, mux *asynq.ServeMux, workers *river.Workers) {
	river.AddWorker(workers, &mailWorker{})
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[mailArgs]) error {
		return send(job.Args.to) // silent
	}))
	mux.Handle("mail", processor{})
	mux.Handle("other", converted)
	mux.HandleFunc("process", process)
	w.RegisterActivity(&Activities{})
	w.RegisterActivity(Remind)
	w.RegisterWorkflow(Workflow)
}
