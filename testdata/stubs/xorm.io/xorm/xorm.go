// Package xorm is a stub: signatures only.
package xorm

type Engine struct{}

func (e *Engine) NewSession() *Session                                   { return nil }
func (e *Engine) Transaction(f func(*Session) (any, error)) (any, error) { return nil, nil }

type Session struct{}

func (s *Session) Begin() error                       { return nil }
func (s *Session) Commit() error                      { return nil }
func (s *Session) Rollback() error                    { return nil }
func (s *Session) Close() error                       { return nil }
func (s *Session) Insert(beans ...any) (int64, error) { return 0, nil }
func (s *Session) Get(beans ...any) (bool, error)     { return false, nil }
