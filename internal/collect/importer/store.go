package importer

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

func migrate(ctx context.Context, db *state.DB) error {
	return db.Migrate(ctx, "importer", migrations)
}

const columns = `id, fingerprint, file, path, sha256, preset, mapping, options, state, row_count, accepted, rejected, bytes, bytes_done,
	batching, batches, position, created_at, started_at, finished_at, author, error_code, error`

// find gives the imports of a condition.
func find(ctx context.Context, q state.Querier, where string, args ...any) ([]Import, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM imports "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read imports: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []Import
	for rows.Next() {
		var i Import
		var mapping, options string
		var position, created, started, finished int64
		if err := rows.Scan(&i.ID, &i.Fingerprint, &i.File, &i.Path, &i.SHA256, &i.Preset, &mapping, &options, &i.State, &i.Rows, &i.Accepted,
			&i.Rejected, &i.Bytes, &i.BytesDone, &i.batching, &i.batches, &position, &created, &started, &finished, &i.Author, &i.ErrorCode, &i.Error); err != nil {
			return nil, err
		}
		if err := errors.Join(json.Unmarshal([]byte(mapping), &i.Mapping), json.Unmarshal([]byte(options), &i.Options)); err != nil {
			return nil, fmt.Errorf("read import %d: %w", i.ID, err)
		}
		i.position, i.CreatedAt, i.StartedAt, i.FinishedAt = uint64(position), moment(created), moment(started), moment(finished)
		out = append(out, i)
	}
	return out, rows.Err()
}

func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func get(ctx context.Context, q state.Querier, id int64) (Import, error) {
	found, err := find(ctx, q, "WHERE id = ?", id)
	if err != nil {
		return Import{}, err
	}
	if len(found) == 0 {
		return Import{}, fault.New(fault.NotFound, "import.none", "there is no import %d", id)
	}
	return found[0], nil
}

func insert(ctx context.Context, tx *state.Tx, i *Import) error {
	mapping, err := json.Marshal(i.Mapping)
	if err != nil {
		return err
	}
	options, err := json.Marshal(i.Options)
	if err != nil {
		return err
	}
	i.CreatedAt = tx.Now
	i.ID, err = tx.Insert(ctx, `INSERT INTO imports (fingerprint, file, path, sha256, preset, mapping, options, state, bytes, batching, created_at, author)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		i.Fingerprint, i.File, i.Path, i.SHA256, string(i.Preset), string(mapping), string(options), string(i.State), i.Bytes, i.batching,
		state.Micros(i.CreatedAt), i.Author)
	if err != nil {
		return fmt.Errorf("keep the import: %w", err)
	}
	return nil
}

// checkpoint stores how far an import has come, unless it was taken from us meanwhile.
func checkpoint(ctx context.Context, db *state.DB, i *Import) error {
	return db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE imports SET row_count = ?, rejected = ?, bytes_done = ?, batching = ?, batches = ?, position = ?
			WHERE id = ? AND state = ?`,
			i.Rows, i.Rejected, i.BytesDone, i.batching, i.batches, int64(i.position), i.ID, string(Running))
		return err
	})
}

// move changes the state from one of some; it reports whether it was one of them.
func move(ctx context.Context, tx *state.Tx, id int64, to State, from ...State) (bool, error) {
	args := []any{string(to), id}
	for _, f := range from {
		args = append(args, string(f))
	}
	res, err := tx.Exec(ctx, "UPDATE imports SET state = ? WHERE id = ? AND state IN "+state.Marks(1, len(from)), args...)
	if err != nil {
		return false, fmt.Errorf("move import %d to %s: %w", id, to, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// file is an uploaded file.
type file struct {
	ID, Name, SHA256, Author string
	Bytes                    int64
}

func getFile(ctx context.Context, q state.Querier, id string) (file, error) {
	f := file{ID: id}
	err := q.QueryRow(ctx, "SELECT name, bytes, sha256, author FROM import_files WHERE id = ?", id).Scan(&f.Name, &f.Bytes, &f.SHA256, &f.Author)
	if errors.Is(err, sql.ErrNoRows) {
		return f, fault.New(fault.NotFound, "import.no_file", "this file is no longer there; upload it again")
	}
	return f, err
}

func insertFile(ctx context.Context, tx *state.Tx, f file) error {
	_, err := tx.Exec(ctx, "INSERT INTO import_files (id, name, bytes, sha256, author, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		f.ID, f.Name, f.Bytes, f.SHA256, f.Author, state.Micros(tx.Now))
	return err
}

// oldFiles are uploads from before a moment that no import needs any more: none is waiting, running, or could be resumed.
func oldFiles(ctx context.Context, q state.Querier, before time.Time) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT f.id FROM import_files f WHERE f.created_at < ? AND NOT EXISTS (
		SELECT 1 FROM imports i WHERE i.sha256 = f.sha256 AND (i.state IN ('waiting', 'running') OR i.finished_at >= ?))`,
		state.Micros(before), state.Micros(before))
	if err != nil {
		return nil, fmt.Errorf("read old files: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
