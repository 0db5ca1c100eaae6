// Package ports: transactions behind interfaces, of the package itself and of others that it does not import.
package ports

import (
	"context"
	"database/sql"
	"net/smtp"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

// Runner is implemented twice here: by one that opens a transaction, and by a fake.
type Runner interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

type sqlRunner struct{ db *sql.DB }

func (r sqlRunner) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

type fakeRunner struct{}

func (fakeRunner) Do(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

func implemented(ctx context.Context, r Runner) error {
	return r.Do(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

// Transactor is implemented nowhere in sight: its method says what it does.
type Transactor interface {
	WithTx(ctx context.Context, fn func(ctx context.Context) error) error
	AfterCommitTx(ctx context.Context, fn func(ctx context.Context) error) error
}

func named(ctx context.Context, t Transactor) error {
	return t.WithTx(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

type service struct{ t Transactor }

func (s *service) atomically(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.t.WithTx(ctx, fn)
}

func throughWrapper(ctx context.Context, s *service) error {
	return s.atomically(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

func hook(ctx context.Context, t Transactor) error {
	return t.AfterCommitTx(ctx, func(ctx context.Context) error {
		return send() // after the commit, by its name
	})
}

// Unit can begin, commit and roll back.
type Unit interface {
	Begin(ctx context.Context) (context.Context, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

func unit(ctx context.Context, u Unit) error {
	ctx, err := u.Begin(ctx)
	if err != nil {
		return err
	}
	_ = send() // want `mail inside`
	if err := u.Commit(ctx); err != nil {
		return err
	}
	return send()
}

func within(ctx context.Context, u Unit, fn func(ctx context.Context) error) error {
	ctx, err := u.Begin(ctx)
	if err != nil {
		return err
	}
	if err := fn(ctx); err != nil {
		_ = u.Rollback(ctx)
		return err
	}
	return u.Commit(ctx)
}

func throughUnit(ctx context.Context, u Unit) error {
	return within(ctx, u, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}

// Deps hold a helper in a field: its name says what it does.
type Deps struct {
	InTx  func(ctx context.Context, fn func(ctx context.Context) error) error
	Retry func(ctx context.Context, fn func(ctx context.Context) error) error
}

func throughField(ctx context.Context, d *Deps) error {
	if err := d.InTx(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	}); err != nil {
		return err
	}
	return d.Retry(ctx, func(ctx context.Context) error {
		return send() // Retry opens no transaction
	})
}

func throughValue(ctx context.Context, r sqlRunner) error {
	run := r.Do
	return run(ctx, func(ctx context.Context) error {
		return send() // want `mail inside`
	})
}
