package insightbench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

// peer gives the rows of a query.
type peer func(ctx context.Context, query string) ([]string, error)

// askPeers asks the others the same.
func (b *bench) askPeers(ctx context.Context) error {
	if err := b.askDuckDB(ctx); err != nil {
		return err
	}
	ask, stop, err := b.g.ClickHouse(ctx)
	if err != nil || ask == nil {
		return err
	}
	house := func(ctx context.Context, query string) ([]string, error) {
		text, err := ask(ctx, query)
		if text = strings.TrimSuffix(text, "\n"); err != nil || text == "" {
			return nil, err
		}
		return strings.Split(text, "\n"), nil
	}
	err = b.askAll(ctx, "ClickHouse", house, func(q question) []string { return q.clickhouse }, func(l *Line) **float64 { return &l.ClickHouseS })
	return errors.Join(err, stop())
}

func (b *bench) askDuckDB(ctx context.Context) (err error) {
	db, err := b.g.DuckDB(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ask := func(ctx context.Context, query string) ([]string, error) { return rowsOf(ctx, db, query) }
	return b.askAll(ctx, "DuckDB", ask, func(q question) []string { return q.duckdb }, func(l *Line) **float64 { return &l.DuckDBS })
}

// rowsOf reads all rows as text.
func rowsOf(ctx context.Context, db *sql.DB, query string) (out []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	cells := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, c := range cells {
			if day, ok := c.(time.Time); ok {
				cells[i] = day.Format(time.DateOnly)
			}
		}
		out = append(out, row(cells...))
	}
	return out, rows.Err()
}

// askAll asks every question: each way once to warm up, and the fastest whose rows are ours five times. If no way has our rows, the fastest of all.
func (b *bench) askAll(ctx context.Context, name string, ask peer, ways func(question) []string, at func(*Line) **float64) error {
	for i, q := range b.asked {
		best, least, agrees := "", 0.0, false
		for _, way := range ways(q) {
			took, same, err := b.askOnce(ctx, name, ask, way, i)
			if err != nil {
				return err
			}
			if best == "" || same && !agrees || same == agrees && took < least {
				best, least, agrees = way, took, same
			}
		}
		all := []float64{least}
		for range runs {
			took, same, err := b.askOnce(ctx, name, ask, best, i)
			if err != nil {
				return err
			}
			all, agrees = append(all, took), agrees && same
		}
		line := &b.result.Lines[i]
		seconds := rulebench.Median(all)
		*at(line) = &seconds
		if line.RowsAgree != nil {
			agrees = agrees && *line.RowsAgree
		}
		line.RowsAgree = &agrees
		b.g.Say("       %-10s %-26s %.3f s, ours is %.2f of it; rows agree: %v", name, q.name, seconds, line.HuoshuiS/seconds, agrees)
	}
	return nil
}

// askOnce also says whether the rows are ours, and tells the first that are not.
func (b *bench) askOnce(ctx context.Context, name string, ask peer, query string, i int) (float64, bool, error) {
	var rows []string
	took, _, err := b.g.Timed(func() (err error) {
		rows, err = ask(ctx, query)
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("%s: %s: %w", name, query, err)
	}
	slices.Sort(rows)
	ours := b.rows[i]
	if slices.Equal(rows, ours) {
		return took, true, nil
	}
	for k := range max(len(rows), len(ours)) {
		if k < len(rows) && k < len(ours) && rows[k] == ours[k] {
			continue
		}
		b.g.Say("       %s has %d rows of %s, ours are %d; the first that differ: %q, ours %q", name, len(rows), b.asked[i].name, len(ours),
			rows[min(k, len(rows)):min(k+3, len(rows))], ours[min(k, len(ours)):min(k+3, len(ours))])
		break
	}
	return took, false, nil
}
