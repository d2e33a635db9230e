package shape_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// TestFebrl imports the records of people with the number as a declared identity kind and the truth (rec_id) left out: every row is one
// event of its own about one number, and there are as many numbers as in the file.
func TestFebrl(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ rows, numbers int }{
		"febrl_dataset1.csv.gz": {1000, 550},
		"febrl_dataset3.csv.gz": {5000, 2291},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rows, err := read(t.Context(), data(t, name), shape.People, shape.Options{}, shape.Limits{}, func(m *shape.Mapping) {
				delete(m.Traits, "rec_id")
				delete(m.Traits, "soc_sec_id")
				m.Identities = map[string]string{"soc_sec_id": "soc_sec_id"}
			})
			require.NoError(t, err)
			require.EqualValues(t, want.rows, rows)
			require.Len(t, got.events, want.rows)
			ids, numbers := map[string]bool{}, map[string]bool{}
			for i := range got.events {
				e := &got.events[i]
				require.Equal(t, event.Identified, e.Name)
				require.Len(t, e.Identities, 1)
				require.Equal(t, "soc_sec_id", e.Identities[0].Kind)
				require.Equal(t, strings.TrimSpace(e.Identities[0].Value), e.Identities[0].Value)
				require.NotContains(t, string(e.Traits), "rec-")
				require.False(t, ids[e.ID])
				ids[e.ID], numbers[e.Identities[0].Value] = true, true
			}
			require.Empty(t, got.rejects)
			require.Len(t, numbers, want.numbers)
		})
	}
}
