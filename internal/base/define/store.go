package define

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

const columns = "v.kind, v.key, v.version, v.spec, v.author, v.at, v.note"

func scan(row interface{ Scan(...any) error }) (Definition, error) {
	var d Definition
	var spec string
	var at int64
	err := row.Scan(&d.Kind, &d.Key, &d.Version, &spec, &d.Author, &at, &d.Note)
	d.Spec, d.At = json.RawMessage(spec), state.Time(at)
	return d, err
}

func getVersion(ctx context.Context, q state.Querier, kind, key string, version int64) (Definition, error) {
	d, err := scan(q.QueryRow(ctx, "SELECT "+columns+" FROM definition_version v WHERE v.kind = ? AND v.key = ? AND v.version = ?", kind, key, version))
	if errors.Is(err, sql.ErrNoRows) {
		return Definition{}, fault.New(fault.NotFound, "define.version_not_found", "%s %s has no version %d", kind, key, version)
	}
	return d, err
}

// Find gives the version in force, if there is one.
func (s *Service) Find(ctx context.Context, kind, key string) (Definition, bool, error) {
	d, err := scan(s.db.QueryRow(ctx, "SELECT "+columns+` FROM definition d JOIN definition_version v
		ON v.kind = d.kind AND v.key = d.key AND v.version = d.version WHERE d.kind = ? AND d.key = ?`, kind, key))
	if errors.Is(err, sql.ErrNoRows) {
		return Definition{}, false, nil
	}
	return d, err == nil, err
}

// Get gives the version in force.
func (s *Service) Get(ctx context.Context, kind, key string) (Definition, error) {
	d, ok, err := s.Find(ctx, kind, key)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "define.not_found", "there is no %s %s", kind, key)
	}
	return d, err
}

// List gives all definitions of a kind in force, ordered by key.
func (s *Service) List(ctx context.Context, kind string) ([]Definition, error) {
	return s.read(ctx, "SELECT "+columns+` FROM definition d JOIN definition_version v
		ON v.kind = d.kind AND v.key = d.key AND v.version = d.version WHERE d.kind = ? ORDER BY d.key`, kind)
}

// Version is a version with what it changed.
type Version struct {
	Definition
	Diff []Change
}

// Versions gives the history, the newest first.
func (s *Service) Versions(ctx context.Context, kind, key string) ([]Version, error) {
	if _, err := s.kind(kind); err != nil {
		return nil, err
	}
	all, err := s.read(ctx, "SELECT "+columns+" FROM definition_version v WHERE v.kind = ? AND v.key = ? ORDER BY v.version DESC", kind, key)
	if err != nil {
		return nil, err
	}
	versions := make([]Version, len(all))
	for i, d := range all {
		before := json.RawMessage("{}")
		if i+1 < len(all) {
			before = all[i+1].Spec
		}
		versions[i] = Version{Definition: d, Diff: Diff(before, d.Spec)}
	}
	if len(versions) == 0 {
		return nil, fault.New(fault.NotFound, "define.not_found", "there is no %s %s", kind, key)
	}
	return versions, nil
}

func (s *Service) read(ctx context.Context, query string, args ...any) ([]Definition, error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var all []Definition
	for rows.Next() {
		d, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// count says how many versions each kind has.
func (s *Service) count(ctx context.Context) (map[string]int64, error) {
	rows, err := s.db.Query(ctx, "SELECT kind, count(*) FROM definition_version GROUP BY kind")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	counts := map[string]int64{}
	for rows.Next() {
		var kind string
		var n int64
		if err := rows.Scan(&kind, &n); err != nil {
			return nil, err
		}
		counts[kind] = n
	}
	return counts, rows.Err()
}
