package importer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
)

// sweepEvery is how often old files are looked for.
const sweepEvery = time.Hour

// Run does the waiting imports, the oldest first, and those that a killed process left running, until ctx ends. An import that is at
// work then goes on at the next start.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		next, err := find(ctx, s.o.State, "WHERE state IN ('running', 'waiting') ORDER BY state, id LIMIT 1") // running sorts first
		if err == nil && len(next) > 0 {
			err := s.work(ctx, next[0], nil)
			if ctx.Err() != nil {
				return nil
			}
			if err == nil || s.ended(ctx, next[0].ID) {
				continue
			}
			// Not even its end could be written: the state store is in trouble, and trying at once would not help.
		}
		if err != nil && ctx.Err() == nil {
			s.o.Logger.ErrorContext(ctx, "read waiting imports", "error", err)
		}
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.ErrorContext(ctx, "remove old files of imports", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-tick.C:
		}
	}
}

// ended says that an import needs no more work for now.
func (s *Service) ended(ctx context.Context, id int64) bool {
	i, err := s.Get(ctx, id)
	return err == nil && i.State != Running && i.State != Waiting
}

// Import starts or resumes an import and does it in this goroutine, for commands on a stopped data folder. observe, if not nil, is told of
// the progress from time to time; it is called by several goroutines, one at a time.
func (s *Service) Import(ctx context.Context, in StartInput, observe func(Progress)) (Import, error) {
	i, err := s.enter(ctx, in, Running)
	if err != nil {
		return i, err
	}
	err = s.work(ctx, i, observe)
	if err != nil {
		return i, err
	}
	return s.Get(ctx, i.ID)
}

// work runs one import and writes how it ended.
func (s *Service) work(ctx context.Context, i Import, observe func(Progress)) error {
	run1, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{cancel: cancel, meter: &meter{p: Progress{ID: i.ID, Phase: Reading, Bytes: i.Bytes}}}
	s.mu.Lock()
	if s.running[i.ID] != nil {
		s.mu.Unlock()
		return fault.New(fault.Conflict, "import.running", "this import is running already")
	}
	s.running[i.ID] = r
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.running, i.ID)
		s.mu.Unlock()
	}()
	err := s.begin(ctx, &i)
	if err == nil {
		err = s.execute(run1, &i, r.meter, observe)
	}
	switch {
	case err == nil:
		return s.finish(ctx, &i)
	case errors.Is(context.Cause(run1), errCancelled):
		s.o.Logger.InfoContext(ctx, "import was cancelled", "import", i.ID)
		return fault.Wrap(errCancelled, fault.Conflict, "import.cancelled", "the import was cancelled")
	case ctx.Err() != nil: // the process stops: the import stays running and goes on at the next start
		return ctx.Err()
	}
	return errors.Join(err, s.fail(ctx, &i, err))
}

func (s *Service) begin(ctx context.Context, i *Import) error {
	now, err := s.batching()
	if err != nil {
		return err
	}
	if i.batching != now {
		i.batching, i.batches, i.position = now, 0, 0
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		if i.StartedAt.IsZero() {
			i.StartedAt = tx.Now
		}
		moved, err := move(ctx, tx, i.ID, Running, Waiting, Running)
		if err != nil {
			return err
		}
		if !moved { // cancelled between being found and being begun
			return fault.New(fault.Conflict, "import.cancelled", "the import was cancelled")
		}
		_, err = tx.Exec(ctx, "UPDATE imports SET started_at = ? WHERE id = ?", state.Micros(i.StartedAt), i.ID)
		return err
	})
}

