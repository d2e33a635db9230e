package importer_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/importer"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

func itoa(n int) string { return strconv.Itoa(n) }

type counts struct{ Rows, Accepted, Rejected, Duplicates int64 }

func countsOf(i importer.Import) counts {
	return counts{i.Rows, i.Accepted, i.Rejected, i.Duplicates()}
}

// TestImport proves the counters of a first and of a repeated import, and the list of rejected rows.
func TestImport(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		w := newWorld()
		s := service(t, db, w, t.TempDir(), time.Millisecond)
		path := write(t, "orders.csv", orderFile(50))
		in := importer.StartInput{Path: path, Preset: shape.OrderLines, Author: "ann@example.com"}
		var phases []importer.Phase
		first, err := s.Import(t.Context(), in, func(p importer.Progress) {
			if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
				phases = append(phases, p.Phase)
			}
		})
		require.NoError(t, err)
		require.Equal(t, importer.Done, first.State)
		require.Equal(t, counts{105, 100, 5, 0}, countsOf(first))
		require.Equal(t, "orders.csv", first.File)
		require.Equal(t, first.Bytes, first.BytesDone)
		require.Len(t, w.events, 50)
		require.Equal(t, []importer.Phase{importer.Sending, importer.Applying, importer.Ended}, phases[max(0, len(phases)-3):])

		list, err := os.ReadFile(s.RejectsPath(first.ID))
		require.NoError(t, err)
		lines := strings.Split(strings.TrimSpace(string(list)), "\n")
		require.Len(t, lines, 6)
		require.Equal(t, "\ufeffline,code,reason,order_id,order_time,customer_id,product_name,quantity,price", lines[0])
		require.Equal(t, "4,customer.missing,the row names no customer,100000,2024-05-10 10:00:00,,杯,1,20", lines[1])

		again, err := s.Import(t.Context(), in, nil)
		require.NoError(t, err)
		require.NotEqual(t, first.ID, again.ID)
		require.Equal(t, counts{105, 0, 5, 100}, countsOf(again))
		require.Len(t, w.events, 50)
		require.Equal(t, 100, w.sent)
	})
}

// TestPeopleTwice: equal rows of one file are rows of their own; the same file again is all duplicates.
func TestPeopleTwice(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := service(t, statetest.SQLite(t), w, t.TempDir(), time.Millisecond)
	in := importer.StartInput{Path: write(t, "people.csv", peopleFile(10)), Preset: shape.People}
	first, err := s.Import(t.Context(), in, nil)
	require.NoError(t, err)
	require.Equal(t, counts{13, 12, 1, 0}, countsOf(first))
	second, err := s.Import(t.Context(), in, nil)
	require.NoError(t, err)
	require.Equal(t, counts{13, 0, 1, 12}, countsOf(second))
}

var errKilled = errors.New("killed")

// TestKilled kills an import at every append in turn, before or after the log has the batch, and starts it again with a new service, until
// it is through: the counters and the events must be those of an import that was never disturbed. With a slow clock the checkpoint is
// stored at every batch, with a fast one never.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, world := range []struct {
		name   string
		preset shape.Preset
		text   string
		want   counts
		events int
	}{
		{"orders", shape.OrderLines, orderFile(1000), counts{2100, 2000, 100, 0}, 1000},
		{"people", shape.People, peopleFile(1000), counts{1003, 1002, 1, 0}, 1002},
	} {
		for _, step := range []time.Duration{time.Microsecond, time.Second} {
			t.Run(fmt.Sprintf("%s, %s a look", world.name, step), func(t *testing.T) {
				t.Parallel()
				db, dir, w := statetest.SQLite(t), t.TempDir(), newWorld()
				in := importer.StartInput{Path: write(t, "file.csv", world.text), Preset: world.preset}
				rng := rand.New(rand.NewPCG(1, 2))
				var ids []int64
				for kills := 0; ; kills++ {
					ctx, kill := context.WithCancelCause(t.Context())
					at := w.appends + 1 + rng.IntN(3)
					if kills == 6 {
						at = -1
					}
					w.before = func(n int) error {
						if n == at {
							kill(errKilled)
							if rng.IntN(2) == 0 { // otherwise the log has the batch and nobody hears of it
								return context.Canceled
							}
						}
						return nil
					}
					i, err := service(t, db, w, dir, step).Import(ctx, in, nil)
					kill(nil)
					ids = append(ids, i.ID)
					if err == nil && at < 0 {
						require.Equal(t, world.want, countsOf(i))
						break
					}
					if err == nil { // the kill came after the last append
						break
					}
					require.ErrorIs(t, err, context.Canceled)
					stopped, err := service(t, db, w, dir, step).Get(t.Context(), i.ID)
					require.NoError(t, err)
					require.Equal(t, importer.Running, stopped.State, "a killed import is still to be done")
				}
				for _, id := range ids {
					require.Equal(t, ids[0], id, "an unfinished import is resumed, not begun again")
				}
				require.Len(t, w.events, world.events)
				s := service(t, db, w, dir, step)
				i, err := s.Get(t.Context(), ids[0])
				require.NoError(t, err)
				require.Equal(t, world.want, countsOf(i))
			})
		}
	}
}

