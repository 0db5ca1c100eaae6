// Package answers tells of failures by the answer to a request, or by what is returned that is no error.
package answers

import (
	"context"
	"net/http"

	"github.com/airlock-go/airlock/airlock"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func send(context.Context, int) error { return nil }

func work(ctx context.Context) error { return airlock.Enqueue(ctx, send, 1) }

func refuse(w http.ResponseWriter, status int, text string) { http.Error(w, text, status) }

func limit(name string, n int) {}

func handler(orders map[string]int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, scope := airlock.Begin(r.Context())
		defer scope.Discard()
		if err := work(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		id, ok := orders[r.PathValue("id")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		switch id {
		case 1:
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		case 2:
			w.WriteHeader(http.StatusConflict)
			return
		case 3:
			refuse(w, http.StatusForbidden, "not yours")
			return
		case 4:
			w.WriteHeader(http.StatusAccepted)
			return // want `effects are silently lost`
		case 5:
			limit("orders", http.StatusNotFound) // a number
			return                               // want `effects are silently lost`
		}
		if err := scope.Flush(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	}
}

// What was answered before tells nothing of the work.
func answeredBefore(w http.ResponseWriter, r *http.Request) {
	ctx, scope := airlock.Begin(r.Context())
	defer scope.Discard()
	w.WriteHeader(http.StatusNotFound)
	if err := work(ctx); err != nil {
		return
	}
	if r.Method == http.MethodHead {
		return // want `effects are silently lost`
	}
	scope.Flush(ctx) // want `the error of Flush is dropped`
}

func withGin(c *gin.Context) {
	ctx, scope := airlock.Begin(c.Request.Context())
	defer scope.Discard()
	if err := work(ctx); err != nil {
		c.AbortWithStatusJSON(http.StatusInternalServerError, nil)
		return
	}
	if c.Query("id") == "" {
		c.JSON(http.StatusBadRequest, nil)
		return
	}
	if c.Query("id") == "0" {
		c.JSON(http.StatusOK, nil)
		return // want `effects are silently lost`
	}
	if err := scope.Flush(ctx); err != nil {
		c.AbortWithError(http.StatusBadGateway, err)
	}
}

func withEcho(c echo.Context) error {
	ctx, scope := airlock.Begin(c.Request().Context())
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return c.JSON(http.StatusInternalServerError, err.Error())
	}
	if c.Param("id") == "0" {
		return c.NoContent(http.StatusNoContent) // want `effects are silently lost`
	}
	if err := scope.Flush(ctx); err != nil {
		return c.JSON(http.StatusBadGateway, err.Error())
	}
	return c.NoContent(http.StatusNoContent)
}

func withFiber(c *fiber.Ctx) error {
	ctx, scope := airlock.Begin(c.UserContext())
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return c.Status(http.StatusInternalServerError).JSON(err.Error())
	}
	if c.Params("id") == "0" {
		return c.Status(http.StatusOK).JSON("nothing") // want `effects are silently lost`
	}
	if err := scope.Flush(ctx); err != nil {
		return c.SendStatus(http.StatusBadGateway)
	}
	return c.SendStatus(http.StatusNoContent)
}

type response struct {
	StatusCode int
	Body       string
}

func lambda(ctx context.Context, id string) (response, error) {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return response{StatusCode: http.StatusInternalServerError, Body: err.Error()}, nil
	}
	if id == "" {
		return response{StatusCode: http.StatusBadRequest}, nil
	}
	if id == "0" {
		return response{StatusCode: http.StatusOK}, nil // want `effects are silently lost`
	}
	return response{StatusCode: http.StatusOK}, scope.Flush(ctx)
}

func command(ctx context.Context, args []string) int {
	ctx, scope := airlock.Begin(ctx)
	defer scope.Discard()
	if err := work(ctx); err != nil {
		return 1
	}
	if len(args) == 0 {
		return 2
	}
	if len(args) == 1 {
		return 0 // want `effects are silently lost`
	}
	if err := scope.Flush(ctx); err != nil {
		return 1
	}
	return 0
}
