package identity

import (
	"context"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Strongest gives the strongest identity of each person, one that is not quarantined if there is one: by it the pool can say something about the
// person. Those who are gone are left out.
func Strongest(ctx context.Context, q state.Querier, kinds Kinds, people []int64) (map[int64]event.Identity, error) {
	free, shared := map[int64][]event.Identity{}, map[int64][]event.Identity{}
	once := slices.Compact(slices.Sorted(slices.Values(people)))
	for part := range readParts(once) {
		if err := readStrongest(ctx, q, part, free, shared); err != nil {
			return nil, fmt.Errorf("read identities: %w", err)
		}
	}
	best := make(map[int64]event.Identity, len(once))
	for _, p := range once {
		if ids := free[p]; len(ids) > 0 {
			best[p] = kinds.Sort(ids)[0]
		} else if ids := shared[p]; len(ids) > 0 {
			best[p] = kinds.Sort(ids)[0]
		}
	}
	return best, nil
}

func readStrongest(ctx context.Context, q state.Querier, people []int64, free, shared map[int64][]event.Identity) error {
	rows, err := q.Query(ctx, "SELECT person, key, quarantined FROM identity WHERE person IN "+state.Marks(1, len(people)), anys(people)...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var person int64
		var key string
		var quarantined bool
		if err := rows.Scan(&person, &key, &quarantined); err != nil {
			return err
		}
		if quarantined {
			shared[person] = append(shared[person], event.ParseKey(key))
		} else {
			free[person] = append(free[person], event.ParseKey(key))
		}
	}
	return rows.Err()
}
