package shelf_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

type pot struct {
	Size   int    `json:"size"`
	Origin string `json:"origin"`
}

func (p pot) MadeBy() string { return p.Origin }

func open(t testing.TB, db *state.DB, changed func(context.Context)) *shelf.Shelf[pot] {
	t.Helper()
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	defs, err := define.New(t.Context(), db, trail, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	s, err := shelf.Open[pot](t.Context(), defs, define.Kind{Name: "pot"}, slog.New(slog.DiscardHandler), changed)
	require.NoError(t, err)
	return s
}

func mei(t testing.TB) context.Context {
	t.Helper()
	return actor.With(t.Context(), actor.Actor{ID: 1, Kind: actor.User, Email: "mei@example.com", Role: actor.Owner})
}

// What is put on the shelf is there at once, is told, and is there again after a start with the moment when it was first made.
func TestShelf(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		told := 0
		s := open(t, db, func(context.Context) { told++ })
		make := func(repeat string, request any, size int) (shelf.Item[pot], error) {
			return s.Create(mei(t), shelf.CreateInput[pot]{Title: "茶 壶!", Repeat: repeat, Request: request, Make: func(_, origin string) (pot, error) {
				return pot{size, origin}, nil
			}})
		}
		first, err := make("k", 1, 3)
		require.NoError(t, err)
		require.Equal(t, "茶-壶", first.Key)
		again, err := make("k", 1, 3)
		require.NoError(t, err)
		require.Equal(t, first, again)
		_, err = make("k", 2, 3)
		require.Equal(t, "request.idempotency_key", fault.CodeOf(err))
		second, err := make("", 1, 3)
		require.NoError(t, err)
		require.Equal(t, "茶-壶-2", second.Key)
		require.Equal(t, 2, told)
		_, err = s.Create(mei(t), shelf.CreateInput[pot]{Key: first.Key, Title: "x", Make: func(_, _ string) (pot, error) { return pot{}, nil }})
		require.Equal(t, "pot.exists", fault.CodeOf(err))
		_, err = s.Create(mei(t), shelf.CreateInput[pot]{Key: "a/b", Title: "x", Make: func(_, _ string) (pot, error) { return pot{}, nil }})
		require.Equal(t, "pot.invalid", fault.CodeOf(err))
		put, err := s.Put(mei(t), first.Key, pot{Size: 5, Origin: first.Spec.Origin}, 1, "")
		require.NoError(t, err)
		require.EqualValues(t, 2, put.Version)
		_, err = s.Put(mei(t), first.Key, pot{Size: 6}, 1, "")
		require.Equal(t, "define.stale", fault.CodeOf(err))
		_, err = s.Put(mei(t), "none", pot{}, 0, "")
		require.Equal(t, "pot.not_found", fault.CodeOf(err))
		there := open(t, db, nil)
		require.Equal(t, s.All(), there.All())
		got, err := there.Get(first.Key)
		require.NoError(t, err)
		require.Equal(t, first.Created, got.Created)
		same, err := there.Create(mei(t), shelf.CreateInput[pot]{Title: "茶 壶!", Repeat: "k", Request: 1, Make: func(_, _ string) (pot, error) { return pot{}, nil }})
		require.NoError(t, err)
		require.Equal(t, put.Version, same.Version, "also after an edit")
	})
}

// Whatever a title is, its key is one or nothing, and stays itself.
func TestKeyOf(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{"VIP 客户": "vip-客户", "  a//b  ": "a-b", "！！": "", "É.x": "é-x", "-": "", strings.Repeat("长", 100): strings.Repeat("长", 64)} {
		require.Equal(t, want, shelf.KeyOf(title), title)
	}
	for _, bad := range []string{"", ".", "..", "a b", "a/b", "a\x00", strings.Repeat("x", 65), "\xff"} {
		require.False(t, shelf.ValidKey(bad), bad)
	}
	rapid.Check(t, func(t *rapid.T) {
		key := shelf.KeyOf(rapid.String().Draw(t, "title"))
		require.True(t, key == "" || shelf.ValidKey(key), "%q", key)
		require.Equal(t, key, shelf.KeyOf(key))
	})
}