// TestResumeSkips: what is behind the checkpoint is not sent again.
func TestResumeSkips(t *testing.T) {
	t.Parallel()
	db, dir, w := statetest.SQLite(t), t.TempDir(), newWorld()
	in := importer.StartInput{Path: write(t, "file.csv", peopleFile(1500)), Preset: shape.People}
	w.before = func(n int) error {
		if n == 4 {
			return fault.New(fault.Unavailable, "eventlog.append", "the disk is full")
		}
		return nil
	}
	s := service(t, db, w, dir, time.Second)
	i, err := s.Import(t.Context(), in, nil)
	require.Equal(t, "eventlog.append", fault.CodeOf(err))
	failed, err := s.Get(t.Context(), i.ID)
	require.NoError(t, err)
	require.Equal(t, importer.Failed, failed.State)
	require.Equal(t, "the disk is full", failed.Error)
	w.before = nil
	sent := w.sent
	require.Positive(t, sent)
	done, err := s.Import(t.Context(), in, nil)
	require.NoError(t, err)
	require.Equal(t, i.ID, done.ID)
	require.Equal(t, counts{1503, 1502, 1, 0}, countsOf(done))
	require.Equal(t, 1502, w.sent, "batches behind the checkpoint came again")
}

// TestBusyLog: an overloaded log is asked again.
func TestBusyLog(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.before = func(n int) error {
		if n < 3 {
			return fault.New(fault.TooMany, "eventlog.overload", "later")
		}
		return nil
	}
	s := service(t, statetest.SQLite(t), w, t.TempDir(), time.Millisecond)
	i, err := s.Import(t.Context(), importer.StartInput{Path: write(t, "p.csv", peopleFile(3)), Preset: shape.People}, nil)
	require.NoError(t, err)
	require.Equal(t, counts{6, 5, 1, 0}, countsOf(i))
}

