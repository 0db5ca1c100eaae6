// Package echo has the signatures of github.com/labstack/echo/v4.
package echo

import "net/http"

type HandlerFunc func(c Context) error

type MiddlewareFunc func(next HandlerFunc) HandlerFunc

type Context interface {
	Request() *http.Request
	SetRequest(r *http.Request)
	Response() http.ResponseWriter
	Param(name string) string
	JSON(code int, i any) error
	NoContent(code int) error
}

type Route struct{}

type Echo struct{}

func New() *Echo { return nil }

func (e *Echo) Use(middleware ...MiddlewareFunc)                                   {}
func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route         { return nil }
func (e *Echo) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route        { return nil }
func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group                    { return nil }
func (e *Echo) Add(method, path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

type Group struct{}

func (g *Group) Use(middleware ...MiddlewareFunc)                            {}
func (g *Group) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route  { return nil }
func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }
