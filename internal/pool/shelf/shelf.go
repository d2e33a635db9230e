// Package shelf keeps the definitions of one kind at hand: read once, parsed, in step with every change.
//
// Terms. An item is a definition in force, with the moment when it was first made. Its origin is the request that made it, so that a request
// that is sent again finds what it made the first time.
//
// Invariants. What Put and Create return is on the shelf, and whoever wanted to be told of changes has been told. A definition that cannot be
// parsed stays as it was.
package shelf

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Spec is what can lie on a shelf.
type Spec interface {
	// MadeBy is the origin that the definition was made with, empty for none.
	MadeBy() string
}

// Item is a definition in force.
type Item[T Spec] struct {
	Key     string
	Version int64
	Spec    T
	Author  string // of this version
	Created time.Time
	Updated time.Time
}

// Shelf holds the items of one kind.
type Shelf[T Spec] struct {
	defs    *define.Service
	kind    string
	log     *slog.Logger
	changed func(context.Context)
	mu      sync.Mutex // one reader of the definitions at a time
	items   atomic.Pointer[map[string]Item[T]]
}

// Open declares a kind and reads its definitions. changed is told after every change; nil if nobody wants to know.
func Open[T Spec](ctx context.Context, defs *define.Service, kind define.Kind, log *slog.Logger, changed func(context.Context)) (*Shelf[T], error) {
	s := &Shelf[T]{defs: defs, kind: kind.Name, log: log, changed: changed}
	s.items.Store(&map[string]Item[T]{})
	defs.Declare(kind)
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	defs.Watch(kind.Name, func(ctx context.Context) {
		if err := s.read(ctx); err != nil {
			log.WarnContext(ctx, "definitions could not be read, those before stay in force here", "kind", kind.Name, "err", err)
			return
		}
		if s.changed != nil {
			s.changed(ctx)
		}
	})
	return s, nil
}

func (s *Shelf[T]) read(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, err := s.defs.List(ctx, s.kind)
	if err != nil {
		return err
	}
	before, now := *s.items.Load(), make(map[string]Item[T], len(list))
	for _, d := range list {
		old, known := before[d.Key]
		if known && old.Version == d.Version {
			now[d.Key] = old
			continue
		}
		i := Item[T]{Key: d.Key, Version: d.Version, Author: d.Author, Created: old.Created, Updated: d.At}
		if err := json.Unmarshal(d.Spec, &i.Spec); err != nil {
			return fmt.Errorf("%s %s version %d: %w", s.kind, d.Key, d.Version, err)
		}
		switch {
		case d.Version == 1:
			i.Created = d.At
		case !known:
			versions, err := s.defs.Versions(ctx, s.kind, d.Key)
			if err != nil {
				return err
			}
			i.Created = versions[len(versions)-1].At
		}
		now[d.Key] = i
	}
	s.items.Store(&now)
	return nil
}

// Find gives an item.
func (s *Shelf[T]) Find(key string) (Item[T], bool) {
	i, ok := (*s.items.Load())[key]
	return i, ok
}

// Get gives an item, or the fault "<kind>.not_found".
func (s *Shelf[T]) Get(key string) (Item[T], error) {
	i, ok := s.Find(key)
	if !ok {
		return i, fault.New(fault.NotFound, s.kind+".not_found", "there is no %s %q", strings.ReplaceAll(s.kind, "_", " "), key)
	}
	return i, nil
}

// All gives every item, by key.
func (s *Shelf[T]) All() []Item[T] {
	return slices.SortedFunc(maps.Values(*s.items.Load()), func(a, b Item[T]) int { return cmp.Compare(a.Key, b.Key) })
}

// Put makes a new version if version is in force (0: whichever is).
func (s *Shelf[T]) Put(ctx context.Context, key string, spec T, version int64, note string) (Item[T], error) {
	if _, err := s.Get(key); err != nil {
		return Item[T]{}, err
	}
	if _, err := s.defs.Put(ctx, define.PutInput{Kind: s.kind, Key: key, Spec: spec, IfVersion: version, Note: note}); err != nil {
		return Item[T]{}, err
	}
	return s.Get(key)
}

