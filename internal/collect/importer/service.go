package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Log is the durable log: Append returns once the bodies are on disk.
type Log interface {
	Append(ctx context.Context, bodies ...[]byte) (uint64, error)
}

// Pool is what applies the log.
type Pool interface {
	// Wait returns when everything up to the position is applied.
	Wait(ctx context.Context, position uint64) error
	// Accepted is how many rows of an import the applied events stand for, repeated events left out.
	Accepted(ctx context.Context, importID int64) (int64, error)
}

// Audit records who did what, in the transaction that does it.
type Audit interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Defaults are the pool's settings for what a file does not say.
type Defaults struct {
	Currency string
	TimeZone string
	Region   string
}

// Dependencies are what a Service needs, and its limits; a limit that is 0 has its default.
type Dependencies struct {
	State    *state.DB
	Log      Log
	Pool     Pool
	Audit    Audit // nil: nothing is recorded
	Kinds    func() identity.Kinds
	Defaults func() Defaults
	Dir      string // <data>/imports
	Clock    clock.Clock
	Logger   *slog.Logger
	Version  string // of the program: another one may make other batches

	MaxUpload int64         // bytes of an uploaded file; 1 GiB
	Keep      time.Duration // how long uploads stay after their import; 7 days
	KeepLists time.Duration // how long lists of rejected rows stay; 90 days
	Memory    int           // bytes of order lines in memory; shape.DefaultMemory
}

// Service imports files. It is safe for concurrent use; Run does the work, one import after the other.
type Service struct {
	o    Dependencies
	wake chan struct{}

	mu      sync.Mutex
	running map[int64]*run
}

// run is an import at work.
type run struct {
	cancel context.CancelCauseFunc
	meter  *meter
}

// errCancelled is the cause of the context of an import that somebody cancelled.
var errCancelled = errors.New("cancelled")

// New makes a service and brings its tables and folder up to date.
func New(ctx context.Context, o Dependencies) (*Service, error) {
	o.MaxUpload = cmp.Or(o.MaxUpload, 1<<30)
	o.Keep = cmp.Or(o.Keep, 7*24*time.Hour)
	o.KeepLists = cmp.Or(o.KeepLists, 90*24*time.Hour)
	s := &Service{o: o, wake: make(chan struct{}, 1), running: map[int64]*run{}}
	if err := migrate(ctx, o.State); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.filesDir(), 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "import.folder", "the folder for imports cannot be made; check the data folder's permissions")
	}
	// What a killed process left half done is of no use to anybody.
	for _, pattern := range []string{filepath.Join(o.Dir, "lines-*.tmp"), filepath.Join(s.filesDir(), "*.part")} {
		left, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, path := range left {
			if err := os.Remove(path); err != nil {
				o.Logger.WarnContext(ctx, "left-over file stays", "path", path, "error", err)
			}
		}
	}
	return s, nil
}

func (s *Service) filesDir() string { return filepath.Join(s.o.Dir, "files") }

// Start begins an import, or resumes the unfinished one with the same fingerprint. The work is done by Run.
func (s *Service) Start(ctx context.Context, in StartInput) (Import, error) {
	i, err := s.enter(ctx, in, Waiting)
	if err == nil {
		s.rouse()
	}
	return i, err
}

// enter checks what is asked and writes or finds its row.
func (s *Service) enter(ctx context.Context, in StartInput, to State) (Import, error) {
	i, err := s.prepare(ctx, in)
	if err != nil {
		return i, err
	}
	err = s.o.State.InTx(ctx, func(tx *state.Tx) error {
		open, err := find(ctx, tx, "WHERE fingerprint = ? AND state <> ? ORDER BY id DESC LIMIT 1", i.Fingerprint, string(Done))
		if err != nil {
			return err
		}
		if len(open) == 0 {
			i.State = to
			if err := insert(ctx, tx, &i); err != nil {
				return err
			}
			return s.audit(ctx, tx, "import.start", i)
		}
		// The bytes are the same wherever they lie now; the old place may be gone.
		path, was := i.Path, open[0].State
		i = open[0]
		i.Path = path
		if was == Running && s.isRunning(i.ID) {
			return nil
		}
		i.State = to
		if _, err := tx.Exec(ctx, "UPDATE imports SET path = ?, state = ?, finished_at = 0, error = '', error_code = '' WHERE id = ?", path, string(to), i.ID); err != nil {
			return fmt.Errorf("resume import %d: %w", i.ID, err)
		}
		return s.audit(ctx, tx, "import.resume", i)
	})
	return i, err
}

func (s *Service) audit(ctx context.Context, tx *state.Tx, action string, i Import) error {
	if s.o.Audit == nil {
		return nil
	}
	return s.o.Audit.Record(ctx, tx, action, "import/"+strconv.FormatInt(i.ID, 10),
		map[string]any{"file": i.File, "preset": i.Preset, "mapping": i.Mapping, "options": i.Options})
}

