// Package tier keeps tier dimensions: value, activity, intention, lifecycle, or one of the brand's own. Each has ordered levels, and everybody
// is at exactly one.
//
// Terms. A level has a rule; the first that holds decides, and the last level has none: it is everyone else's. The order is also that from best
// to last, so a step down the list is a fall, one up a rise. Hysteresis holds falls back: a person stays at a level for at least so many days,
// and falls only after its rule has failed for so many days on end (grace); rises are immediate. A strategy says in words how people of a level
// are treated; the default actions are done when somebody comes to a level or leaves it. A template makes levels from a few parameters; cut-offs
// are the figures in its rules, fixed or taken from quantiles of those who bought.
//
// Invariants. Everybody has one level per dimension, those who fit no rule the last. Cut-offs are visible figures in rules, never hidden ones:
// quantiles are computed exactly, at a moment that is kept with them. Each change of level leads to its actions once.
package tier

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
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
const Kind = "tier"

// Spec is what a definition holds.
type Spec struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Template    Template       `json:"template"`
	Params      Params         `json:"params,omitempty"`
	Cutoffs     *Cutoffs       `json:"cutoffs,omitempty"`
	Levels      []Level        `json:"levels"`
	StayDays    int            `json:"stay_days"`
	GraceDays   int            `json:"grace_days"`
	State       rulebook.State `json:"state"`
	Origin      string         `json:"origin,omitempty"`
}

// MadeBy is the request that made the dimension.
func (s Spec) MadeBy() string { return s.Origin }

// Level is one step of a dimension.
type Level struct {
	Key      string   `json:"key"`
	Title    string   `json:"title"`
	Color    string   `json:"color"`
	Rule     string   `json:"rule"` // empty of the last
	Strategy string   `json:"strategy"`
	Actions  []Action `json:"actions,omitempty"`
}

// Action is something done to a person who comes to a level or leaves it.
type Action struct {
	On     string          `json:"on"     enum:"enter,leave"`
	Action string          `json:"action" doc:"Such as tag.add" maxLength:"64"`
	Params json.RawMessage `json:"params" doc:"An object, its shape depends on the action"`
}

// When actions are done.
const (
	Enter = "enter"
	Leave = "leave"
)

// Doer does one kind of action.
type Doer struct {
	Check func(params json.RawMessage) error
	Do    func(ctx context.Context, person int64, params json.RawMessage, note string) error
}

// Engine keeps levels true.
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
	Net(ctx context.Context, owner standing.Owner, key string, from, to int64) ([]standing.Moved, error)
	Matching(ctx context.Context, r *rule.Rule) (*roaring64.Bitmap, error)
}

// People shows people, masked for who may not see personal data.
type People interface {
	Rows(ctx context.Context, ids []int64) ([]person.Row, error)
	Export(e person.Export) (*huma.StreamResponse, error)
}

// Numbers is who has which number now.
type Numbers interface {
	PersonOf(ctx context.Context, number int64) (int64, error)
}

// Trail remembers who did what.
type Trail interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Options are what the room needs.
type Options struct {
	State       *state.DB
	Events      Events
	Definitions *define.Service
	Book        *rulebook.Book
	Engine      Engine
	People      People
	Numbers     Numbers
	Trail       Trail
	Doers       map[string]Doer // actions by name, such as tag.add
	Currency    func() string
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
	recent  cache
}

// New opens the room and tells the engine of all dimensions.
func New(ctx context.Context, o Options) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := o.State.Migrate(ctx, "tier", files); err != nil {
		return nil, err
	}
	s := &Service{o: o, applied: map[string]int64{}}
	o.Book.Add(func(context.Context) ([]rulebook.Entry, error) { return s.entries(), nil })
	s.shelf, err = shelf.Open[Spec](ctx, o.Definitions, define.Kind{Name: Kind, Edit: actor.Operate, Check: s.check, Fits: s.fits}, o.Logger, s.tell)
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
		e := rulebook.Entry{Owner: standing.Tier, Key: i.Key, Title: i.Spec.Title, Archived: i.Spec.State == rulebook.Archived}
		for _, l := range i.Spec.Levels {
			e.Levels = append(e.Levels, rulebook.Level{Key: l.Key, Title: l.Title, Color: l.Color})
			if l.Rule != "" {
				e.Rules = append(e.Rules, l.Rule)
			}
		}
		out = append(out, e)
	}
	return out
}

const (
	minLevels, maxLevels = 2, 20
	maxHold              = 365 // days of hysteresis
	maxActions           = 20
	maxStrategy          = 8000
)

// reserved are words that addresses use in the place of a key.
func reserved(key string) bool { return key == "rfm" || key == "templates" || key == "preview" }

