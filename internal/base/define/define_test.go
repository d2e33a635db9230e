package define_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

type pot struct {
	Name  string   `json:"name"`
	Size  int      `json:"size"`
	Notes []string `json:"notes,omitempty"`
}

func open(t testing.TB, db *state.DB) *define.Service {
	t.Helper()
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	s, err := define.New(t.Context(), db, trail, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	s.Declare(define.Kind{Name: "pot", Edit: actor.Operate, Check: func(_ string, spec json.RawMessage) error {
		if strings.Contains(string(spec), "cracked") {
			return fault.New(fault.Invalid, "pot.cracked", "take a whole one")
		}
		return nil
	}})
	s.Declare(define.Kind{Name: "lid"})
	s.Declare(define.Kind{Name: "pair", Fits: func(ctx context.Context, _ string, spec json.RawMessage) error {
		if !strings.Contains(string(spec), "pot") {
			return nil
		}
		_, err := s.Get(ctx, "pot", "k")
		return err
	}})
	return s
}

func mei(t testing.TB) context.Context {
	t.Helper()
	return actor.With(t.Context(), actor.Actor{ID: 1, Kind: actor.User, Email: "mei@example.com", Role: actor.Owner})
}

// A definition grows version by version, with author, moment, note and difference; saying the same again changes nothing.
func TestVersions(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		s := open(t, db)
		put := func(spec any, note string) define.Definition {
			t.Helper()
			d, err := s.Put(mei(t), define.PutInput{Kind: "pot", Key: "茶", Spec: spec, Note: note})
			require.NoError(t, err)
			return d
		}
		_, ok, err := s.Find(t.Context(), "pot", "茶")
		require.NoError(t, err)
		require.False(t, ok)
		_, err = s.Get(t.Context(), "pot", "茶")
		require.Equal(t, fault.NotFound, fault.KindOf(err))

		require.EqualValues(t, 1, put(pot{Name: "kettle", Size: 3}, "first").Version)
		require.EqualValues(t, 1, put(json.RawMessage(` { "size": 3, "name": "kettle" } `), "the same in other words").Version)
		require.EqualValues(t, 2, put(pot{Name: "kettle", Size: 5, Notes: []string{"a"}}, "").Version)
		got, err := s.Get(t.Context(), "pot", "茶")
		require.NoError(t, err)
		require.JSONEq(t, `{"name":"kettle","size":5,"notes":["a"]}`, string(got.Spec))

		back, err := s.Rollback(mei(t), define.RollbackInput{Kind: "pot", Key: "茶", Version: 1})
		require.NoError(t, err)
		require.EqualValues(t, 3, back.Version)
		versions, err := s.Versions(t.Context(), "pot", "茶")
		require.NoError(t, err)
		require.Len(t, versions, 3)
		require.Equal(t, "back to version 1", versions[0].Note)
		require.Equal(t, []string{"mei@example.com", "first"}, []string{versions[2].Author, versions[2].Note})
		require.Equal(t, statetest.Start(), versions[2].At)
		require.Equal(t, []define.Change{
			{Path: "notes", From: json.RawMessage(`null`), To: json.RawMessage(`["a"]`)},
			{Path: "size", From: json.RawMessage(`3`), To: json.RawMessage(`5`)},
		}, versions[1].Diff)
		require.Equal(t, versions[2].Spec, versions[0].Spec)

		_, err = s.Put(mei(t), define.PutInput{Kind: "pot", Key: "b", Spec: pot{}})
		require.NoError(t, err)
		all, err := s.List(t.Context(), "pot")
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.Equal(t, []int64{1, 3}, []int64{all[0].Version, all[1].Version})
	})
}

