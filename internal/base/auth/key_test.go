package auth_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
)

func discard() context.Context { return context.Background() }

// A write key works from the moment it is made to the moment it is revoked, on this node at once and on another within a second.
func TestWriteKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		other := open(t, h.db, h.clk)
		_, err := other.WriteKey(t.Context(), "hs_wk_nonsense")
		require.Equal(t, "auth.write_key", code(err))
		_, err = h.WriteKey(t.Context(), "")
		require.Equal(t, "auth.write_key", code(err))

		k, err := h.CreateKey(system(t), auth.CreateKeyInput{Kind: auth.WriteKind, Name: "shop"})
		require.NoError(t, err)
		require.Regexp(t, `^hs_wk_[0-9a-z]{32}$`, k.Secret)
		require.Equal(t, k.Secret[:10], k.Prefix)
		require.Equal(t, actor.Service, k.Role)
		got, err := h.WriteKey(t.Context(), k.Secret)
		require.NoError(t, err)
		require.Equal(t, []any{k.ID, "write", "shop"}, []any{got.ID, got.Kind, got.Name})
		h.clk.Add(time.Second)
		_, err = other.WriteKey(t.Context(), k.Secret)
		require.NoError(t, err)

		_, err = h.WriteKey(t.Context(), k.Secret)
		require.NoError(t, err)
		require.NoError(t, h.RevokeKey(system(t), k.ID))
		require.NoError(t, h.RevokeKey(system(t), k.ID))
		_, err = h.WriteKey(t.Context(), k.Secret)
		require.Equal(t, "auth.write_key", code(err))
		h.clk.Add(time.Second)
		_, err = other.WriteKey(t.Context(), k.Secret)
		require.Equal(t, "auth.write_key", code(err))
		require.Equal(t, "auth.key_not_found", code(h.RevokeKey(system(t), 99)))
	})
}

// When the store cannot be read, known keys go on working: intake does not stop for a database that is away.
func TestWriteKeyOutlivesTheStore(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	k, err := h.CreateKey(system(t), auth.CreateKeyInput{Kind: auth.WriteKind, Name: "shop"})
	require.NoError(t, err)
	_, err = h.WriteKey(t.Context(), k.Secret)
	require.NoError(t, err)
	_, err = h.db.Writer().ExecContext(t.Context(), "ALTER TABLE auth_key RENAME TO away")
	require.NoError(t, err)
	h.clk.Add(time.Minute)
	_, err = h.WriteKey(t.Context(), k.Secret)
	require.NoError(t, err)
	fresh := open(t, h.db, h.clk)
	_, err = fresh.WriteKey(t.Context(), k.Secret)
	require.Equal(t, "auth.keys_unavailable", code(err))
}