// check looks at a spec by itself.
func (s *Service) check(key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "tier.invalid", "the dimension cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, spec.Description)
	c.That(shelf.ValidKey(key), "body.key", `a key has 1 to 64 letters, digits, "_", "-" or "."`)
	c.That(!reserved(key), "body.key", "%q is a word of the system; take another key", key)
	c.That(spec.State.Valid(), "body.state", "a dimension is active, paused or archived")
	c.That(len(spec.Levels) >= minLevels && len(spec.Levels) <= maxLevels, "body.levels", "a dimension has %d to %d levels", minLevels, maxLevels)
	c.That(spec.StayDays >= 0 && spec.StayDays <= maxHold, "body.stay_days", "people stay 0 to %d days", maxHold)
	c.That(spec.GraceDays >= 0 && spec.GraceDays <= maxHold, "body.grace_days", "the grace is 0 to %d days", maxHold)
	c.That(spec.Template == "" || slices.Contains(allTemplates(), spec.Template), "body.template", "there is no template %q", spec.Template)
	keys, titles := map[string]bool{}, map[string]bool{}
	for i, l := range spec.Levels {
		at := func(field string) string { return fmt.Sprintf("body.levels[%d].%s", i, field) }
		c.That(shelf.ValidKey(l.Key), at("key"), `a key has 1 to 64 letters, digits, "_", "-" or "."`)
		c.That(!keys[l.Key], at("key"), "two levels have the key %q", l.Key)
		c.That(l.Title != "" && len(l.Title) <= 200, at("title"), "give the level a title of at most 200 bytes")
		c.That(!titles[l.Title], at("title"), "two levels have the title %q", l.Title)
		keys[l.Key], titles[l.Title] = true, true
		c.That(l.Color == "" || regexp.MustCompile(`^#[0-9a-fA-F]{6}$`).MatchString(l.Color), at("color"), "a colour is written like #0e7c86")
		c.That(len(l.Strategy) <= maxStrategy, at("strategy"), "a strategy has at most %d bytes", maxStrategy)
		last := i == len(spec.Levels)-1
		c.That(last || l.Rule != "", at("rule"), "give the level a rule; only the last has none")
		c.That(!last || l.Rule == "", at("rule"), "the last level is everyone else's and has no rule")
		c.That(len(l.Rule) <= rule.MaxBytes, at("rule"), "a rule has at most %d bytes", rule.MaxBytes)
		c.That(len(l.Actions) <= maxActions, at("actions"), "a level has at most %d actions", maxActions)
		for j, a := range l.Actions {
			s.checkAction(&c, fmt.Sprintf("%s[%d]", at("actions"), j), a)
		}
	}
	return c.Err("tier.invalid", "the dimension cannot be saved; see errors")
}

func (s *Service) checkAction(c *fault.Check, at string, a Action) {
	c.That(a.On == Enter || a.On == Leave, at+".on", "an action is done on enter or on leave")
	do, known := s.o.Doers[a.Action]
	c.That(known, at+".action", "there is no action %q", a.Action)
	if known && do.Check != nil {
		err := do.Check(a.Params)
		c.That(err == nil, at+".params", "%v", err)
	}
}

// fits looks at a spec among everything else.
func (s *Service) fits(ctx context.Context, key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	if spec.State == rulebook.Archived {
		return s.o.Book.Free(ctx, standing.Tier, key)
	}
	for i, l := range spec.Levels[:len(spec.Levels)-1] {
		if _, err := s.o.Book.Parse(ctx, rulebook.Whose{Owner: standing.Tier, Key: key}, fmt.Sprintf("body.levels[%d].rule", i), l.Rule); err != nil {
			return err
		}
	}
	return nil
}

// tell gives the engine whatever has changed since it was told.
func (s *Service) tell(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.shelf.All() {
		token := rulebook.Token(append(parts(i.Spec), string(i.Spec.State))...)
		if s.applied[i.Key] == token {
			continue
		}
		if err := s.apply(ctx, i.Key, i.Spec); err != nil {
			s.o.Logger.WarnContext(ctx, "a tier dimension could not be put into force", "tier", i.Key, "err", err)
			continue
		}
		s.applied[i.Key] = token
	}
}

// parts are what matters to the engine.
func parts(spec Spec) []string {
	out := []string{strconv.Itoa(spec.StayDays), strconv.Itoa(spec.GraceDays)}
	for _, l := range spec.Levels {
		out = append(out, l.Key, l.Rule)
	}
	return out
}

func (s *Service) apply(ctx context.Context, key string, spec Spec) error {
	switch spec.State {
	case rulebook.Archived:
		return s.o.Engine.Remove(ctx, standing.Tier, key)
	case rulebook.Paused:
		return s.o.Engine.Pause(ctx, standing.Tier, key)
	case rulebook.Active:
	}
	e := standing.Spec{Owner: standing.Tier, Key: key, Version: rulebook.Token(parts(spec)...), StayDays: spec.StayDays, GraceDays: spec.GraceDays}
	for _, l := range spec.Levels {
		e.Levels = append(e.Levels, l.Key)
		if l.Rule == "" {
			continue
		}
		r, problems := rule.Parse(l.Rule, nil)
		if r == nil {
			return fmt.Errorf("rule of tier %s, level %s: %s", key, l.Key, problems[0].Message)
		}
		e.Rules = append(e.Rules, r)
	}
	return s.o.Engine.Apply(ctx, e)
}
