package person_test

import (
	"context"
	"errors"
	"testing"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

// Whatever a filter or a search says, both stores answer or the caller is told what is wrong: never an error of ours, and never anything
// but a question. A trait is found by exactly its own name.
func FuzzListPeople(f *testing.F) {
	for _, s := range [][2]string{
		{"trait.city:eq:杭州", "林"},
		{"trait.o'b:contains:%", "%_\\"},
		{`trait.a"b\c:set`, `"v"`},
		{"trait.?:gte:1e5", "?"},
		{"trait.$1:lte:-0", "$1"},
		{"orders:gte:-1", "138"},
		{"name:ne:\x00", "\x00"},
		{"trait.\ufffd:unset", "+86"},
		{"first_seen:eq:2026-01-01", "a@b.c"},
		{"trait.x:lte:0x1p-2", "\U0010ffff"},
	} {
		f.Add(s[0], s[1])
	}
	clk := clock.NewManual(statetest.Start())
	ctx := actor.With(f.Context(), actor.Itself())
	var pools []*pooltest.Running
	for _, db := range []*state.DB{statetest.SQLite(f, statetest.With(clk)), statetest.Postgres(f, statetest.With(clk))} {
		p := pooltest.Run(f, clk, db)
		load(f, p, brand()...)
		pools = append(pools, p)
	}
	f.Fuzz(func(t *testing.T, filter, q string) {
		var in person.ListInput
		if parsed, err := person.ParseFilter(filter); err == nil {
			in.Filters = append(in.Filters, parsed)
		} else {
			expected(t, err)
		}
		in.Limit = 10
		ask(ctx, t, pools, in)
		in.Filters, in.Query = nil, q
		ask(ctx, t, pools, in)
	})
}

// ask asks both stores, which must agree.
func ask(ctx context.Context, t *testing.T, pools []*pooltest.Running, in person.ListInput) {
	t.Helper()
	var answers [2]int
	for i, p := range pools {
		rows, _, err := p.People.List(ctx, in)
		expected(t, err)
		answers[i] = len(rows)
		n, exact, err := p.People.Count(ctx, in)
		expected(t, err)
		if n != int64(len(rows)) || err == nil && !exact {
			t.Fatalf("%+v: %d rows, counted %d", in, len(rows), n)
		}
	}
	ascii := true // beyond it the stores fold letters differently
	for _, r := range in.Query {
		ascii = ascii && r < 0x80
	}
	for _, f := range in.Filters {
		for _, r := range f.Value {
			ascii = ascii && r < 0x80
		}
	}
	if ascii && answers[0] != answers[1] {
		t.Fatalf("%+v: %d people in one store, %d in the other", in, answers[0], answers[1])
	}
}

func expected(t *testing.T, err error) {
	t.Helper()
	var f *fault.Error
	if err != nil && (!errors.As(err, &f) || f.Kind != fault.Invalid) {
		t.Fatal(err)
	}
}
