package rulebook

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// rules remembers what rules in force stand on, by their text.
type rules struct {
	mu     sync.Mutex
	parsed map[string]parsed
}

type parsed struct {
	on []string
	ok bool
}

const maxParsed = 10_000

// on is what a rule stands on, as "owner/key". A text that is no rule (any more) stands on nothing.
func (r *rules) on(text string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	p, known := r.parsed[text]
	if known {
		return p.on
	}
	if got, _ := rule.Parse(text, nil); got != nil {
		p = parsed{on: got.Refs().On(), ok: true}
	}
	if len(r.parsed) >= maxParsed {
		clear(r.parsed)
	}
	r.parsed[text] = p
	return p.on
}

func node(owner standing.Owner, key string) string { return string(owner) + "/" + key }

// cycle is the path by which a rule would lead back to its own entry.
func (b *Book) cycle(ctx context.Context, who Whose, r *rule.Rule) ([]string, error) {
	if who.Owner == "" || who.Key == "" {
		return nil, nil
	}
	entries, err := b.Entries(ctx)
	if err != nil {
		return nil, err
	}
	self := node(who.Owner, who.Key)
	graph := map[string][]string{}
	for _, e := range entries {
		for _, text := range e.Rules {
			if name := node(e.Owner, e.Key); name != self && !e.Archived {
				graph[name] = append(graph[name], b.rules.on(text)...)
			}
		}
	}
	graph[self] = r.Refs().On()
	path := rule.Cycle(graph)
	if !slices.Contains(path, self) {
		return nil, nil // a circle that is there already is not this rule's
	}
	return path, nil
}

func circle(path []string) error {
	return fault.New(fault.Invalid, "rule.cycle", "the rule leads back to itself: %s", strings.Join(path, " → "))
}

// Use is an entry whose rules name another.
type Use struct {
	Owner standing.Owner `json:"owner"`
	Key   string         `json:"key"`
	Title string         `json:"title"`
}

// Uses are the entries whose rules name one.
func (b *Book) Uses(ctx context.Context, owner standing.Owner, key string) ([]Use, error) {
	entries, err := b.Entries(ctx)
	if err != nil {
		return nil, err
	}
	name := node(owner, key)
	out := []Use{}
	for _, e := range entries {
		if e.Archived || e.Owner == owner && e.Key == key {
			continue
		}
		if slices.ContainsFunc(e.Rules, func(text string) bool { return slices.Contains(b.rules.on(text), name) }) {
			out = append(out, Use{e.Owner, e.Key, e.Title})
		}
	}
	slices.SortFunc(out, func(a, b Use) int { return cmp.Or(cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Key, b.Key)) })
	return out, nil
}

// Free refuses with "rule.in_use" to take something away that rules name.
func (b *Book) Free(ctx context.Context, owner standing.Owner, key string) error {
	uses, err := b.Uses(ctx, owner, key)
	if err != nil || len(uses) == 0 {
		return err
	}
	names := make([]string, len(uses))
	for i, u := range uses {
		names[i] = string(u.Owner) + " " + u.Title
	}
	return fault.New(fault.Conflict, "rule.in_use", "rules name it: %s; change these first", strings.Join(names, ", "))
}
