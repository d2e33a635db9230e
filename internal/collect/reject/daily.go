package reject

import (
	"context"
	"fmt"
	"sort"
)

// Daily counts the events that were refused between each two of the moments (µs, ascending): one number less than there are moments. Those that
// were accepted at last are not among them, and repeats of an event count with the first.
func (s *Store) Daily(ctx context.Context, starts []int64) ([]int64, error) {
	if len(starts) < 2 {
		return nil, nil
	}
	counts := make([]int64, len(starts)-1)
	rows, err := s.db.Query(ctx, "SELECT at, times FROM rejected WHERE at >= ? AND at < ? AND state <> ?", starts[0], starts[len(starts)-1], string(Replayed))
	if err != nil {
		return nil, fmt.Errorf("count rejected events by day: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var at, times int64
		if err := rows.Scan(&at, &times); err != nil {
			return nil, fmt.Errorf("count rejected events by day: %w", err)
		}
		counts[sort.Search(len(starts), func(i int) bool { return starts[i] > at })-1] += times
	}
	return counts, rows.Err()
}
