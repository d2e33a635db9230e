package eventlog_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A filled log keeps its records, and the next one stands behind the filling.
func TestFill(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	defer func() { require.NoError(t, l.Close()) }()
	_, err := l.Append(t.Context(), []byte("first"))
	require.NoError(t, err)
	const to = 2500
	require.NoError(t, l.Fill(t.Context(), to))
	require.NoError(t, l.Fill(t.Context(), 7), "it is there already")
	at, err := l.Append(t.Context(), []byte("last"))
	require.NoError(t, err)
	require.EqualValues(t, to+1, at)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := l.Read(ctx, 0)
	require.NoError(t, err)
	defer r.Close()
	for position := uint64(1); position <= at; position++ {
		rec, err := r.Next(ctx)
		require.NoError(t, err)
		require.Equal(t, position, rec.Position)
		switch position {
		case 1:
			require.Equal(t, "first", string(rec.Bodies[0]))
		case at:
			require.Equal(t, "last", string(rec.Bodies[0]))
		default:
			require.Empty(t, rec.Bodies)
		}
	}
}