// TestBackground: the worker does what is started, stops what is cancelled, goes on with what is resumed and with what a killed process
// left running.
func TestBackground(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		w, dir := newWorld(), t.TempDir()
		reached, release := make(chan struct{}), make(chan struct{})
		w.before = func(n int) error {
			if n == 2 {
				close(reached)
				<-release
			}
			return nil
		}
		s := service(t, db, w, dir, time.Millisecond)
		stop := background(t, s)
		in := importer.StartInput{Path: write(t, "file.csv", peopleFile(1500)), Preset: shape.People}
		i, err := s.Start(t.Context(), in)
		require.NoError(t, err)
		<-reached
		same, err := s.Start(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, i.ID, same.ID, "a second start of what runs is the same import")
		p, ok := s.Progress(i.ID)
		require.True(t, ok)
		require.Equal(t, importer.Reading, p.Phase)
		cancelled, err := s.Cancel(t.Context(), i.ID)
		require.NoError(t, err)
		require.Equal(t, importer.Cancelled, cancelled.State)
		_, err = s.Cancel(t.Context(), i.ID)
		require.Equal(t, fault.Conflict, fault.KindOf(err))
		close(release)
		await(t, func() bool { _, runs := s.Progress(i.ID); return !runs })
		got, err := s.Get(t.Context(), i.ID)
		require.NoError(t, err)
		require.Equal(t, importer.Cancelled, got.State)

		_, err = s.Resume(t.Context(), i.ID)
		require.NoError(t, err)
		await(t, func() bool { got, err = s.Get(t.Context(), i.ID); return err == nil && got.State == importer.Done })
		require.Equal(t, counts{1503, 1502, 1, 0}, countsOf(got))
		_, err = s.Resume(t.Context(), i.ID)
		require.Equal(t, fault.Conflict, fault.KindOf(err))
		stop()

		// A process that was killed while an import ran:
		second := importer.StartInput{
			Path: write(t, "more.csv", strings.ReplaceAll(peopleFile(5), "u", "v")), Preset: shape.People,
			Mapping: &shape.Mapping{Fields: map[string]string{"user_id": "vser_id"}},
		}
		ctx, kill := context.WithCancel(t.Context())
		kill()
		left, err := service(t, db, w, dir, time.Millisecond).Start(t.Context(), second)
		require.NoError(t, err)
		require.NoError(t, db.InTx(t.Context(), func(tx *state.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE imports SET state = 'running' WHERE id = ?", left.ID)
			return err
		}))
		require.NoError(t, service(t, db, w, dir, time.Millisecond).Run(ctx), "a stopped worker is no error")
		stop = background(t, service(t, db, w, dir, time.Millisecond))
		await(t, func() bool { got, err = s.Get(t.Context(), left.ID); return err == nil && got.State == importer.Done })
		require.Equal(t, counts{8, 7, 1, 0}, countsOf(got))
		stop()
	})
}

// background runs the worker until stop, which the test calls before it ends.
func background(t *testing.T, s *importer.Service) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return func() {
		cancel()
		require.NoError(t, <-ended)
	}
}

func await(t *testing.T, ready func() bool) {
	t.Helper()
	require.Eventually(t, ready, 30*time.Second, 2*time.Millisecond)
}

// TestRefused: what cannot be imported is refused before there is an import.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := service(t, statetest.SQLite(t), newWorld(), t.TempDir(), time.Millisecond)
	good := write(t, "p.csv", peopleFile(1))
	for code, in := range map[string]importer.StartInput{
		"import.open":        {Path: good + "x", Preset: shape.People},
		"import.folder":      {Path: t.TempDir(), Preset: shape.People},
		"import.preset":      {Path: good, Preset: "orders"},
		"import.mapping":     {Path: good, Preset: shape.OrderLines},
		"import.empty":       {Path: write(t, "empty", ""), Preset: shape.People},
		"import.time_zone":   {Path: good, Preset: shape.People, Options: shape.Options{TimeZone: "Mars"}},
		"import.time_layout": {Path: good, Preset: shape.People, Options: shape.Options{TimeLayout: "HH:mm"}},
		"import.no_file":     {FileID: "../../etc/passwd", Preset: shape.People},
	} {
		_, err := s.Start(t.Context(), in)
		require.Equal(t, code, fault.CodeOf(err), "%v", err)
	}
	_, err := s.Get(t.Context(), 1)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	all, err := s.List(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Empty(t, all)
}

// TestChanged: a file that is not the same any more is not mixed into the import that it began.
func TestChanged(t *testing.T) {
	t.Parallel()
	db, dir, w := statetest.SQLite(t), t.TempDir(), newWorld()
	path := write(t, "p.csv", peopleFile(3))
	s := service(t, db, w, dir, time.Millisecond)
	i, err := s.Start(t.Context(), importer.StartInput{Path: path, Preset: shape.People})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(peopleFile(4)), 0o600))
	stop := background(t, s)
	await(t, func() bool { i, err = s.Get(t.Context(), i.ID); return err == nil && i.State == importer.Failed })
	stop()
	require.Equal(t, "import.changed", i.ErrorCode)
	require.Empty(t, w.events)
}
