package membership

import (
	"context"
	"slices"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// want makes the columns that specs ask for, in timeline and roster.
func (e *Engine) want(ctx context.Context, specs ...*spec) error {
	var rules []*rule.Rule
	for _, s := range specs {
		rules = append(rules, s.rules...)
	}
	return e.wantRules(ctx, rules...)
}

func (e *Engine) wantRules(ctx context.Context, rules ...*rule.Rule) error {
	columns, w := ruleColumns(rules), rosterWants(rules)
	if e.has(columns, w) {
		return nil
	}
	e.preparing.Lock()
	defer e.preparing.Unlock()
	if len(columns) > 0 {
		if err := e.tl.Want(ctx, columns); err != nil {
			return err
		}
	}
	return e.roster.Want(ctx, e.tl, everybody{e}, w)
}

// columnsOf are the timeline's columns that specs ask for.
func columnsOf(specs ...*spec) (columns []timeline.Column) {
	for _, s := range specs {
		columns = append(columns, ruleColumns(s.rules)...)
	}
	return columns
}

func ruleColumns(rules []*rule.Rule) (columns []timeline.Column) {
	for _, r := range rules {
		for _, c := range r.Refs().Columns {
			columns = append(columns, timeline.Column{Event: c.Event, Property: c.Property})
		}
	}
	return columns
}

func rosterWants(rules []*rule.Rule) (w roster.Wants) {
	for _, r := range rules {
		refs := r.Refs()
		w.Traits = append(w.Traits, refs.Traits...)
		w.Kinds = append(w.Kinds, refs.Kinds...)
		w.Purposes = append(w.Purposes, refs.Purposes...)
		w.Channels = w.Channels || refs.Channels
	}
	w.Traits, w.Kinds, w.Purposes = once(w.Traits), once(w.Kinds), once(w.Purposes)
	return w
}

// has says whether everything is there already, so that counting while somebody types waits for nothing.
func (e *Engine) has(columns []timeline.Column, w roster.Wants) bool {
	ok := true
	e.tl.Read(func(r *timeline.Reader) {
		for _, c := range columns {
			if _, has := r.Col(c); !has {
				ok = false
			}
		}
		ok = ok && e.roster.Has(w)
	})
	return ok
}

func once(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// everybody is the state store as the roster's source.
type everybody struct{ e *Engine }

func (s everybody) People(ctx context.Context, after int64, yield func(int64, func(string) event.Value, string, string) bool) error {
	var bad error
	err := person.Scan(ctx, s.e.o.State, after, func(p person.Now) bool {
		more := yield(p.ID, func(name string) event.Value {
			v, err := p.Trait(name)
			if err != nil {
				bad = err
			}
			return v
		}, p.FirstChannel, p.LastChannel)
		return more && bad == nil
	})
	if err == nil {
		err = bad
	}
	return err
}

// Kind reads the nodes of a kind by the beginning of their keys.
func (s everybody) Kind(ctx context.Context, kind string, yield func(node int64)) error {
	from := event.Identity{Kind: kind}.Key()
	from = from[:len(kind)+1] // the kind and what parts it from the rest
	to := from[:len(kind)] + string(from[len(kind)]+1)
	return s.nodes(ctx, yield, "SELECT id FROM identity WHERE key >= ? AND key < ?", from, to)
}

func (s everybody) nodes(ctx context.Context, yield func(node int64), query string, args ...any) error {
	rows, err := state.Querier(s.e.o.State).Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		yield(id)
	}
	return rows.Err()
}

func (s everybody) Consents(ctx context.Context, purpose string, yield func(node int64)) error {
	if s.e.o.Consents == nil {
		return nil
	}
	return s.e.o.Consents(ctx, purpose, yield)
}
