// Package dbx is a stub: signatures only.
package dbx

type DB struct{}

type Tx struct{}

func (db *DB) Begin() (*Tx, error)                         { return nil, nil }
func (db *DB) Transactional(f func(*Tx) error) (err error) { return nil }
func (t *Tx) Commit() error                                { return nil }
func (t *Tx) Rollback() error                              { return nil }