// prepare finds the file, resolves what is left open and holds the plan against the header.
func (s *Service) prepare(ctx context.Context, in StartInput) (Import, error) {
	i := Import{Preset: in.Preset, Author: in.Author}
	if _, err := shape.ParsePreset(string(in.Preset)); err != nil {
		return i, err
	}
	if in.FileID != "" {
		f, err := getFile(ctx, s.o.State, in.FileID)
		if err != nil {
			return i, err
		}
		i.File, i.Path, i.SHA256, i.Bytes = f.Name, s.filePath(f.ID), f.SHA256, f.Bytes
	} else {
		path, err := filepath.Abs(in.Path)
		if err != nil {
			return i, err
		}
		i.File, i.Path = filepath.Base(path), path
		if i.SHA256, i.Bytes, err = hashFile(ctx, path); err != nil {
			return i, err
		}
	}
	seen, err := inspect(i.Path, in.Options)
	if err != nil {
		return i, err
	}
	i.Mapping, i.Options = s.resolve(in, seen)
	r, err := sheet.Open(i.Path, sheetOptions(i.Options))
	if err != nil {
		return i, err
	}
	_, err = shape.NewPlan(i.Preset, i.Mapping, i.Options, r, s.o.Kinds(), state.Micros(s.o.Clock.Now()))
	if err := errors.Join(err, r.Close()); err != nil {
		return i, err
	}
	if i.batching, err = s.batching(); err != nil {
		return i, err
	}
	i.Fingerprint, err = fingerprint(i)
	return i, err
}

// resolve fills in what the input leaves open, so that a resumed import does not depend on settings that change meanwhile.
func (s *Service) resolve(in StartInput, seen Inspection) (shape.Mapping, shape.Options) {
	guess := shape.GuessAs(in.Preset, seen.Columns, seen.rows)
	mapping := guess.Mapping
	if in.Mapping != nil {
		mapping = *in.Mapping
	}
	return mapping, s.settle(in.Options, mapping, seen)
}

func (s *Service) settle(o shape.Options, mapping shape.Mapping, seen Inspection) shape.Options {
	d := s.o.Defaults()
	o.Currency, o.TimeZone, o.Region = cmp.Or(o.Currency, d.Currency), cmp.Or(o.TimeZone, d.TimeZone), cmp.Or(o.Region, d.Region)
	o.TimeLayout = cmp.Or(o.TimeLayout, shape.LayoutOf(mapping, seen.Columns, seen.rows))
	return o
}

func sheetOptions(o shape.Options) sheet.Options {
	out := sheet.Options{Encoding: o.Encoding}
	if len(o.Delimiter) == 1 {
		out.Delimiter = o.Delimiter[0]
	}
	return out
}

func fingerprint(i Import) (string, error) {
	text, err := json.Marshal(struct {
		SHA256  string
		Preset  shape.Preset
		Mapping shape.Mapping
		Options shape.Options
	}{i.SHA256, i.Preset, i.Mapping, i.Options})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func hashFile(ctx context.Context, path string) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, fault.Wrap(err, fault.NotFound, "import.open", "the file %s cannot be opened; check its name and permissions", filepath.Base(path))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", 0, fault.New(fault.Invalid, "import.folder", "%s is a folder; name one file", filepath.Base(path))
	}
	h := sha256.New()
	size, err = io.Copy(h, ctxReader{ctx, f})
	if err != nil {
		return "", 0, fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// ctxReader ends with its context.
type ctxReader struct {
	ctx context.Context //nolint:containedctx // lives for one call
	r   io.Reader
}

func (r ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// Get an import with the numbers of this moment.
func (s *Service) Get(ctx context.Context, id int64) (Import, error) { return get(ctx, s.o.State, id) }

// List imports, the newest first, before an id (0: from the newest).
func (s *Service) List(ctx context.Context, before int64, limit int) ([]Import, error) {
	if before == 0 {
		return find(ctx, s.o.State, "ORDER BY id DESC LIMIT ?", limit)
	}
	return find(ctx, s.o.State, "WHERE id < ? ORDER BY id DESC LIMIT ?", before, limit)
}

// Progress of a running import; false if it does not run in this process.
func (s *Service) Progress(id int64) (Progress, bool) {
	s.mu.Lock()
	r := s.running[id]
	s.mu.Unlock()
	if r == nil {
		return Progress{}, false
	}
	return r.meter.update(func(*Progress) {}), true
}

func (s *Service) isRunning(id int64) bool {
	_, ok := s.Progress(id)
	return ok
}

// Cancel stops an import. What is in the log stays; Resume goes on from there. Cancelling what has ended is a Conflict fault.
func (s *Service) Cancel(ctx context.Context, id int64) (Import, error) {
	var out Import
	err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		i, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		moved, err := move(ctx, tx, id, Cancelled, Waiting, Running)
		if err != nil {
			return err
		}
		if !moved {
			return fault.New(fault.Conflict, "import.ended", "the import is %s and cannot be cancelled", i.State)
		}
		if _, err := tx.Exec(ctx, "UPDATE imports SET finished_at = ? WHERE id = ?", state.Micros(tx.Now), id); err != nil {
			return err
		}
		i.State, i.FinishedAt = Cancelled, tx.Now
		out = i
		return s.audit(ctx, tx, "import.cancel", i)
	})
	if err != nil {
		return out, err
	}
	s.mu.Lock()
	if r := s.running[id]; r != nil {
		r.cancel(errCancelled)
	}
	s.mu.Unlock()
	return out, nil
}

// Resume goes on with an import that failed or was cancelled.
func (s *Service) Resume(ctx context.Context, id int64) (Import, error) {
	var out Import
	err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		i, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		moved, err := move(ctx, tx, id, Waiting, Failed, Cancelled)
		if err != nil {
			return err
		}
		if !moved {
			return fault.New(fault.Conflict, "import.not_stopped", "the import is %s; only one that failed or was cancelled can be resumed", i.State)
		}
		if _, err := tx.Exec(ctx, "UPDATE imports SET finished_at = 0, error = '', error_code = '' WHERE id = ?", id); err != nil {
			return err
		}
		i.State = Waiting
		out = i
		return s.audit(ctx, tx, "import.resume", i)
	})
	if err == nil {
		s.rouse()
	}
	return out, err
}

func (s *Service) rouse() {
	select {
	case s.wake <- struct{}{}:
	default: // it is awake already
	}
}
