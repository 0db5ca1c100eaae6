// Package gin has the signatures of github.com/gin-gonic/gin.
package gin

import (
	"context"
	"net/http"
	"time"
)

type HandlerFunc func(*Context)

type Context struct {
	Request *http.Request
	Writer  http.ResponseWriter
}

func (c *Context) Copy() *Context                         { return nil }
func (c *Context) Next()                                  {}
func (c *Context) Param(key string) string                { return "" }
func (c *Context) Query(key string) string                { return "" }
func (c *Context) JSON(code int, obj any)                 {}
func (c *Context) Set(key string, value any)              {}
func (c *Context) Get(key string) (any, bool)             { return nil, false }
func (c *Context) Deadline() (t time.Time, ok bool)       { return }
func (c *Context) Done() <-chan struct{}                  { return nil }
func (c *Context) Err() error                             { return nil }
func (c *Context) Value(key any) any                      { return nil }
func (c *Context) AbortWithError(code int, err error) any { return nil }
func (c *Context) AbortWithStatusJSON(code int, obj any)  {}

var _ context.Context = (*Context)(nil)

type IRoutes interface {
	Use(...HandlerFunc) IRoutes
	GET(string, ...HandlerFunc) IRoutes
	POST(string, ...HandlerFunc) IRoutes
	Handle(string, string, ...HandlerFunc) IRoutes
}

type RouterGroup struct{}

func (g *RouterGroup) Use(middleware ...HandlerFunc) IRoutes                           { return nil }
func (g *RouterGroup) GET(path string, handlers ...HandlerFunc) IRoutes                { return nil }
func (g *RouterGroup) POST(path string, handlers ...HandlerFunc) IRoutes               { return nil }
func (g *RouterGroup) Handle(method, path string, handlers ...HandlerFunc) IRoutes     { return nil }
func (g *RouterGroup) Group(relativePath string, handlers ...HandlerFunc) *RouterGroup { return nil }

type Engine struct{ RouterGroup }

func New() *Engine     { return nil }
func Default() *Engine { return nil }

func (e *Engine) Use(middleware ...HandlerFunc) IRoutes            { return nil }
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
func (e *Engine) Run(addr ...string) error                         { return nil }
