package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/job"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

type greet struct{ Name string }

func (greet) Kind() string { return "greet" }

type sweep struct{}

func (sweep) Kind() string { return "sweep" }

func open(t testing.TB, db *state.DB) *job.Queue {
	t.Helper()
	q, err := job.New(t.Context(), db, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return q
}

// run runs the queue until the test ends, or until the function that it gives is called.
func run(t testing.TB, q *job.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx) }()
	var stopped atomic.Bool
	stop = func() {
		if stopped.CompareAndSwap(false, true) {
			cancel()
			require.NoError(t, <-done)
		}
	}
	t.Cleanup(stop)
	return stop
}

func wait[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(30 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// each runs on both engines with the machine's clock, which River uses too.
func each(t *testing.T, do func(t *testing.T, db *state.DB)) {
	t.Helper()
	statetest.Each(t, do, statetest.With(clock.System{}))
}

// A job of a transaction that commits is done once; one of a transaction that fails never.
func TestJobLivesWithItsTransaction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *state.DB) {
		q := open(t, db)
		done := make(chan string, 10)
		job.Register(q, job.Options{}, func(_ context.Context, j job.Job[greet]) error {
			require.Equal(t, 1, j.Attempt)
			done <- j.Args.Name
			return nil
		})
		stop := run(t, q)
		require.Error(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			return errors.Join(q.Enqueue(t.Context(), tx, greet{Name: "lost"}, job.When{}), errors.New("no"))
		}))
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			return q.Enqueue(t.Context(), tx, greet{Name: "kept"}, job.When{})
		}))
		require.Equal(t, "kept", wait(t, done))
		require.NoError(t, q.EnqueueNow(t.Context(), greet{Name: "at once"}, job.When{}))
		require.Equal(t, "at once", wait(t, done))
		stop()
		require.Empty(t, done)
	})
}

// Of the same work, only one job waits if so wished; when it is done, the next may come.
func TestUnique(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *state.DB) {
		q := open(t, db)
		done := make(chan string, 10)
		job.Register(q, job.Options{}, func(_ context.Context, j job.Job[greet]) error { done <- j.Args.Name; return nil })
		for _, name := range []string{"a", "a", "b"} {
			require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
				return q.Enqueue(t.Context(), tx, greet{Name: name}, job.When{Unique: true})
			}))
		}
		var waiting int
		require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM river_job").Scan(&waiting))
		require.Equal(t, 2, waiting)
		stop := run(t, q)
		require.ElementsMatch(t, []string{"a", "b"}, []string{wait(t, done), wait(t, done)})
		stop()
		require.NoError(t, q.EnqueueNow(t.Context(), greet{Name: "a"}, job.When{Unique: true}))
		require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM river_job").Scan(&waiting))
		require.Equal(t, 3, waiting)
	})
}

// What fails is tried again; what must not be tried again is not; what failed for good can be seen and retried by hand.
func TestFailures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *state.DB) {
		q := open(t, db)
		attempts := make(chan int, 10)
		job.Register(q, job.Options{}, func(_ context.Context, j job.Job[greet]) error {
			attempts <- j.Attempt
			switch {
			case j.Args.Name == "hopeless":
				return job.Cancel(errors.New("no such thing"))
			case j.Args.Name == "given up" && j.Attempt <= job.MaxAttempts:
				return errors.New("still broken")
			case j.Attempt == 1:
				panic("the first time it panics")
			}
			return nil
		})
		stop := run(t, q)
		require.NoError(t, q.EnqueueNow(t.Context(), greet{Name: "again"}, job.When{}))
		require.Equal(t, []int{1, 2}, []int{wait(t, attempts), wait(t, attempts)})
		require.NoError(t, q.EnqueueNow(t.Context(), greet{Name: "hopeless"}, job.When{}))
		require.Equal(t, 1, wait(t, attempts))
		stop()
		require.Empty(t, attempts)

		// Seven attempts later: the eighth is the last.
		q = open(t, db)
		job.Register(q, job.Options{}, func(_ context.Context, j job.Job[greet]) error {
			attempts <- j.Attempt
			if j.Attempt <= job.MaxAttempts {
				return errors.New("still broken")
			}
			return nil
		})
		require.NoError(t, q.EnqueueNow(t.Context(), greet{Name: "given up"}, job.When{}))
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE river_job SET attempt = ? WHERE state = 'available'", job.MaxAttempts-1)
			return err
		}))
		run(t, q)
		require.Equal(t, job.MaxAttempts, wait(t, attempts))
		var failed []job.Failed
		require.Eventually(t, func() bool {
			var err error
			failed, err = q.Failed(t.Context(), 10)
			require.NoError(t, err)
			return len(failed) == 1
		}, 30*time.Second, 10*time.Millisecond)
		require.Equal(t, []string{"greet", "still broken"}, []string{failed[0].Kind, failed[0].Error})
		require.JSONEq(t, `{"Name":"given up"}`, string(failed[0].Args))
		require.NoError(t, q.Retry(t.Context(), failed[0].ID))
		require.Equal(t, job.MaxAttempts+1, wait(t, attempts))
	})
}

// A periodic job comes at the start and again, and never twice at once.
func TestEvery(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *state.DB) {
		q := open(t, db)
		swept := make(chan struct{}, 10)
		var running atomic.Int32
		job.Register(q, job.Options{}, func(context.Context, job.Job[sweep]) error {
			require.EqualValues(t, 1, running.Add(1))
			defer running.Add(-1)
			swept <- struct{}{}
			return nil
		})
		q.Every(time.Second, sweep{}, true)
		run(t, q)
		for range 3 {
			wait(t, swept)
		}
	})
}

// A stop lets the running job finish, and the queue can be opened again on the same tables.
func TestStopIsGraceful(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *state.DB) {
		q := open(t, db)
		began, end, finished := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		job.Register(q, job.Options{}, func(ctx context.Context, _ job.Job[greet]) error {
			close(began)
			<-end
			finished <- ctx.Err()
			return nil
		})
		stop := run(t, q)
		require.NoError(t, q.EnqueueNow(t.Context(), greet{}, job.When{}))
		wait(t, began)
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		close(end)
		require.NoError(t, wait(t, finished), "its context was not cut off")
		wait(t, stopped)
		var completed int
		require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state = 'completed'").Scan(&completed))
		require.Equal(t, 1, completed)
		open(t, db)
	})
}

// The job that a killed process was at is done after the next start.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	db := statetest.SQLite(t, statetest.With(clock.System{}))
	q := open(t, db)
	done := make(chan int, 1)
	job.Register(q, job.Options{}, func(_ context.Context, j job.Job[greet]) error { done <- j.Attempt; return nil })
	require.NoError(t, q.EnqueueNow(t.Context(), greet{}, job.When{}))
	require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error { // as a killed process leaves it
		_, err := tx.Exec(t.Context(), "UPDATE river_job SET state = 'running', attempt = 1")
		return err
	}))
	run(t, q)
	require.Equal(t, 2, wait(t, done))
}

// Without any kind of job, Run waits for its end and touches nothing.
func TestRunWithoutKinds(t *testing.T) {
	t.Parallel()
	run(t, open(t, statetest.SQLite(t)))()
}

// Tables of a newer River are refused.
func TestNewerTables(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *state.DB) {
		open(t, db)
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO river_migration (line, version) VALUES ('main', 999)")
			return err
		}))
		_, err := job.New(t.Context(), db, slog.New(slog.DiscardHandler))
		require.ErrorContains(t, err, "newer version of Huoshui")
	})
}
