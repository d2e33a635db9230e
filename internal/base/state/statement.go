package state

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps the texts that transactions use again and again parsed on SQLite's one writing connection: parsing a long INSERT
// costs as much as running it. pgx keeps its own, so PostgreSQL does not need this.
type statements struct {
	mu     sync.Mutex
	kept   map[string]*sql.Stmt
	wanted map[string]int
}

const (
	keepAfter = 3   // uses of a text before it is kept
	keepMost  = 300 // texts; beyond, all are parsed each time
	wantMost  = 2000
)

// kept is the parsed statement of a text, nil if it has none (yet).
func (tx *Tx) kept(ctx context.Context, query string) *sql.Stmt {
	if tx.db.dialect != SQLite {
		return nil
	}
	if s, ok := tx.own[query]; ok {
		return s
	}
	st := &tx.db.statements
	st.mu.Lock()
	s := st.kept[query]
	if s == nil && len(st.wanted) < wantMost {
		st.wanted[query]++
	}
	st.mu.Unlock()
	if s == nil {
		return nil
	}
	s = tx.tx.StmtContext(ctx, s)
	tx.own[query] = s
	return s
}

// prepareWanted parses what was used often. It runs between transactions, because the writer has one connection.
func (db *DB) prepareWanted(ctx context.Context) {
	if db.dialect != SQLite {
		return
	}
	st := &db.statements
	st.mu.Lock()
	var texts []string
	for q, n := range st.wanted {
		if n >= keepAfter && len(st.kept)+len(texts) < keepMost {
			texts = append(texts, q)
		}
	}
	if len(st.wanted) >= wantMost {
		clear(st.wanted)
	}
	st.mu.Unlock()
	for _, q := range texts {
		s, err := db.write.PrepareContext(ctx, q) //nolint:sqlclosecheck // kept for the life of the DB
		if err != nil {
			return // the transaction that uses it will say what is wrong
		}
		st.mu.Lock()
		if st.kept[q] == nil {
			st.kept[q], s = s, nil
		}
		delete(st.wanted, q)
		st.mu.Unlock()
		if s != nil {
			_ = s.Close() // another was faster
		}
	}
}
