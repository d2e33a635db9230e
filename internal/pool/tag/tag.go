// Package tag keeps tags: marks on people, given by hand, in bulk, by import, by program or by rule.
//
// Terms. A manual tag is put on and taken off; it may expire. A rule tag follows its rule, like a segment, and nobody puts it on. A group is a
// set of tags on one subject; of an exclusive group a person has at most one, the one put on last. The source says how a mark came to be, the
// author who made it. A run is work on many people at once.
//
// Invariants. A mark stays with the identity that was the person's number when it was put on; a person has the marks of its identities, so
// merging adds up and unmerging parts again. Each mark has its change in the history, and each change that a person notices its event. What is
// asked for twice changes nothing the second time. Whether a tag is manual or by rule never changes.
package tag

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Kind and GroupKind are the kinds of the definitions.
const (
	Kind      = "tag"
	GroupKind = "tag_group"
)

// Mode says who puts a tag on.
type Mode string

// The modes.
const (
	Manual Mode = "manual"
	ByRule Mode = "rule"
)

// Source says how a mark came to be.
type Source string

// The sources.
const (
	Hand   Source = "hand"
	Bulk   Source = "bulk"
	Rule   Source = "rule"
	Import Source = "import"
	API    Source = "api"
	Expiry Source = "expiry"
)

// Spec is what the definition of a tag holds.
type Spec struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Group       string         `json:"group"`
	Color       string         `json:"color"`
	Mode        Mode           `json:"mode"`
	Rule        string         `json:"rule,omitempty"`
	ExpiresDays int            `json:"expires_days"`
	State       rulebook.State `json:"state"`
	Origin      string         `json:"origin,omitempty"`
}

// MadeBy is the request that made the tag.
func (s Spec) MadeBy() string { return s.Origin }

// GroupSpec is what the definition of a group holds.
type GroupSpec struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Color       string         `json:"color"`
	Exclusive   bool           `json:"exclusive"`
	State       rulebook.State `json:"state"`
	Origin      string         `json:"origin,omitempty"`
}

// MadeBy is the request that made the group.
func (g GroupSpec) MadeBy() string { return g.Origin }

// Engine keeps rule tags true, and is told of all others so that rules see them.
type Engine interface {
	Apply(ctx context.Context, s standing.Spec) error
	Pause(ctx context.Context, owner standing.Owner, key string) error
	Remove(ctx context.Context, owner standing.Owner, key string) error
	Progress(owner standing.Owner, key string) standing.Progress
	Members(owner standing.Owner, key, level string) *roaring64.Bitmap
	Size(owner standing.Owner, key, level string) int64
	// Tagged and TaggedSize are who has a tag by hand; false if the engine has not read them yet.
	Tagged(tag string) (*roaring64.Bitmap, bool)
	TaggedSize(tag string) (int64, bool)
	Since(ctx context.Context, owner standing.Owner, key string, people []int64) (map[int64]standing.Held, error)
	Changes(ctx context.Context, q standing.ChangeQuery) ([]standing.Change, error)
	Spans(ctx context.Context, owner standing.Owner, key string, cuts []int64) ([]standing.Moved, error)
	Matching(ctx context.Context, r *rule.Rule) (*roaring64.Bitmap, error)
	SetTags(ctx context.Context, tx *state.Tx, tags []standing.TagSet) (committed func(), err error)
}

// People shows people, masked for who may not see personal data.
type People interface {
	Rows(ctx context.Context, ids []int64) ([]person.Row, error)
	Export(e person.Export) (*huma.StreamResponse, error)
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
	Kinds       func() identity.Kinds
	Region      func() string // where phone numbers without a country code belong
	Zone        func() *time.Location
	Clock       clock.Clock
	Logger      *slog.Logger
}

// Service is the room's rules.
type Service struct {
	o       Options
	tags    *shelf.Shelf[Spec]
	groups  *shelf.Shelf[GroupSpec]
	wake    chan struct{} // a run waits
	mu      sync.Mutex
	applied map[string]int64 // token of what the engine was told, by key
	running map[int64]bool   // runs that somebody works on
}

