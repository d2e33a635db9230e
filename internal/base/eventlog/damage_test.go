package eventlog_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/eventlog"
)

// A log whose newest file was torn opens: what is before the tear is read, what was cut off is put aside and told of, new records get
// positions of their own, and no reader waits for a record that is gone. With an index (after an orderly end) the engine knows what is
// missing; without one (after a sudden end) it does not.
func TestTornEnd(t *testing.T) {
	t.Parallel()
	const records = 20
	for _, how := range []struct {
		name  string
		tear  func(b []byte) []byte
		lost  int  // records
		aside bool // something was cut off
	}{
		{"half a record more", func(b []byte) []byte { return append(b, b[:len(b)/records/2]...) }, 0, true},
		{"noise behind", func(b []byte) []byte { return append(b, bytes.Repeat([]byte{0xa5}, 500)...) }, 0, true},
		{"zeroes behind", func(b []byte) []byte { return append(b, make([]byte, 4096)...) }, 0, true},
		{"the last record short", func(b []byte) []byte { return b[:len(b)-10] }, 1, true},
		{"the last record gone", func(b []byte) []byte { return b[:len(b)/records*(records-1)] }, 1, false},
		{"noise in the last record", func(b []byte) []byte { b[len(b)-20] ^= 0xff; return b }, 1, true},
		{"everything gone", func([]byte) []byte { return nil }, records, false},
	} {
		for _, index := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, index %t", how.name, index), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				l := open(t, dir)
				for i := range records {
					_, err := l.Append(t.Context(), fmt.Appendf(nil, "record %02d with a text of the same length", i))
					require.NoError(t, err)
				}
				require.NoError(t, l.Close())
				blocks, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", "*", "msgs", "1.blk"))
				require.NoError(t, err)
				require.Len(t, blocks, 1)
				data, err := os.ReadFile(blocks[0])
				require.NoError(t, err)
				require.Zero(t, len(data)%records)
				require.NoError(t, os.WriteFile(blocks[0], how.tear(data), 0o600))
				if !index {
					require.NoError(t, os.Remove(filepath.Join(filepath.Dir(blocks[0]), "index.db")))
				}

				var said bytes.Buffer
				l, err = eventlog.Open(t.Context(), eventlog.Options{Dir: dir, Logger: slog.New(slog.NewTextHandler(&said, nil))})
				require.NoError(t, err)
				torn, err := filepath.Glob(filepath.Join(dir, "torn", "1.blk-from-*"))
				require.NoError(t, err)
				if how.aside && (!index || how.name != "noise in the last record") {
					require.Len(t, torn, 1)
					require.Contains(t, said.String(), "ended in the middle of a record")
				}
				if how.lost > 0 && index {
					require.Contains(t, said.String(), "lost records")
				}
				at, err := l.Append(t.Context(), []byte("new"))
				require.NoError(t, err)
				if index {
					require.Greater(t, at, uint64(records), "no position is given twice")
				}
				require.Equal(t, append(texts(records-how.lost), "new"), readAll(t, l))
				require.NoError(t, l.Close())
				l = open(t, dir)
				require.Equal(t, append(texts(records-how.lost), "new"), readAll(t, l), "and again")
				require.NoError(t, l.Close())
			})
		}
	}
}

func texts(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("record %02d with a text of the same length", i))
	}
	return all
}

// readAll reads up to the newest position.
func readAll(t *testing.T, l *eventlog.Log) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	last, err := l.Last(ctx)
	require.NoError(t, err)
	r, err := l.Read(ctx, 0)
	require.NoError(t, err)
	defer r.Close()
	var all []string
	for at := uint64(0); at < last; {
		rec, err := r.Next(ctx)
		require.NoError(t, err)
		at = rec.Position
		for _, b := range rec.Bodies {
			all = append(all, string(b))
		}
	}
	return all
}
