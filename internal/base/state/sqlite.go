package state

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/mattn/go-sqlite3"
)

// sqliteConnector opens connections to one file with the same settings: in the data source name where the driver knows them, else right
// after opening. (A PRAGMA through Exec would reach one pooled connection only.)
type sqliteConnector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

// Connect opens a connection.
func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver is the driver behind it.
func (c sqliteConnector) Driver() driver.Driver { return c.driver }

func newSQLiteConnector(path string, settings url.Values, pragmas string) sqliteConnector {
	return sqliteConnector{
		dsn: "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + settings.Encode(),
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
			_, err := c.Exec(pragmas, nil)
			return err
		}},
	}
}

func (db *DB) openSQLite() error {
	if err := os.MkdirAll(filepath.Dir(db.path), 0o700); err != nil {
		return err
	}
	settings := url.Values{"_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"1"}}
	const pragmas = "PRAGMA temp_store = 2; PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 134217728; "
	settings.Set("_txlock", "immediate")
	db.write = sql.OpenDB(newSQLiteConnector(db.path, settings, pragmas+"PRAGMA cache_size = -65536"))
	db.write.SetMaxOpenConns(1)
	db.write.SetConnMaxLifetime(0)
	settings.Set("_txlock", "deferred")
	db.read = sql.OpenDB(newSQLiteConnector(db.path, settings, pragmas+"PRAGMA cache_size = -16384; PRAGMA query_only = 1"))
	n := max(4, runtime.GOMAXPROCS(0))
	db.read.SetMaxOpenConns(n)
	db.read.SetMaxIdleConns(n)
	return nil
}
