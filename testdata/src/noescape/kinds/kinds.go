// Package kinds performs effects of kinds that are off by default.
package kinds

import (
	"database/sql"
	"log"
	"os"
)

func save(db *sql.DB) error {
	log.Print("saving")                                 // silent: log is off
	if _, err := db.Exec("DELETE FROM t"); err != nil { // silent: db is off
		return err
	}
	return os.WriteFile("a", nil, 0o600) //airlock:allow direct a kind that is off is no useless allow
}
