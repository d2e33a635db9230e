package roster

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// What is saved and wanted comes back as it was; what is cut short is refused and changes nothing.
func TestSaveAndRestore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := New()
		for _, name := range []string{"city", "级别"} {
			c := newColumn()
			c.touched = nil
			for range rapid.IntRange(0, 20).Draw(t, "people") {
				v := rapid.SampledFrom([]event.Value{{}, event.TextValue("杭州"), event.TextValue(""), event.NumberValue(1.5), event.BoolValue(true)}).Draw(t, "value")
				c.put(rapid.Int64Range(1, 300).Draw(t, "person"), v)
			}
			r.traits[name] = c
		}
		n := &Nodes{}
		for range rapid.IntRange(0, 10).Draw(t, "nodes") {
			n.Set(rapid.Int64Range(1, 300).Draw(t, "node"), rapid.Bool().Draw(t, "in"))
		}
		r.kinds["phone"] = n
		data := r.Save()
		again := New()
		require.NoError(t, again.Restore(data, Wants{Traits: []string{"city", "级别"}, Kinds: []string{"phone"}}))
		require.True(t, again.Has(Wants{Traits: []string{"city", "级别"}, Kinds: []string{"phone"}}))
		require.False(t, again.Has(Wants{Channels: true}))
		for person := range int64(310) {
			for _, name := range []string{"city", "级别"} {
				require.Equal(t, r.Trait(name).At(person), again.Trait(name).At(person))
			}
			require.Equal(t, n.Any([]int64{person}), again.Kind("phone").Any([]int64{person}))
		}
		again.Trait("city").put(5, event.TextValue("new"))
		require.Equal(t, "new", again.Trait("city").At(5).Text)
		for cut := 1; cut < len(data); cut += 7 {
			_ = New().Restore(data[:cut], Wants{Traits: []string{"city"}}) // no panic
		}
	})
}

// A column whose values are ever new ones forgets those that nobody has.
func TestColumnForgets(t *testing.T) {
	t.Parallel()
	c := newColumn()
	for i := range 100_000 {
		c.put(int64(i%3), event.NumberValue(float64(i)))
	}
	require.Less(t, len(c.values), 2*fewValues)
	require.InDelta(t, 99_999, c.At(0).Num, 0)
}

// Levels come back from their bytes, and damaged bytes are refused.
func TestLevels(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		many := rapid.Bool().Draw(t, "many")
		l := NewLevels(many)
		model := map[int64]uint8{}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			p, to := rapid.Int64Range(1, 200).Draw(t, "person"), uint8(rapid.IntRange(0, 3).Draw(t, "level"))
			if !many {
				to = min(to, 1)
			}
			l.Set(p, to)
			model[p] = to
		}
		data, err := l.MarshalBinary()
		require.NoError(t, err)
		back := NewLevels(many)
		require.NoError(t, back.UnmarshalBinary(data))
		for _, x := range []*Levels{l, back} {
			size := map[uint8]int64{}
			for p := range int64(210) {
				require.Equal(t, model[p], x.At(p))
				size[model[p]]++
			}
			for level := uint8(1); level < 4; level++ {
				require.Equal(t, size[level], x.Count(level))
				require.EqualValues(t, size[level], x.Members(level).GetCardinality())
			}
		}
		if len(data) > 0 {
			require.Error(t, NewLevels(many).UnmarshalBinary(data[:len(data)-1]))
		}
	})
}
