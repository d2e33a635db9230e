// Package segment keeps segments: the people for whom a rule holds, by name.
//
// Terms. A live segment follows its rule: the engine moves people in and out as events arrive and days pass. A static one, a snapshot, holds
// who fitted at its moment, and stays. Overlap is who is in several at once.
//
// Invariants. A live segment that is active holds exactly those whom its rule fits; while a new rule is being swept, those of the rule before.
// A snapshot holds the identities that its people had: when two people become one, that one is in; when one becomes two, the one that keeps
// the identity is. A key never changes its meaning: archived segments keep their keys.
package segment

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Kind of the definitions.
const Kind = "segment"

// Mode says whether a segment follows its rule.
type Mode string

// The modes.
const (
	Live   Mode = "live"
	Static Mode = "static"
)

// Spec is what a definition holds.
type Spec struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Mode        Mode           `json:"mode"`
	Rule        string         `json:"rule"` // canonical text; of a snapshot the one of its moment, empty if no rule describes its people
	State       rulebook.State `json:"state"`
	Of          string         `json:"of,omitempty"`       // live segment of which this is a snapshot
	Snapshot    string         `json:"snapshot,omitempty"` // id of the set of people
	Taken       int64          `json:"taken,omitempty"`    // µs
	Origin      string         `json:"origin,omitempty"`
}

// MadeBy is the request that made the segment.
func (s Spec) MadeBy() string { return s.Origin }

// Engine keeps segments true.
type Engine interface {
	Apply(ctx context.Context, s standing.Spec) error
	Pause(ctx context.Context, owner standing.Owner, key string) error
	Remove(ctx context.Context, owner standing.Owner, key string) error
	Progress(owner standing.Owner, key string) standing.Progress
	Members(owner standing.Owner, key, level string) *roaring64.Bitmap
	Size(owner standing.Owner, key, level string) int64
	Since(ctx context.Context, owner standing.Owner, key string, people []int64) (map[int64]standing.Held, error)
	Changes(ctx context.Context, q standing.ChangeQuery) ([]standing.Change, error)
	Spans(ctx context.Context, owner standing.Owner, key string, cuts []int64) ([]standing.Moved, error)
	Matching(ctx context.Context, r *rule.Rule) (*roaring64.Bitmap, error)
}

// People shows people, masked for who may not see personal data.
type People interface {
	Rows(ctx context.Context, ids []int64) ([]person.Row, error)
	Export(e person.Export) (*huma.StreamResponse, error)
	Write(ctx context.Context, w io.Writer, e person.Export) error
}

// Trail remembers who did what.
type Trail interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Options are what the room needs.
type Options struct {
	State       *state.DB
	Definitions *define.Service
	Book        *rulebook.Book
	Engine      Engine
	People      People
	Trail       Trail
	Zone        func() *time.Location
	Clock       clock.Clock
	Logger      *slog.Logger
}

// Service is the room's rules.
type Service struct {
	o       Options
	shelf   *shelf.Shelf[Spec]
	mu      sync.Mutex
	applied map[string]int64 // token of what the engine was told, by key
}

// New opens the room and tells the engine of all segments.
func New(ctx context.Context, o Options) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := o.State.Migrate(ctx, "segment", files); err != nil {
		return nil, err
	}
	s := &Service{o: o, applied: map[string]int64{}}
	o.Book.Add(func(context.Context) ([]rulebook.Entry, error) { return s.entries(), nil })
	s.shelf, err = shelf.Open[Spec](ctx, o.Definitions, define.Kind{Name: Kind, Edit: actor.Operate, Check: check, Fits: s.fits}, o.Logger, s.tell)
	if err != nil {
		return nil, err
	}
	s.tell(ctx)
	return s, nil
}

func (s *Service) entries() []rulebook.Entry {
	if s.shelf == nil {
		return nil
	}
	var out []rulebook.Entry
	for _, i := range s.shelf.All() {
		e := rulebook.Entry{Owner: standing.Segment, Key: i.Key, Title: i.Spec.Title, Mode: string(i.Spec.Mode), Archived: i.Spec.State == rulebook.Archived}
		if i.Spec.Mode == Live {
			e.Rules = []string{i.Spec.Rule}
		}
		out = append(out, e)
	}
	return out
}

