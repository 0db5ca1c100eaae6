// Package gorm is a stub: signatures only.
package gorm

import (
	"context"
	"database/sql"
)

type DB struct {
	Error        error
	RowsAffected int64
}

func (db *DB) Begin(opts ...*sql.TxOptions) *DB                                      { return db }
func (db *DB) Commit() *DB                                                           { return db }
func (db *DB) Rollback() *DB                                                         { return db }
func (db *DB) Transaction(fc func(tx *DB) error, opts ...*sql.TxOptions) (err error) { return nil }
func (db *DB) Create(value any) *DB                                                  { return db }
func (db *DB) Save(value any) *DB                                                    { return db }
func (db *DB) Where(query any, args ...any) *DB                                      { return db }
func (db *DB) Model(value any) *DB                                                   { return db }
func (db *DB) Find(dest any, conds ...any) *DB                                       { return db }
func (db *DB) WithContext(ctx context.Context) *DB                                   { return db }