// What does not fit is refused with its reason: another's edit in between, a kind nobody declared, a spec its kind does not take.
func TestPutRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, statetest.SQLite(t))
	_, err := s.Put(mei(t), define.PutInput{Kind: "pot", Key: "k", Spec: pot{Size: 1}, IfVersion: define.Absent})
	require.NoError(t, err)
	for code, in := range map[string]define.PutInput{
		"define.exists":         {Kind: "pot", Key: "k", Spec: pot{Size: 2}, IfVersion: define.Absent},
		"define.stale":          {Kind: "pot", Key: "k", Spec: pot{Size: 2}, IfVersion: 2},
		"define.kind_not_found": {Kind: "pan", Key: "k", Spec: pot{}},
		"define.invalid":        {Kind: "pot", Key: "", Spec: pot{}},
		"define.not_an_object":  {Kind: "pot", Key: "k", Spec: json.RawMessage("[1]")},
		"define.too_large":      {Kind: "pot", Key: "k", Spec: pot{Name: strings.Repeat("x", define.MaxSpec)}},
		"pot.cracked":           {Kind: "pot", Key: "k", Spec: pot{Name: "cracked"}},
	} {
		_, err := s.Put(mei(t), in)
		require.Equal(t, code, fault.CodeOf(err), "%v", err)
	}
	got, err := s.Get(t.Context(), "pot", "k")
	require.NoError(t, err)
	require.EqualValues(t, 1, got.Version)
	require.Panics(t, func() { s.Declare(define.Kind{Name: "pot"}) })
	require.Panics(t, func() { s.Declare(define.Kind{Name: "Pot!"}) })
}

// What is right in itself but does not fit what is there is refused, also when an old version comes back.
func TestFits(t *testing.T) {
	t.Parallel()
	s := open(t, statetest.SQLite(t))
	put := func(kind, spec string) error {
		_, err := s.Put(mei(t), define.PutInput{Kind: kind, Key: "k", Spec: json.RawMessage(spec)})
		return err
	}
	require.Equal(t, "define.not_found", fault.CodeOf(put("pair", `{"of":"pot"}`)))
	require.NoError(t, put("pair", `{"of":"nothing"}`))
	require.NoError(t, put("pot", `{}`))
	require.NoError(t, put("pair", `{"of":"pot"}`))
	_, err := s.Rollback(mei(t), define.RollbackInput{Kind: "pair", Key: "k", Version: 1})
	require.NoError(t, err)
}

// Editors at the same moment, who all read the same version: one wins, the others are told.
func TestConcurrentEditors(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		s := open(t, db)
		first, err := s.Put(mei(t), define.PutInput{Kind: "pot", Key: "k", Spec: pot{}})
		require.NoError(t, err)
		var wg sync.WaitGroup
		errs := make(chan error, 6)
		for i := range cap(errs) {
			wg.Go(func() {
				_, err := s.Put(mei(t), define.PutInput{Kind: "pot", Key: "k", Spec: pot{Size: i + 1}, IfVersion: first.Version})
				errs <- err
			})
		}
		wg.Wait()
		close(errs)
		won := 0
		for err := range errs {
			if err == nil {
				won++
				continue
			}
			require.Equal(t, "define.stale", fault.CodeOf(err), "%v", err)
		}
		require.Equal(t, 1, won)
		got, err := s.Get(t.Context(), "pot", "k")
		require.NoError(t, err)
		require.EqualValues(t, 2, got.Version)
	})
}

// Watchers hear of a change before Put returns, of nothing else, and on another node when it looks.
func TestWatch(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		here, there := open(t, db), open(t, db)
		heard := map[string]int{}
		for name, s := range map[string]*define.Service{"here": here, "there": there} {
			s.Watch("pot", func(ctx context.Context) {
				d, err := s.Get(ctx, "pot", "k")
				require.NoError(t, err)
				heard[fmt.Sprint(name, " ", d.Version)]++
			})
		}
		put := func(kind string, size int) {
			_, err := here.Put(mei(t), define.PutInput{Kind: kind, Key: "k", Spec: pot{Size: size}})
			require.NoError(t, err)
		}
		put("pot", 1)
		put("pot", 1)
		put("lid", 1)
		require.Equal(t, map[string]int{"here 1": 1}, heard)
		for range 2 {
			require.NoError(t, here.Look(t.Context()))
			require.NoError(t, there.Look(t.Context()))
			require.Equal(t, map[string]int{"here 1": 1, "there 1": 1}, heard)
		}
	})
}

// Run brings a change of one node to another without being asked.
func TestRunHearsOtherNodes(t *testing.T) {
	t.Parallel()
	db := statetest.Postgres(t)
	here, there := open(t, db), open(t, db)
	heard := make(chan struct{}, 1)
	there.Watch("pot", func(context.Context) { heard <- struct{}{} })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- there.Run(ctx) }()
	_, err := here.Put(mei(t), define.PutInput{Kind: "pot", Key: "k", Spec: pot{}})
	require.NoError(t, err)
	select {
	case <-heard:
	case <-time.After(20 * time.Second):
		t.Fatal("the other node heard nothing")
	}
	cancel()
	require.NoError(t, <-done)
}