// check looks at a spec by itself.
func check(key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "segment.invalid", "the segment cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, spec.Description)
	c.That(shelf.ValidKey(key), "body.key", `a key has 1 to 64 letters, digits, "_", "-" or "."`)
	c.That(spec.Mode == Live || spec.Mode == Static, "body.mode", "a segment is live or static")
	c.That(spec.State.Valid(), "body.state", "a segment is active, paused or archived")
	c.That((spec.Rule != "" || spec.Mode == Static) && len(spec.Rule) <= rule.MaxBytes, "body.rule", "give a rule of at most %d bytes", rule.MaxBytes)
	c.That((spec.Mode == Static) == (spec.Snapshot != ""), "body.mode", "a snapshot cannot become live, nor a live segment a snapshot; take a new one")
	c.That(spec.Mode == Live || spec.State != rulebook.Paused, "body.state", "a snapshot stands still anyway")
	return c.Err("segment.invalid", "the segment cannot be saved; see errors")
}

// fits looks at a spec among everything else.
func (s *Service) fits(ctx context.Context, key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	if old, ok := s.shelf.Find(key); ok && old.Spec.Mode != spec.Mode {
		return fault.New(fault.Conflict, "segment.static", "a snapshot cannot become live, nor a live segment a snapshot; make a new one")
	} else if ok && spec.Mode == Static && old.Spec.Snapshot != spec.Snapshot {
		return fault.New(fault.Conflict, "segment.static", "the people of a snapshot cannot be changed; take a new one")
	}
	if spec.State == rulebook.Archived {
		return s.o.Book.Free(ctx, standing.Segment, key)
	}
	if spec.Mode == Static {
		return nil
	}
	_, err := s.o.Book.Parse(ctx, rulebook.Whose{Owner: standing.Segment, Key: key}, "body.rule", spec.Rule)
	return err
}

// tell gives the engine whatever has changed since it was told.
func (s *Service) tell(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.shelf.All() {
		token := rulebook.Token(string(i.Spec.State), string(i.Spec.Mode), i.Spec.Rule, i.Spec.Snapshot)
		if s.applied[i.Key] == token {
			continue
		}
		if err := s.apply(ctx, i.Key, i.Spec); err != nil {
			s.o.Logger.WarnContext(ctx, "a segment could not be put into force", "segment", i.Key, "err", err)
			continue
		}
		s.applied[i.Key] = token
	}
}

func (s *Service) apply(ctx context.Context, key string, spec Spec) error {
	switch spec.State {
	case rulebook.Archived:
		return s.o.Engine.Remove(ctx, standing.Segment, key)
	case rulebook.Paused:
		return s.o.Engine.Pause(ctx, standing.Segment, key)
	case rulebook.Active:
	}
	e := standing.Spec{Owner: standing.Segment, Key: key, Version: rulebook.Token(string(spec.Mode), spec.Rule, spec.Snapshot)}
	if spec.Mode == Static {
		set, err := s.snapshot(ctx, spec.Snapshot)
		if err != nil {
			return err
		}
		e.Static = set
		return s.o.Engine.Apply(ctx, e)
	}
	r, problems := rule.Parse(spec.Rule, nil)
	if r == nil {
		return fmt.Errorf("rule of segment %s: %s", key, problems[0].Message)
	}
	e.Rules = []*rule.Rule{r}
	return s.o.Engine.Apply(ctx, e)
}

func (s *Service) snapshot(ctx context.Context, id string) (*roaring64.Bitmap, error) {
	var text []byte
	err := s.o.State.QueryRow(ctx, "SELECT nodes FROM segment_snapshot WHERE id = ?", id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("the people of snapshot %s are not there", id)
	}
	if err != nil {
		return nil, err
	}
	set := roaring64.New()
	return set, set.UnmarshalBinary(text)
}
