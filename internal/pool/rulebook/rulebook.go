// Package rulebook knows all rules of the pool and everything a rule may speak of.
//
// Terms. An entry is something that has rules: a segment, a tag, a tier dimension. The schema is what rules may name: events with their
// properties, traits, channels (read from the warehouse as they appear), identity kinds, and the entries themselves. A use is an entry whose
// rule names another.
//
// Invariants. A rule that the book has read names only what is there, and leads back to itself through no other rule. What is in use is not
// archived. A name that has just been seen for the first time can be used at once: before a name is refused, the warehouse is asked again.
package rulebook

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Engine answers rules.
type Engine interface {
	Count(ctx context.Context, r *rule.Rule) (standing.Counted, error)
	Explain(ctx context.Context, r *rule.Rule, person int64) (rule.Explanation, error)
}

// Events is the warehouse, as this room reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
	Position(ctx context.Context) (uint64, error)
}

// People shows people by number, as the caller may see them, and knows the present number of somebody merged.
type People interface {
	Rows(ctx context.Context, ids []int64) ([]person.Row, error)
}

// Numbers is who has which number now.
type Numbers interface {
	PersonOf(ctx context.Context, number int64) (int64, error)
}

// Options are what the book needs.
type Options struct {
	State    *state.DB
	Events   Events
	People   People
	Numbers  Numbers
	Engine   Engine
	Kinds    func() []identity.Kind
	Purposes func() []string // of consent; nil if the pool keeps none, which leaves them unchecked
	Currency func() string
	Zone     func() *time.Location
	Clock    clock.Clock
	Logger   *slog.Logger
}

// Entry is something that has rules, or that rules may name.
type Entry struct {
	Owner    standing.Owner
	Key      string
	Title    string
	Group    string // of a tag
	Color    string
	Mode     string // of a segment
	Rules    []string
	Levels   []Level // of a tier
	Archived bool    // rules may not name it
}

// Level of a tier.
type Level struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Color string `json:"color"`
}

// Group of tags.
type Group struct {
	Key       string `json:"key"`
	Title     string `json:"title"`
	Exclusive bool   `json:"exclusive"`
}

// Book is the room's service.
type Book struct {
	o       Options
	mu      sync.RWMutex
	sources []func(context.Context) ([]Entry, error)
	groups  func(context.Context) ([]Group, error)
	reading sync.Mutex // one reader of the warehouse at a time
	seen    *seen
	rules   rules
}

// New opens the book.
func New(ctx context.Context, o Options) (*Book, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := o.State.Migrate(ctx, "rulebook", files); err != nil {
		return nil, err
	}
	b := &Book{o: o, rules: rules{parsed: map[string]parsed{}}}
	b.seen, err = load(ctx, o.State)
	return b, err
}

// Add tells the book of a room that has rules. Call it before the book is used.
func (b *Book) Add(source func(context.Context) ([]Entry, error)) {
	b.sources = append(b.sources, source)
}

// AddGroups tells the book which groups of tags there are.
func (b *Book) AddGroups(groups func(context.Context) ([]Group, error)) { b.groups = groups }

// Entries are all that has rules.
func (b *Book) Entries(ctx context.Context) ([]Entry, error) {
	var all []Entry
	for _, source := range b.sources {
		some, err := source(ctx)
		if err != nil {
			return nil, fmt.Errorf("read what has rules: %w", err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// Whose says which entry a rule belongs to, or is going to; the zero value belongs to nobody.
type Whose struct {
	Owner standing.Owner `json:"owner,omitempty" enum:"segment,tag,tier"`
	Key   string         `json:"key,omitempty" maxLength:"64"`
}

// Parse reads a rule that names only what the pool knows and leads back to itself through no other rule. field is where the text stands in
// the input, for the fault "rule.invalid".
func (b *Book) Parse(ctx context.Context, who Whose, field, text string) (*rule.Rule, error) {
	r, problems, err := b.read(ctx, text)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, invalid(field, problems)
	}
	path, err := b.cycle(ctx, who, r)
	if err != nil {
		return nil, err
	}
	if len(path) > 0 {
		return nil, circle(path)
	}
	return r, nil
}

func invalid(field string, problems []rule.Problem) error {
	e := &fault.Error{Kind: fault.Invalid, Code: "rule.invalid", Message: "the rule cannot be understood; see errors"}
	for _, p := range problems {
		text := p.Message
		if p.Line > 0 {
			text = fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Message)
		}
		e.Violations = append(e.Violations, fault.Violation{Field: field, Message: text})
	}
	return e
}

// read parses a text against the schema. A name that is not known may have been seen a moment ago, so the warehouse is asked before the text
// is refused.
func (b *Book) read(ctx context.Context, text string) (*rule.Rule, []rule.Problem, error) {
	b.mu.RLock()
	nothing := len(b.seen.events) == 0
	b.mu.RUnlock()
	if nothing { // and so nothing would be refused
		if _, err := b.Look(ctx); err != nil {
			return nil, nil, err
		}
	}
	schema, err := b.Schema(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, problems := rule.Parse(text, schema)
	unknown := func(p rule.Problem) bool { return strings.HasPrefix(p.Code, "rule.unknown_") }
	if r != nil || !slices.ContainsFunc(problems, unknown) {
		return r, problems, nil
	}
	fresh, err := b.Look(ctx)
	if err != nil {
		return nil, nil, err
	}
	if fresh {
		if schema, err = b.Schema(ctx); err != nil {
			return nil, nil, err
		}
		r, problems = rule.Parse(text, schema)
	}
	return r, problems, nil
}
