package person_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
)

func anyEvent(t *rapid.T) *event.Event {
	e := &event.Event{
		ID: rapid.StringMatching(`[a-z]{4}`).Draw(t, "id"), Type: event.Identify, Name: event.Identified,
		Time: rapid.Int64Range(1, 5).Draw(t, "time"),
	}
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		e.Type, e.Name = event.Track, event.OrderCompleted
		e.Properties = []byte(`{"revenue":` + strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "revenue")) + `.5}`)
	case 1:
		e.Traits = []byte(`{"city":"` + rapid.SampledFrom([]string{"杭州", "上海", "北京"}).Draw(t, "city") + `","$set_once":{"first":` + strconv.Itoa(rapid.IntRange(1, 3).Draw(t, "first")) + `}}`)
	case 2:
		e.Type, e.Name = event.Page, event.PageViewed
		e.Context = []byte(`{"campaign":{"source":"` + rapid.SampledFrom([]string{"baidu", "wechat"}).Draw(t, "source") + `","medium":"cpc"}}`)
	}
	return e
}

// Events in any order and in any grouping give the same person.
func TestFoldIsCommutativeAndAssociative(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(anyEvent), 1, 12).Draw(t, "events")
		var straight person.Fold
		for _, e := range events {
			straight.Add(person.Of(e, "CNY"))
		}
		shuffled := rapid.Permutation(events).Draw(t, "shuffled")
		parts := make([]person.Fold, 3)
		for _, e := range shuffled {
			parts[rapid.IntRange(0, 2).Draw(t, "part")].Add(person.Of(e, "CNY"))
		}
		var grouped person.Fold
		for i := range parts {
			grouped.Add(&parts[i])
		}
		if d := cmp.Diff(straight, grouped, cmpopts.IgnoreUnexported(person.Fold{})); d != "" {
			t.Fatal(d)
		}
	})
}

// A late event does not overwrite a newer value; a set_once trait keeps the first; null takes a trait away.
func TestTraitsMergeByEventTime(t *testing.T) {
	t.Parallel()
	at := func(time int64, traits string) *person.Fold {
		return person.Of(&event.Event{ID: "m", Type: event.Identify, Name: event.Identified, Time: time, Traits: []byte(traits)}, "CNY")
	}
	var f person.Fold
	f.Add(at(20, `{"city":"上海","level":2}`))
	f.Add(at(10, `{"city":"杭州","$set_once":{"origin":"late but earlier"}}`))
	f.Add(at(30, `{"level":null,"$set_once":{"origin":"later"}}`))
	shown := func(k string) string { v, _ := f.Traits[k].Shown(); return string(v) }
	require.JSONEq(t, `"上海"`, shown("city"))
	require.JSONEq(t, `"late but earlier"`, shown("origin"))
	require.Empty(t, shown("level"))
	require.Equal(t, int64(10), f.First)
	require.Equal(t, int64(30), f.Last)
	b, err := json.Marshal(f.Traits)
	require.NoError(t, err)
	require.Contains(t, string(b), "上海")
}

func TestRevenueIsRoundedOncePerOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		properties, currency string
		want                 int64
	}{
		{`{"revenue":12.345}`, "CNY", 1235},
		{`{"revenue":"12.344"}`, "CNY", 1234},
		{`{"total":9.995,"currency":"CNY"}`, "CNY", 1000},
		{`{"revenue":1e2}`, "CNY", 10000},
		{`{"revenue":500,"currency":"JPY"}`, "JPY", 500},
		{`{"revenue":500,"currency":"USD"}`, "CNY", 0},
		{`{"revenue":null}`, "CNY", 0},
		{`{}`, "CNY", 0},
	} {
		f := person.Of(&event.Event{ID: "m", Type: event.Track, Name: event.OrderCompleted, Time: 1, Properties: []byte(c.properties)}, c.currency)
		require.Equal(t, c.want, f.Revenue, c.properties)
		require.Equal(t, int64(1), f.Orders)
	}
}