// execute reads the file, sends what is behind the checkpoint, waits for the pool and counts.
func (s *Service) execute(ctx context.Context, i *Import, m *meter, observe func(Progress)) (err error) {
	if filepath.Dir(i.Path) != s.filesDir() { // a file of somebody else: is it still the same?
		sum, _, err := hashFile(ctx, i.Path)
		if err != nil {
			return err
		}
		if sum != i.SHA256 {
			return fault.New(fault.Conflict, "import.changed", "the file has changed since the import began; start a new import of it")
		}
	}
	f := s.newFeed(ctx, i, m, observe)
	open := func() (*sheet.Reader, error) {
		r, err := sheet.Open(i.Path, sheetOptions(i.Options))
		if err == nil {
			f.reader = r
		}
		return r, err
	}
	plan := func(r *sheet.Reader) (*shape.Plan, error) {
		if f.rejects == nil {
			if f.rejects, err = createRejects(s.RejectsPath(i.ID), r.Columns()); err != nil {
				return nil, err
			}
		}
		return shape.NewPlan(i.Preset, i.Mapping, i.Options, r, s.o.Kinds(), state.Micros(i.CreatedAt))
	}
	rows, err := shape.Run(ctx, open, plan, shape.Limits{Memory: s.o.Memory, TempDir: s.o.Dir}, f)
	if err == nil {
		err = f.flush()
	}
	if err := f.close(err); err != nil {
		return err
	}
	i.Rows, i.BytesDone = rows, i.Bytes
	if err := checkpoint(ctx, s.o.State, i); err != nil {
		return err
	}
	f.show(func(p *Progress) { p.Phase = Applying })
	if i.position > 0 {
		if err := s.o.Pool.Wait(ctx, i.position); err != nil {
			return fmt.Errorf("wait until the pool has the import: %w", err)
		}
	}
	if i.Accepted, err = s.o.Pool.Accepted(ctx, i.ID); err != nil {
		return fmt.Errorf("count what the pool accepted: %w", err)
	}
	f.show(func(p *Progress) { p.Phase = Ended })
	return ctx.Err()
}

func (s *Service) finish(ctx context.Context, i *Import) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE imports SET state = ?, row_count = ?, accepted = ?, rejected = ?, bytes_done = bytes, batches = ?, position = ?,
			finished_at = ? WHERE id = ? AND state = ?`, string(Done), i.Rows, i.Accepted, i.Rejected, i.batches, int64(i.position),
			state.Micros(tx.Now), i.ID, string(Running))
		return err
	})
}

// fail keeps why an import ended before its time. The message of a fault is safe to show; everything else is in the log only.
func (s *Service) fail(ctx context.Context, i *Import, cause error) error {
	code, message := fault.CodeOf(cause), "something went wrong that the server's log explains; resume the import"
	var f *fault.Error
	if errors.As(cause, &f) && f.Message != "" {
		parts := []string{f.Message}
		for _, v := range f.Violations {
			parts = append(parts, v.Message)
		}
		message = strings.Join(parts, "; ")
	}
	s.o.Logger.ErrorContext(ctx, "import failed", "import", i.ID, "error", cause)
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE imports SET state = ?, finished_at = ?, error_code = ?, error = ? WHERE id = ? AND state = ?",
			string(Failed), state.Micros(tx.Now), code, message, i.ID, string(Running))
		return err
	})
}

// sweep removes uploads and lists of rejected rows that nobody needs any more.
func (s *Service) sweep(ctx context.Context) error {
	now := s.o.Clock.Now()
	ids, err := oldFiles(ctx, s.o.State, now.Add(-s.o.Keep))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := os.Remove(s.filePath(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove an old upload: %w", err)
		}
		err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM import_files WHERE id = ?", id)
			return err
		})
		if err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(s.o.Dir)
	if err != nil {
		return fmt.Errorf("look for old lists of rejected rows: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !strings.HasSuffix(e.Name(), "-rejects.csv") || info.ModTime().After(now.Add(-s.o.KeepLists)) {
			continue
		}
		if err := os.Remove(filepath.Join(s.o.Dir, e.Name())); err != nil {
			return fmt.Errorf("remove an old list of rejected rows: %w", err)
		}
	}
	return nil
}
