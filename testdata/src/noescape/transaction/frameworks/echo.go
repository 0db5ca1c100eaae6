package frameworks

import (
	"database/sql"

	"github.com/labstack/echo/v4"
)

func echoTx(db *sql.DB) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			tx, err := db.BeginTx(c.Request().Context(), nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if err := next(c); err != nil {
				return err
			}
			return tx.Commit()
		}
	}
}

func logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}

func echoCancel(c echo.Context) error {
	return send() // want `mail inside`
}

func echoRoutes(e *echo.Echo, db *sql.DB) {
	e.POST("/place", func(c echo.Context) error {
		return send() // want `mail inside`
	}, echoTx(db))
	e.POST("/logged", func(c echo.Context) error {
		return send() // without a transaction
	}, logged)
	e.Add("POST", "/ship", func(c echo.Context) error {
		return send() // want `mail inside`
	}, logged, echoTx(db))
	e.POST("/public", func(c echo.Context) error {
		return send() // the middleware is of other routes
	})
	g := e.Group("/orders", echoTx(db))
	g.POST("/pay", func(c echo.Context) error {
		return send() // want `mail inside`
	})
	e.Group("/carts").POST("/cancel", echoCancel, echoTx(db))
}
