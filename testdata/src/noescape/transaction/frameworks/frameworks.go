// Package frameworks: middleware that goes on with c.Next() while a transaction is open runs the handlers behind it in one.
package frameworks

import (
	"database/sql"
	"net/smtp"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
)

func send() error { return smtp.SendMail("mx:25", nil, "a@example.com", nil, nil) }

func transactional(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		tx, err := db.Begin()
		if err != nil {
			return
		}
		defer tx.Rollback()
		c.Set("tx", tx)
		c.Next()
		_ = tx.Commit()
	}
}

// recorded commits before it goes on.
func recorded(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		tx, err := db.Begin()
		if err != nil {
			return
		}
		_, _ = tx.Exec("INSERT INTO requests DEFAULT VALUES")
		_ = tx.Commit()
		c.Next()
	}
}

func routes(r *gin.Engine, db *sql.DB) {
	r.POST("/public", public)
	r.Use(recorded(db))
	r.POST("/recorded", public)
	r.Use(transactional(db))
	r.POST("/place", func(c *gin.Context) {
		_ = send() // want `mail inside a database transaction: .*; the transaction that frameworks.transactional opened on line 44 with \(\*sql\.DB\)\.Begin may`
	})
	r.POST("/cancel", cancel)
	gin.New().POST("/ship", func(c *gin.Context) {
		_ = send() // stands before the middleware
	}, transactional(db), func(c *gin.Context) {
		_ = send() // want `mail inside`
	})
}

func public(c *gin.Context) {
	_ = send() // in no transaction
}

func cancel(c *gin.Context) {
	_ = send() // want `mail inside`
}

var pool *sql.DB

// inTransaction is a middleware itself.
func inTransaction(c *gin.Context) {
	tx, err := pool.Begin()
	if err != nil {
		return
	}
	defer tx.Rollback()
	c.Next()
	_ = tx.Commit()
}

func grouped(r *gin.Engine) {
	g := r.Group("/orders")
	g.Use(inTransaction)
	g.GET("/ship", func(c *gin.Context) {
		_ = send() // want `mail inside`
	})
	r.GET("/other", func(c *gin.Context) {
		_ = send() // of another group
	})
}

func returning(db *sql.DB) fiber.Handler {
	return func(c *fiber.Ctx) error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if err := c.Next(); err != nil {
			tx.Rollback()
			return err
		}
		return tx.Commit()
	}
}

func fibers(app *fiber.App, db *sql.DB) {
	app.Use(returning(db))
	app.Get("/place", func(c *fiber.Ctx) error {
		return send() // want `mail inside`
	})
}