// Keys over HTTP: made with their secret, listed without, used in their role, revoked; a write key is no API key.
func TestKeysOverHTTP(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	s := h.serve(t)
	made, err := h.CreateKey(system(t), auth.CreateKeyInput{Kind: auth.APIKind, Name: "boss", Role: actor.Owner})
	require.NoError(t, err)
	post := func(body map[string]any, more map[string]string) apitest.Reply {
		return s.Do(t, apitest.Call{As: made.Secret, Method: "POST", Path: "/keys", Body: body, Header: more})
	}
	got := post(map[string]any{"kind": "write", "name": "shop"}, nil)
	require.Equal(t, http.StatusCreated, got.Status, got.Body)
	var write, read auth.NewKey
	got.JSON(t, &write)
	require.True(t, strings.HasPrefix(write.Secret, "hs_wk_"))
	require.Equal(t, "key: boss", write.CreatedBy)
	post(map[string]any{"kind": "api", "name": "numbers", "role": "analyst"}, nil).JSON(t, &read)
	require.True(t, strings.HasPrefix(read.Secret, "hs_ak_"))

	again := map[string]string{"Idempotency-Key": "k1"}
	require.Equal(t, http.StatusCreated, post(map[string]any{"kind": "write", "name": "once"}, again).Status)
	repeated := post(map[string]any{"kind": "write", "name": "once"}, again)
	require.Equal(t, http.StatusConflict, repeated.Status)
	require.Contains(t, repeated.Body, "auth.key_shown")

	type call = apitest.Call
	s.Run(t, []apitest.Case{
		{Name: "list", Call: call{As: made.Secret, Path: "/keys"}, Status: 200, Has: []string{
			`"shop"`, write.Prefix, `"last_used_at":null`, `"last_used_at":"2026-10-01T04:00:00Z"`,
		}, HasNot: []string{write.Secret, read.Secret, `"secret"`}},
		{Name: "write key", Call: call{As: write.Secret, Path: "/session"}, Status: 401, Has: []string{"this is a write key"}},
		{Name: "unknown key", Call: call{As: "hs_ak_nonsense", Path: "/session"}, Status: 401, Has: []string{"auth.api_key"}},
		{Name: "other scheme", Call: call{Path: "/session", Header: map[string]string{"Authorization": "Basic eDp5"}}, Status: 401, Has: []string{"auth.api_key"}},
		{Name: "in its role", Call: call{As: read.Secret, Path: "/keys"}, Status: 403, Has: []string{"analyst"}},
		{Name: "who am I", Call: call{As: read.Secret, Path: "/session"}, Status: 200, Has: []string{`"name":"numbers"`, `"csrf":""`}},
		{Name: "no CSRF for keys", Call: call{As: made.Secret, Method: "DELETE", Path: fmt.Sprintf("/keys/%d", read.ID)}, Status: 204},
		{Name: "revoked", Call: call{As: read.Secret, Path: "/session"}, Status: 401},
		{Name: "no password", Call: call{As: made.Secret, Method: "POST", Path: "/session/password", Body: map[string]string{"current": "x", "next": "some password"}}, Status: 403, Has: []string{"auth.no_password"}},
		{Name: "no kind", Call: call{As: made.Secret, Method: "POST", Path: "/keys", Body: map[string]string{"kind": "house", "name": "x"}}, Status: 422, Has: []string{"body.kind"}},
	})
}

// A copy of the database opens no door: neither passwords nor tokens nor keys are in it.
func TestStoreHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	k, err := h.CreateKey(system(t), auth.CreateKeyInput{Kind: auth.APIKind, Name: "boss", IdempotencyKey: "k"})
	require.NoError(t, err)
	got, err := h.signIn(mei, password)
	require.NoError(t, err)
	tables, err := h.db.Query(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table'")
	require.NoError(t, err)
	defer func() { require.NoError(t, tables.Close()) }()
	var all strings.Builder
	for tables.Next() {
		var name string
		require.NoError(t, tables.Scan(&name))
		rows, err := h.db.Query(t.Context(), "SELECT * FROM "+name)
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			for _, v := range values {
				cell, ok := v.(*any)
				require.True(t, ok)
				if b, ok := (*cell).([]byte); ok {
					fmt.Fprintf(&all, "%s|%s|", b, hex.EncodeToString(b))
				} else {
					fmt.Fprintf(&all, "%v|", *cell)
				}
			}
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	require.NoError(t, tables.Err())
	require.Contains(t, all.String(), mei, "the search looks at the right place")
	for _, secret := range []string{password, got.Token, k.Secret, k.Secret[len("hs_ak_"):]} {
		require.NotContains(t, all.String(), secret)
	}
}

// Run stores what was seen when it is told to stop.
func TestRunFlushesAtTheEnd(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	k, err := h.CreateKey(system(t), auth.CreateKeyInput{Kind: auth.WriteKind, Name: "shop"})
	require.NoError(t, err)
	_, err = h.WriteKey(t.Context(), k.Secret)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, h.Run(ctx))
	keys, err := open(t, h.db, h.clk).Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, h.clk.Now(), *keys[0].LastUsedAt)
}

// The hot path of intake: a key that is known costs no SQL.
func BenchmarkWriteKey(b *testing.B) {
	h := houseOnSQLite(b)
	k, err := h.CreateKey(system(b), auth.CreateKeyInput{Kind: auth.WriteKind, Name: "shop"})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.WriteKey(b.Context(), k.Secret); err != nil {
			b.Fatal(err)
		}
	}
}
