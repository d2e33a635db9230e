package rulebench

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state"
)

// made is a pool's data in a folder of the test, and what sums it up.
func made(t *testing.T, c crowd) (f folder, sum string) {
	t.Helper()
	ctx := t.Context()
	f = folder(t.TempDir())
	require.NoError(t, c.makeEvents(ctx, f, func(int64) {}))
	db, err := state.Open(ctx, f.state(), clock.NewManual(today()))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, c.makePeople(ctx, f, db, func(int64) {}))
	house, err := openDuckDB(ctx, f.warehouse(), 2, true)
	require.NoError(t, err)
	defer func() { require.NoError(t, house.Close()) }()
	var events, people string
	require.NoError(t, house.QueryRowContext(ctx, "SELECT bit_xor(hash(e))::VARCHAR || ' ' || count(*) FROM event_row e").Scan(&events))
	require.NoError(t, db.QueryRow(ctx, `SELECT COUNT(*) || ' ' || SUM(events) || ' ' || SUM(revenue) || ' ' || SUM(last_seen) || ' ' || SUM(LENGTH(traits))
		|| ' ' || SUM(LENGTH(detail)) || ' ' || SUM(LENGTH(parts)) FROM person`).Scan(&people))
	return f, events + " | " + people
}

// The same sizes give the same rows, other sizes others.
func TestCrowdIsDeterministic(t *testing.T) {
	t.Parallel()
	_, one := made(t, newCrowd(1000, 30_000))
	_, two := made(t, newCrowd(1000, 30_000))
	_, other := made(t, newCrowd(1000, 30_001))
	require.Equal(t, one, two)
	require.NotEqual(t, one, other)
}

// The pool looks like a shop's: names in their shares, most of the events from few people, some of whom come late or leave early, and
// properties where they belong.
func TestCrowdIsLikeAShop(t *testing.T) {
	t.Parallel()
	c := newCrowd(2000, 100_000)
	f, _ := made(t, c)
	house, err := openDuckDB(t.Context(), f.warehouse(), 2, true)
	require.NoError(t, err)
	defer func() { require.NoError(t, house.Close()) }()
	ask := func(query string, args ...any) (n float64) {
		require.NoError(t, house.QueryRowContext(t.Context(), query, args...).Scan(&n), query)
		return n
	}
	for _, n := range names() {
		part := ask("SELECT count(*) FILTER (WHERE name = ?) * 1000.0 / count(*) FROM event_row", n.name)
		require.InDelta(t, n.of, part, 6, n.name)
	}
	require.InDelta(t, 0.7, ask(`SELECT sum(n) FILTER (WHERE place <= 400) / sum(n) FROM
		(SELECT count(*) AS n, row_number() OVER (ORDER BY count(*) DESC) AS place FROM event_row GROUP BY person)`), 0.08, "a fifth of the people do most")
	require.Greater(t, ask("SELECT max(n) / avg(n) FROM (SELECT count(*) AS n FROM event_row GROUP BY person)"), 15.0, "one does very much")
	require.EqualValues(t, 0, ask("SELECT count(*) FROM event_row WHERE person < 1 OR person > 2000 OR anchor <> person AND anchor <> 2000 + person // 10"))
	require.InDelta(t, 0.05, ask("SELECT avg((anchor <> person)::INT) FROM event_row"), 0.02, "every tenth person does half with a cookie")
	require.EqualValues(t, 0, ask("SELECT count(*) FROM event_row WHERE (name = 'Order Completed') <> (amount IS NOT NULL AND currency = 'CNY')"))
	require.EqualValues(t, 0, ask("SELECT count(*) FROM event_row WHERE amount <> round(json_extract(properties, '$.revenue')::DOUBLE * 100)"))
	require.InDelta(t, 0.01, ask("SELECT avg((received > time)::INT) FROM event_row"), 0.004, "some arrive late")
	require.EqualValues(t, c.records(), ask("SELECT max(position) FROM event_row"))
	last := time.UnixMicro(int64(ask("SELECT epoch_us(max(time)) FROM event_row")))
	require.WithinRange(t, last, today().Add(-time.Hour), today())
	require.Greater(t, ask(`SELECT count(*) FROM (SELECT max(time) AS last FROM event_row GROUP BY person HAVING count(*) > 20) WHERE last < TIMESTAMP '2026-06-01'`), 50.0, "some left")
}
