package state

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

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
	settings := url.Values{"_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"1"}, "_mutex": {"no"}}
	const pragmas = "PRAGMA temp_store = 2; PRAGMA wal_autocheckpoint = 32000; PRAGMA journal_size_limit = 134217728; "
	settings.Set("_txlock", "immediate")
	db.write = sql.OpenDB(newSQLiteConnector(db.path, settings, pragmas+"PRAGMA cache_size = -98304"))
	db.write.SetMaxOpenConns(1)
	db.write.SetConnMaxLifetime(0)
	settings.Set("_txlock", "deferred")
	db.read = sql.OpenDB(newSQLiteConnector(db.path, settings, pragmas+"PRAGMA cache_size = -32768; PRAGMA query_only = 1"))
	n := max(4, runtime.GOMAXPROCS(0))
	db.read.SetMaxOpenConns(n)
	db.read.SetMaxIdleConns(n)
	db.checkpoints = newCheckpoints(sql.OpenDB(newSQLiteConnector(db.path, settings, "PRAGMA cache_size = -2048; PRAGMA wal_autocheckpoint = 0")), db.path+"-wal")
	return nil
}

// checkpoints copies the write-ahead log into the database file beside the writer. SQLite would have the writer do it, after some commit or
// other, and everybody would wait for it. The writer's own (wal_autocheckpoint) comes later and finds little left, after which the
// write-ahead log begins anew.
type checkpoints struct {
	db   *sql.DB
	wal  string
	stop chan struct{}
	done chan struct{}
}

const (
	checkpointLook = 500 * time.Millisecond
	checkpointFrom = 32 << 20 // bytes of the write-ahead log
)

func newCheckpoints(db *sql.DB, wal string) *checkpoints {
	db.SetMaxOpenConns(1)
	c := &checkpoints{db: db, wal: wal, stop: make(chan struct{}), done: make(chan struct{})}
	go c.run()
	return c
}

func (c *checkpoints) run() {
	defer close(c.done)
	look := time.NewTicker(checkpointLook)
	defer look.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-look.C:
		}
		if fi, err := os.Stat(c.wal); err != nil || fi.Size() < checkpointFrom {
			continue
		}
		// It never waits for others nor they for it. If it fails, the writer's own does the work and says what is wrong.
		_, _ = c.db.Exec("PRAGMA wal_checkpoint(PASSIVE)") //nolint:noctx // it ends with the store
	}
}

func (c *checkpoints) close() error {
	close(c.stop)
	<-c.done
	return c.db.Close()
}
