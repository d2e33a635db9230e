package person

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func anyFold(t *rapid.T) *Fold {
	f := &Fold{}
	for _, n := range f.numbers() {
		*n = rapid.Int64().Draw(t, "number")
	}
	if rapid.Bool().Draw(t, "spoke") {
		f.Traits = Traits{"city": {Value: json.RawMessage(`"杭州"`), At: 3}, "origin": {Once: json.RawMessage(`null`), OnceAt: 2}}
	}
	if rapid.Bool().Draw(t, "touched") {
		f.FirstTouch = &Touch{Time: 1, Channel: "wechat", Class: "owned"}
		f.LastEvent = &LastEvent{ID: "a", Name: "b", Time: 4}
	}
	return f
}

// What is written about a person's parts is read back, also after it was passed through unopened.
func TestPartsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ps parts
		want := map[int64]*Fold{}
		for _, node := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 1<<40), 1, 5, rapid.ID[int64]).Draw(t, "nodes") {
			f := anyFold(t)
			var err error
			ps, err = ps.add(node, f)
			require.NoError(t, err)
			want[node] = f
		}
		first, err := ps.encode()
		require.NoError(t, err)
		again, err := decodeParts(first)
		require.NoError(t, err)
		second, err := again.encode()
		require.NoError(t, err)
		require.Equal(t, first, second)
		require.Len(t, again, len(want))
		for i := range again {
			again[i].fold = nil
			f, err := again[i].open()
			require.NoError(t, err)
			require.NoError(t, f.open())
			require.Equal(t, want[again[i].node], f)
		}
	})
}

// Damaged parts are an error, never a panic.
func FuzzParts(f *testing.F) {
	ps, err := parts(nil).add(7, &Fold{First: 1, Last: 2, Events: 3, Traits: Traits{"a": {Value: json.RawMessage("1"), At: 1}}})
	require.NoError(f, err)
	good, err := ps.encode()
	require.NoError(f, err)
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Fuzz(func(t *testing.T, b []byte) {
		ps, err := decodeParts(b)
		if err != nil {
			return
		}
		for i := range ps {
			if f, err := ps[i].open(); err == nil {
				_ = f.open()
			}
		}
	})
}