// New opens the room and tells the engine of all rule tags.
func New(ctx context.Context, o Options) (*Service, error) {
	if err := Migrate(ctx, o.State); err != nil {
		return nil, err
	}
	s := &Service{o: o, applied: map[string]int64{}, running: map[int64]bool{}, wake: make(chan struct{}, 1)}
	o.Book.Add(func(context.Context) ([]rulebook.Entry, error) { return s.entries(), nil })
	o.Book.AddGroups(func(context.Context) ([]rulebook.Group, error) { return s.groupEntries(), nil })
	var err error
	s.groups, err = shelf.Open[GroupSpec](ctx, o.Definitions, define.Kind{Name: GroupKind, Edit: actor.Operate, Check: checkGroup, Fits: s.groupFits}, o.Logger, nil)
	if err != nil {
		return nil, err
	}
	s.tags, err = shelf.Open[Spec](ctx, o.Definitions, define.Kind{Name: Kind, Edit: actor.Operate, Check: check, Fits: s.fits}, o.Logger, s.tell)
	if err != nil {
		return nil, err
	}
	s.tell(ctx)
	return s, nil
}

// Migrate brings the room's tables up to date.
func Migrate(ctx context.Context, db *state.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "tag", files)
}

func (s *Service) entries() []rulebook.Entry {
	if s.tags == nil {
		return nil
	}
	var out []rulebook.Entry
	for _, i := range s.tags.All() {
		e := rulebook.Entry{Owner: standing.Tag, Key: i.Key, Title: i.Spec.Title, Group: i.Spec.Group, Color: i.Spec.Color, Archived: i.Spec.State == rulebook.Archived}
		if i.Spec.Mode == ByRule {
			e.Rules = []string{i.Spec.Rule}
		}
		out = append(out, e)
	}
	return out
}

func (s *Service) groupEntries() []rulebook.Group {
	var out []rulebook.Group
	for _, g := range s.groups.All() {
		if g.Spec.State != rulebook.Archived {
			out = append(out, rulebook.Group{Key: g.Key, Title: g.Spec.Title, Exclusive: g.Spec.Exclusive})
		}
	}
	return out
}

// maxExpiry is ten years.
const maxExpiry = 3650

func color(c *fault.Check, text string) {
	c.That(text == "" || regexp.MustCompile(`^#[0-9a-fA-F]{6}$`).MatchString(text), "body.color", "a colour is written like #0e7c86")
}

func check(key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "tag.invalid", "the tag cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, spec.Description)
	color(&c, spec.Color)
	c.That(shelf.ValidKey(key), "body.key", `a key has 1 to 64 letters, digits, "_", "-" or "."`)
	c.That(spec.Mode == Manual || spec.Mode == ByRule, "body.mode", "a tag is put on by hand (manual) or by its rule (rule)")
	c.That(spec.State.Valid(), "body.state", "a tag is active, paused or archived")
	c.That((spec.Mode == ByRule) == (spec.Rule != ""), "body.rule", "a tag by rule has a rule, a manual one has none")
	c.That(len(spec.Rule) <= rule.MaxBytes, "body.rule", "a rule has at most %d bytes", rule.MaxBytes)
	c.That(spec.ExpiresDays >= 0 && spec.ExpiresDays <= maxExpiry, "body.expires_days", "a tag stays 1 to %d days, or 0 for ever", maxExpiry)
	c.That(spec.Mode == Manual || spec.ExpiresDays == 0, "body.expires_days", "a tag by rule goes when its rule says so")
	c.That(spec.Mode == ByRule || spec.State != rulebook.Paused, "body.state", "only a tag by rule can be paused")
	return c.Err("tag.invalid", "the tag cannot be saved; see errors")
}

func checkGroup(key string, raw json.RawMessage) error {
	var spec GroupSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "tag_group.invalid", "the group cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, spec.Description)
	color(&c, spec.Color)
	c.That(shelf.ValidKey(key), "body.key", `a key has 1 to 64 letters, digits, "_", "-" or "."`)
	c.That(spec.State == rulebook.Active || spec.State == rulebook.Archived, "body.state", "a group is active or archived")
	return c.Err("tag_group.invalid", "the group cannot be saved; see errors")
}
