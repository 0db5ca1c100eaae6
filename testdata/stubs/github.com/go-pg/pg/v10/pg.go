// Package pg is a stub: signatures only.
package pg

import "context"

type baseDB struct{}

type DB struct{ *baseDB }

type Tx struct{}

func (db *baseDB) Begin() (*Tx, error)                                            { return nil, nil }
func (db *baseDB) RunInTransaction(ctx context.Context, fn func(*Tx) error) error { return nil }
func (tx *Tx) Commit() error                                                      { return nil }
func (tx *Tx) Rollback() error                                                    { return nil }
func (tx *Tx) Close() error                                                       { return nil }