// The operations: history for readers, roll-back for who may edit the kind, and never to a spec that its kind no longer takes.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	s := open(t, statetest.SQLite(t))
	for _, kind := range []string{"pot", "lid"} {
		for i := range 2 {
			_, err := s.Put(mei(t), define.PutInput{Kind: kind, Key: "茶", Spec: pot{Size: i}})
			require.NoError(t, err)
		}
	}
	srv := apitest.Start(t, s.Routes)
	srv.NobodyEnters(t)
	type call = apitest.Call
	at := func(rest string) string { return "/definitions/" + rest }
	back := func(as, kind string, version int, match string) call {
		c := call{As: as, Method: "POST", Path: at(kind + "/%E8%8C%B6/rollback"), Body: map[string]int{"version": version}}
		if match != "" {
			c.Header = map[string]string{"If-Match": match}
		}
		return c
	}
	srv.Run(t, []apitest.Case{
		{Name: "history", Call: call{As: "analyst", Path: at("pot/%E8%8C%B6/versions")}, Status: 200, Has: []string{
			`"version":2`, `"author":"mei@example.com"`, `"diff":[{"path":"size","from":0,"to":1}]`, `"spec":{"name":"","size":1}`,
		}},
		{Name: "no such kind", Call: call{As: "analyst", Path: at("pan/x/versions")}, Status: 404, Has: []string{"define.kind_not_found"}},
		{Name: "no such key", Call: call{As: "analyst", Path: at("pot/x/versions")}, Status: 404, Has: []string{"define.not_found"}},
		{Name: "analyst", Call: back("analyst", "pot", 1, ""), Status: 403},
		{Name: "operator, not his kind", Call: back("operator", "lid", 1, ""), Status: 403, Has: []string{"manage"}},
		{Name: "stale", Call: back("operator", "pot", 1, `"v1"`), Status: 412, Has: []string{"define.stale"}},
		{Name: "no such version", Call: back("operator", "pot", 9, ""), Status: 404, Has: []string{"define.version_not_found"}},
		{Name: "operator", Call: back("operator", "pot", 1, `"v2"`), Status: 200, Has: []string{`{"version":3}`}},
		{Name: "owner", Call: back("owner", "lid", 1, ""), Status: 200},
	})
}

// anySpec draws JSON objects.
func anySpec() *rapid.Generator[map[string]any] {
	var value func(depth int) *rapid.Generator[any]
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	value = func(depth int) *rapid.Generator[any] {
		kinds := []*rapid.Generator[any]{
			rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.IntRange(0, 3).AsAny(), rapid.SampledFrom([]string{"", "<x>", "活水"}).AsAny(),
		}
		if depth > 0 {
			kinds = append(kinds, rapid.MapOfN(name, value(depth-1), 0, 3).AsAny(), rapid.SliceOfN(value(depth-1), 0, 3).AsAny())
		}
		return rapid.OneOf(kinds...)
	}
	return rapid.MapOfN(name, value(3), 0, 3)
}

// The canonical text is a fixed point; specs differ exactly if their texts do, and each change names a place where they do.
func TestCanonicalAndDiff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var texts [2]json.RawMessage
		for i := range texts {
			spec := anySpec().Draw(t, "spec")
			text, err := define.Canonical(spec)
			require.NoError(t, err)
			again, err := define.Canonical(text)
			require.NoError(t, err)
			require.Equal(t, string(text), string(again))
			indented, err := json.MarshalIndent(spec, "", "  ")
			require.NoError(t, err)
			require.JSONEq(t, string(indented), string(text))
			texts[i] = text
		}
		changes, inverse := define.Diff(texts[0], texts[1]), define.Diff(texts[1], texts[0])
		require.Equal(t, string(texts[0]) == string(texts[1]), len(changes) == 0)
		require.Len(t, inverse, len(changes))
		for i, c := range changes {
			require.Equal(t, define.Change{Path: c.Path, From: c.To, To: c.From}, inverse[i])
		}
	})
}

// No text makes Canonical panic, and what it gives is an object.
func FuzzCanonical(f *testing.F) {
	f.Add(`{"a":1e400,"b":[{}]}`)
	f.Add(`{"a":1}{"b":2}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := define.Canonical(json.RawMessage(text))
		if err != nil {
			var e *fault.Error
			require.True(t, errors.As(err, &e))
			return
		}
		require.True(t, json.Valid(got))
		require.Equal(t, byte('{'), got[0])
	})
}
