package rulebench

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/rule"
)

// Every rule can be said in the language, and all are different.
func TestQuestionsAreRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, q := range append(questions(100), threes()...) {
		r, err := parsed(q)
		require.NoError(t, err)
		require.False(t, seen[r.Normal()], "twice: %s", r.Text())
		seen[r.Normal()] = true
	}
}

// The queries are as somebody who knows the engines would write them: nothing said twice of an event, people filtered before events are
// grouped, and no join unless people and events are mixed in one "or".
func TestQuery(t *testing.T) {
	t.Parallel()
	at := rule.NewCalendar(zone()).At(today().UnixMicro())
	for name, c := range map[string]struct {
		d    dialect
		q    question
		want string
	}{
		"one number": {
			clickhouse(), is(count("Order Completed", 7), ">=", 2),
			"SELECT count(*) FROM (SELECT person FROM events WHERE name = 'Order Completed' AND time >= fromUnixTimestamp64Milli(1782230400000, 'UTC') GROUP BY person HAVING count() >= 2)",
		},
		"two windows": {
			duck(), and(is(count("A", 7), ">=", 2), is(of("sum", "B", "revenue", 30), ">=", 10), livesIn("杭州")),
			"SELECT count(*) FROM (SELECT person FROM events WHERE name IN ('A', 'B') AND time >= make_timestamp(1780243200000000) AND person IN (SELECT person FROM people WHERE city = '杭州') " +
				"GROUP BY person HAVING count(*) FILTER (WHERE name = 'A' AND time >= make_timestamp(1782230400000000)) >= 2 AND coalesce(sum(amount) FILTER (WHERE name = 'B'), 0) >= 1000)",
		},
		"also people without events": {
			clickhouse(), and(is(count("A", 7), "==", 0), isVIP()),
			"SELECT (SELECT count(*) FROM people WHERE vip) - (SELECT count(*) FROM (SELECT person FROM events WHERE name = 'A' AND time >= fromUnixTimestamp64Milli(1782230400000, 'UTC') " +
				"AND person IN (SELECT person FROM people WHERE vip) GROUP BY person HAVING NOT (count() = 0)))",
		},
		"one or": {
			duck(), or(is(count("A", 0), ">=", 1), isVIP()),
			"SELECT count(*) FROM people LEFT JOIN (SELECT person, count(*) >= 1 AS a1 FROM events WHERE name = 'A' GROUP BY person) AS groups USING (person) WHERE coalesce(a1, false) OR vip",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.d.query(c.q, at.Window))
		})
	}
}
