package rulebench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// fillPeople copies the people as the state has them.
func fillPeople(ctx context.Context, peers *sql.DB, db *state.DB) (err error) {
	conn, err := peers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(dc any) (err error) {
		to, err := duckdb.NewAppenderFromConn(dc.(*duckdb.Conn), "", "people") //nolint:errcheck // it is one
		if err != nil {
			return fmt.Errorf("make the peers' people: %w", err)
		}
		defer func() { err = errors.Join(err, to.Close()) }()
		var bad error
		err = person.Scan(ctx, db, 0, func(p person.Now) bool {
			city, level, vip, err := seenOf(p)
			if err == nil {
				err = to.AppendRow(uint32(p.ID), city, uint8(level), vip, p.FirstChannel, p.LastChannel)
			}
			bad = err
			return err == nil
		})
		return errors.Join(err, bad)
	})
}

// duckPeer is DuckDB on the sorted table.
type duckPeer struct{ db *sql.DB }

func (p duckPeer) ways(q question, since func(days int) int64) []string {
	return []string{duck().query(q, since)}
}

func (p duckPeer) ask(ctx context.Context, query string) (n int64, err error) {
	err = p.db.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}

func (b *bench) askDuckDB(ctx context.Context) (seconds float64, err error) {
	db, err := openDuckDB(ctx, b.f.peers(), 2, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return b.askAll(ctx, "DuckDB", duckPeer{db})
}
