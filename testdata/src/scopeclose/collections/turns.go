package collections

import (
	"context"
	"errors"

	"github.com/airlock-go/airlock/airlock"
)

func send(context.Context, int) error { return nil }

type part struct {
	ctx   context.Context
	scope *airlock.Scope
}

func earlierTurns(ctx context.Context, ids []int) error {
	var parts []*part
	for _, id := range ids {
		ctx, scope := airlock.Begin(airlock.Detach(ctx)) // want `still open at the return`
		if err := airlock.Enqueue(ctx, send, id); err != nil {
			scope.Discard()
			return err
		}
		parts = append(parts, &part{ctx, scope})
	}
	var errs []error
	for _, p := range parts {
		errs = append(errs, p.scope.Flush(p.ctx))
	}
	return errors.Join(errs...)
}

func prepare(ctx context.Context, id int) (*part, error) {
	ctx, scope := airlock.Begin(airlock.Detach(ctx))
	if err := airlock.Enqueue(ctx, send, id); err != nil {
		scope.Discard()
		return nil, err
	}
	return &part{ctx, scope}, nil
}

func earlierParts(ctx context.Context, ids []int) error {
	var parts []*part
	for _, id := range ids {
		p, err := prepare(ctx, id) // want `still open at the return`
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	for _, p := range parts {
		p.scope.Discard()
	}
	return nil
}

func earlierPartsDeferred(ctx context.Context, ids []int) error {
	var parts []*part
	defer func() {
		for _, p := range parts {
			p.scope.Discard()
		}
	}()
	for _, id := range ids {
		p, err := prepare(ctx, id)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	var errs []error
	for _, p := range parts {
		errs = append(errs, p.scope.Flush(p.ctx))
	}
	return errors.Join(errs...)
}

func discardAll(parts []*part) {
	for _, p := range parts {
		p.scope.Discard()
	}
}

func earlierPartsByHelper(ctx context.Context, ids []int) error {
	var parts []*part
	for _, id := range ids {
		p, err := prepare(ctx, id)
		if err != nil {
			discardAll(parts)
			return err
		}
		parts = append(parts, p)
	}
	var errs []error
	for _, p := range parts {
		errs = append(errs, p.scope.Flush(p.ctx))
	}
	return errors.Join(errs...)
}

type pool struct{ parts []*part }

func (p *pool) fill(ctx context.Context, ids []int) error {
	for _, id := range ids {
		part, err := prepare(ctx, id)
		if err != nil {
			return err // what the pool has stays there
		}
		p.parts = append(p.parts, part)
	}
	return nil
}

func handsOut(ctx context.Context, ids []int) (parts []*part, err error) {
	for _, id := range ids {
		p, err := prepare(ctx, id)
		if err != nil {
			return parts, err // with what was made so far
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func skips(ctx context.Context, ids []int) error {
	var parts []*part
	for _, id := range ids {
		p, err := prepare(ctx, id)
		if err != nil {
			continue
		}
		parts = append(parts, p)
	}
	discardAll(parts)
	return nil
}
