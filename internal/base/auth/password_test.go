package auth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The stored form knows its password and no other, salts differ, and the parameters are those that OWASP asks for.
func TestPasswordHash(t *testing.T) {
	t.Parallel()
	h := newHasher(owasp())
	one, err := h.hash(t.Context(), "correct horse")
	require.NoError(t, err)
	two, err := h.hash(t.Context(), "correct horse")
	require.NoError(t, err)
	require.NotEqual(t, one, two)
	require.True(t, strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$"), one)
	for password, want := range map[string]bool{"correct horse": true, "Correct horse": false, "": false, "correct horse ": false} {
		ok, stale, err := h.verify(t.Context(), one, password)
		require.NoError(t, err)
		require.Equal(t, want, ok, "%q", password)
		require.False(t, stale)
	}
	_, stale, err := newHasher(cost{memory: 16, time: 1, threads: 1}).verify(t.Context(), one, "correct horse")
	require.NoError(t, err)
	require.True(t, stale, "a hash of another cost is to be renewed")
}

// The hash of nobody costs what a real one costs and fits no password, so that an unknown account answers like a known one.
func TestNobodyCostsTheSame(t *testing.T) {
	t.Parallel()
	h := newHasher(owasp())
	c, salt, hash, err := decodeHash(h.nobody)
	require.NoError(t, err)
	require.Equal(t, owasp(), c)
	require.Len(t, salt, saltSize)
	require.Len(t, hash, hashSize)
	ok, _, err := h.verify(t.Context(), h.nobody, "")
	require.NoError(t, err)
	require.False(t, ok)
}

// A damaged row is an error, never a panic and never a hash that eats the machine.
func FuzzDecodeHash(f *testing.F) {
	f.Add(encodeHash(owasp(), make([]byte, saltSize), make([]byte, hashSize)))
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, stored string) {
		c, salt, hash, err := decodeHash(stored)
		if err != nil {
			return
		}
		require.LessOrEqual(t, c.memory, uint32(1<<20))
		require.GreaterOrEqual(t, len(hash), 16)
		again, salt2, hash2, err := decodeHash(encodeHash(c, salt, hash))
		require.NoError(t, err)
		require.Equal(t, []any{c, salt, hash}, []any{again, salt2, hash2})
	})
}
