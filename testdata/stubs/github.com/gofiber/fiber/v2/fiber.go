// Package fiber has the signatures of github.com/gofiber/fiber/v2.
package fiber

import "context"

type Ctx struct{}

type Handler = func(*Ctx) error

func (c *Ctx) UserContext() context.Context       { return nil }
func (c *Ctx) SetUserContext(ctx context.Context) {}
func (c *Ctx) Params(key string) string           { return "" }
func (c *Ctx) Next() error                        { return nil }
func (c *Ctx) Status(status int) *Ctx             { return c }
func (c *Ctx) SendStatus(status int) error        { return nil }
func (c *Ctx) JSON(data any) error                { return nil }

type App struct{}

func New() *App { return nil }

func (a *App) Use(args ...any)                           {}
func (a *App) Get(path string, handlers ...Handler) *App { return nil }
