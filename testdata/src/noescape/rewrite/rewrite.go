// Package rewrite calls effects directly: asked to, a fix enqueues them.
package rewrite

import (
	"context"
	"database/sql"
	"net/smtp"
	"os/exec"
)

// Thank sends mail.
//
//airlock:effect mail
func Thank(ctx context.Context, to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil)
}

// Reindex runs a tool.
//
//airlock:effect exec
func Reindex() error { return exec.Command("reindex").Run() }

// Order has a plain context parameter.
func Order(ctx context.Context, to string) error {
	if err := Thank(ctx, to); err != nil { // want `Thank is an effect`
		return err
	}
	if err := Reindex(); err != nil { // want `Reindex is an effect`
		return err
	}
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here`
}

// Drop does not look at the error.
func Drop(ctx context.Context, to string) {
	Thank(ctx, to) // want `Thank is an effect`
}

// Derived derives its context from the parameter.
func Derived(ctx context.Context, to string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return Thank(ctx, to) // want `Thank is an effect`
}

// Not rewritten: there is no context.
func NoContext(to string) error {
	return smtp.SendMail("localhost:25", nil, "", []string{to}, nil) // want `mail leaves here`
}

// Not rewritten: that context has no scope.
func Background(to string) error {
	ctx := context.Background()
	return Thank(ctx, to) // want `Thank is an effect`
}

// Not rewritten: a goroutine and a deferred call mean something else.
func Later(ctx context.Context, to string) {
	go Thank(ctx, to)    // want `Thank is an effect`
	defer Thank(ctx, to) // want `Thank is an effect`
}

// Not rewritten: the address changes before the task would run.
func Changing(ctx context.Context, to []string) error {
	addr := "a:25"
	err := smtp.SendMail(addr, nil, "", to, nil) // want `mail leaves here`
	addr = "b:25"
	return err
}

//airlock:effect mail
func notify(ctx context.Context, tx *sql.Tx, id int) error { return nil }

// Not rewritten: the transaction is over when the task runs.
func Transaction(ctx context.Context, tx *sql.Tx) error {
	return notify(ctx, tx, 1) // want `notify is an effect`
}

// Not rewritten: the answer is used.
func Used(ctx context.Context) ([]byte, error) {
	out, err := exec.Command("reindex").Output()
	return out, err
}
