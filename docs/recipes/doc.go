// Package recipes has an airlock.Transact for each of the transaction libraries that people use: copy the one you need.
//
// Each hands the library's own transaction to the closure through the context, rolls back when the closure fails or panics, and leaves
// retries to the library. The tests run them against a real PostgreSQL.
package recipes
