package state_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

// book is a log in memory that can fail before or after it kept what it was given.
type book struct {
	mu     sync.Mutex
	bodies []string
	calls  int
	before func(call int) error
	after  func(call int) error
	wrote  chan struct{}
}

func newBook() *book { return &book{wrote: make(chan struct{}, 1)} }

func (b *book) Append(_ context.Context, bodies ...[]byte) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.before != nil {
		if err := b.before(b.calls); err != nil {
			return 0, err
		}
	}
	for _, body := range bodies {
		b.bodies = append(b.bodies, string(body))
	}
	select {
	case b.wrote <- struct{}{}:
	default:
	}
	if b.after != nil {
		return 0, b.after(b.calls)
	}
	return uint64(len(b.bodies)), nil
}

func (b *book) read() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.bodies...)
}

func emit(t *testing.T, db *state.DB, keys ...string) {
	t.Helper()
	require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
		for _, k := range keys {
			if err := tx.Emit(t.Context(), k, []byte("body of "+k)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// relayUntil runs the relay until the outbox is empty, and gives the relay's error.
func relayUntil(t *testing.T, db *state.DB, log *book) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- db.Relay(ctx, log, time.Millisecond) }()
	for {
		select {
		case err := <-done:
			return err
		case <-log.wrote:
		case <-time.After(time.Millisecond):
		}
		if count(t, db, "SELECT count(*) FROM outbox") == 0 {
			cancel()
			return <-done
		}
	}
}

// Everything emitted reaches the log in the order of emission, once, also when there is more than one read's worth.
func TestRelayKeepsOrder(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		var want, keys []string
		for i := range 1200 {
			keys = append(keys, fmt.Sprintf("k%04d", i))
			want = append(want, "body of "+keys[i])
		}
		emit(t, db, keys...)
		emit(t, db, keys[0]) // said again before it was relayed: said once
		log := newBook()
		require.NoError(t, relayUntil(t, db, log))
		require.Equal(t, want, log.read())
	})
}

// An event of a transaction that was rolled back is never said.
func TestEmitRollsBack(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		require.Error(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			require.NoError(t, tx.Emit(t.Context(), "k", []byte("x")))
			return errors.New("no")
		}))
		require.Zero(t, count(t, db, "SELECT count(*) FROM outbox"))
	})
}

// A crash before the log has it keeps the event; a crash after the log has it but before the outbox forgets it sends it again. Never
// a loss.
func TestRelayCrash(t *testing.T) {
	t.Parallel()
	crash := func(call int) error {
		if call == 1 {
			return errors.New("crash")
		}
		return nil
	}
	cases := map[string]struct {
		before, after func(int) error
		want          []string
	}{
		"before the append": {before: crash, want: []string{"body of a", "body of b"}},
		"after the append":  {after: crash, want: []string{"body of a", "body of b", "body of a", "body of b"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			statetest.Each(t, func(t *testing.T, db *state.DB) {
				emit(t, db, "a", "b")
				log := newBook()
				log.before, log.after = c.before, c.after
				require.ErrorContains(t, relayUntil(t, db, log), "crash")
				require.EqualValues(t, 2, count(t, db, "SELECT count(*) FROM outbox"))
				require.NoError(t, relayUntil(t, db, log))
				require.Equal(t, c.want, log.read())
			})
		})
	}
}

// The relay deletes exactly the rows that it read: one that was committed meanwhile, even with a smaller id, is still sent.
func TestRelayDeletesOnlyWhatItRead(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		commit := func() {}
		if db.Dialect() == state.Postgres { // a transaction that took its id first and commits last; SQLite has one writer
			begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
			go func() {
				ended <- db.InTx(t.Context(), func(tx *state.Tx) error {
					err := tx.Emit(t.Context(), "slow", []byte("body of slow"))
					close(begun)
					<-end
					return err
				})
			}()
			<-begun
			commit = func() { close(end); require.NoError(t, <-ended) }
		}
		emit(t, db, "fast")
		log := newBook()
		log.before = func(call int) error {
			if call == 1 {
				commit()
				emit(t, db, "late")
			}
			return nil
		}
		require.NoError(t, relayUntil(t, db, log))
		want := []string{"body of fast", "body of late"}
		if db.Dialect() == state.Postgres {
			want = []string{"body of fast", "body of slow", "body of late"}
		}
		require.Equal(t, want, log.read())
	})
}

// A reader's position is stored with the rows it belongs to: both or neither.
func TestPositionIsAtomicWithRows(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		jar(t, db)
		step := func(to uint64, name string, fail error) error {
			return db.InTx(t.Context(), func(tx *state.Tx) error {
				if _, err := tx.Insert(t.Context(), "INSERT INTO jar (name) VALUES (?)", name); err != nil {
					return err
				}
				if err := tx.SetPosition(t.Context(), "pool", to); err != nil {
					return err
				}
				at, err := state.Position(t.Context(), tx, "pool")
				require.NoError(t, err)
				require.Equal(t, to, at, "the transaction sees its own position")
				return fail
			})
		}
		check := func(want uint64, rows int64) {
			at, err := state.Position(t.Context(), db, "pool")
			require.NoError(t, err)
			require.Equal(t, want, at)
			require.Equal(t, rows, count(t, db, "SELECT count(*) FROM jar"))
		}
		check(0, 0)
		require.NoError(t, step(10, "a", nil))
		check(10, 1)
		require.Error(t, step(20, "b", errors.New("crash")))
		check(10, 1)
		require.NoError(t, step(20, "b", nil))
		check(20, 2)
		other, err := state.Position(t.Context(), db, "warehouse")
		require.NoError(t, err)
		require.Zero(t, other, "readers do not share positions")
	})
}