// CreateInput is a new definition.
type CreateInput[T Spec] struct {
	Key   string // made from the title if empty
	Title string
	Note  string
	// Repeat is the idempotency key of the request, empty for none, and Request what was asked for.
	Repeat  string
	Request any
	// Make gives the spec, with its origin and, if it matters, its key.
	Make func(key, origin string) (T, error)
}

// Create makes a definition that is not there yet, or gives the one that the same request made before.
func (s *Shelf[T]) Create(ctx context.Context, in CreateInput[T]) (Item[T], error) {
	origin, err := originOf(ctx, in.Repeat, in.Request)
	if err != nil {
		return Item[T]{}, err
	}
	if i, ok, err := s.made(origin); ok || err != nil {
		return i, err
	}
	key := in.Key
	if key == "" {
		key = s.free(in.Title)
	}
	if !ValidKey(key) {
		return Item[T]{}, &fault.Error{
			Kind: fault.Invalid, Code: s.kind + ".invalid", Message: "the key cannot be used",
			Violations: []fault.Violation{{Field: "body.key", Message: `a key has 1 to 64 letters, digits, "_", "-" or "."`}},
		}
	}
	spec, err := in.Make(key, origin)
	if err != nil {
		return Item[T]{}, err
	}
	_, err = s.defs.Put(ctx, define.PutInput{Kind: s.kind, Key: key, Spec: spec, IfVersion: define.Absent, Note: in.Note})
	if fault.CodeOf(err) == "define.exists" {
		if err := s.read(ctx); err != nil { // the same request may have come twice at once
			return Item[T]{}, err
		}
		if i, ok, err := s.made(origin); ok || err != nil {
			return i, err
		}
		return Item[T]{}, fault.New(fault.Conflict, s.kind+".exists", "there is a %s with the key %q already; take another key or title", strings.ReplaceAll(s.kind, "_", " "), key)
	}
	if err != nil {
		return Item[T]{}, err
	}
	return s.Get(key)
}

// made finds what a request made before.
func (s *Shelf[T]) made(origin string) (Item[T], bool, error) {
	who, request, ok := strings.Cut(origin, ":")
	if !ok {
		return Item[T]{}, false, nil
	}
	for _, i := range *s.items.Load() {
		by, was, _ := strings.Cut(i.Spec.MadeBy(), ":")
		if by != who {
			continue
		}
		if was != request {
			return Item[T]{}, false, fault.New(fault.Conflict, "request.idempotency_key", "this Idempotency-Key was used for another request; take a new one")
		}
		return i, true, nil
	}
	return Item[T]{}, false, nil
}

// originOf names a request: who sent it with which key, and what it asked for.
func originOf(ctx context.Context, key string, request any) (string, error) {
	if key == "" {
		return "", nil
	}
	asked, err := json.Marshal(request)
	if err != nil {
		return "", fmt.Errorf("request as JSON: %w", err)
	}
	short := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:8])
	}
	return short(actor.From(ctx).Label()+"\x00"+key) + ":" + short(string(asked)), nil
}

// MaxKey is the longest key in characters.
const MaxKey = 64

// ValidKey says whether a key may be used: letters of any script, digits, "_", "-" and ".".
func ValidKey(key string) bool {
	n := utf8.RuneCountInString(key)
	return n > 0 && n <= MaxKey && utf8.ValidString(key) && key != "." && key != ".." && strings.IndexFunc(key, func(r rune) bool { return !fit(r) }) < 0
}

func fit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.", r)
}

// free makes a key of a title that nothing has yet.
func (s *Shelf[T]) free(title string) string {
	base := KeyOf(title)
	if base == "" {
		base = s.kind
	}
	taken := *s.items.Load()
	for n := 1; ; n++ {
		key := base
		if n > 1 {
			end := fmt.Sprintf("-%d", n)
			key = string([]rune(base)[:min(utf8.RuneCountInString(base), MaxKey-len(end))]) + end
		}
		if _, there := taken[key]; !there {
			return key
		}
	}
}

// KeyOf is a title as a key: lower case, with "-" for what a key cannot have. It is empty if nothing is left.
func KeyOf(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(strings.ToValidUTF8(title, "")) {
		if !fit(r) || r == '-' || r == '.' {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	runes := []rune(b.String())
	return strings.TrimRight(string(runes[:min(len(runes), MaxKey)]), "-")
}
