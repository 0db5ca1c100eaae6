// Package handler: handlers and framework callbacks count as scoped.
package handler

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"google.golang.org/grpc"

	"github.com/airlock-go/airlock/airlock"
)

func send(ctx context.Context, to string) error { return nil }

func place(w http.ResponseWriter, r *http.Request) { // S22
	airlock.Enqueue(r.Context(), send, "a") // a middleware opens the scope
}

func routes(mux *http.ServeMux) {
	mux.HandleFunc("/orders", place) // S22
	mux.HandleFunc("/mail", func(w http.ResponseWriter, r *http.Request) {
		airlock.Enqueue(r.Context(), send, "a") // S22
	})
}

type server struct{}

func (server) Place(ctx context.Context, req string) (string, error) {
	return "", airlock.Enqueue(ctx, send, req) // gRPC's interceptor opens the scope
}

func (server) Watch(req string, stream grpc.ServerStream) error {
	return airlock.Enqueue(stream.Context(), send, req) // the same
}

func ginHandler(c *gin.Context) {
	airlock.Enqueue(c.Request.Context(), send, "a") // the same
	airlock.Enqueue(c, send, "a")                   // a *gin.Context is a context
}

func ginMiddleware(c *gin.Context) { // S35
	ctx, s := airlock.Begin(c.Request.Context())
	defer s.Discard()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
	airlock.Enqueue(c.Request.Context(), send, "a") // the scope's own: the request was replaced
	s.Flush(ctx)
}

func ginForgotten(c *gin.Context) {
	ctx, s := airlock.Begin(c.Request.Context())
	defer s.Discard()
	airlock.Enqueue(c.Request.Context(), send, "a") // the request was not replaced // want `outside the scope`
	s.Flush(ctx)
}

func echoMiddleware(next echo.HandlerFunc) echo.HandlerFunc { // S35
	return func(c echo.Context) error {
		ctx, s := airlock.Begin(c.Request().Context())
		defer s.Discard()
		c.SetRequest(c.Request().WithContext(ctx))
		airlock.Enqueue(c.Request().Context(), send, "a") // the scope's own
		if err := next(c); err != nil {
			return err
		}
		return s.Flush(ctx)
	}
}

func fiberMiddleware(c *fiber.Ctx) error { // S35
	ctx, s := airlock.Begin(c.UserContext())
	defer s.Discard()
	c.SetUserContext(ctx)
	airlock.Enqueue(c.UserContext(), send, "a") // the scope's own
	if err := c.Next(); err != nil {
		return err
	}
	return s.Flush(ctx)
}

func httpMiddleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, s := airlock.Begin(r.Context())
		defer s.Discard()
		r = r.WithContext(ctx)
		airlock.Enqueue(r.Context(), send, "a") // the scope's own
		next.ServeHTTP(w, r)
		s.Flush(ctx)
	})
}
