package person

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Now is a person as a batch left it.
type Now struct {
	ID int64
	// Spoke says that traits may have changed; if not, nobody needs to look at them.
	Spoke                     bool
	FirstChannel, LastChannel string
	fold                      *Fold
}

func now(people []*record) []Now {
	out := make([]Now, len(people))
	for i, p := range people {
		out[i] = nowOf(p)
	}
	return out
}

func nowOf(p *record) Now {
	n := Now{ID: p.id, Spoke: p.spoke, fold: &p.Fold}
	if p.FirstTouch != nil {
		n.FirstChannel = p.FirstTouch.Channel
	}
	if p.LastTouch != nil {
		n.LastChannel = p.LastTouch.Channel
	}
	return n
}

// Trait is a trait as it shows.
func (n Now) Trait(name string) (event.Value, error) {
	if err := n.fold.open(); err != nil {
		return event.Value{}, err
	}
	v, _ := n.fold.Traits[name].Shown()
	return event.ValueOf(jsontext.Value(v)), nil
}

// Scan goes through all people after a number, in the order of their numbers, until yield returns false.
func Scan(ctx context.Context, q state.Querier, after int64, yield func(Now) bool) error {
	rows, err := q.Query(ctx, "SELECT "+viewColumns+" FROM person WHERE id > ? ORDER BY id", after)
	if err != nil {
		return fmt.Errorf("go through people: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var p record
		if err := scanView(rows, &p); err != nil {
			return err
		}
		if !yield(nowOf(&p)) {
			break
		}
	}
	return rows.Err()
}

// Brought is what each identity (node) of a person brought by its own events; those that brought nothing are left out.
func Brought(ctx context.Context, q state.Querier, person int64) (map[int64]*Fold, error) {
	rows, err := q.Query(ctx, "SELECT "+recordColumns+" FROM person WHERE id = ?", person)
	if err != nil {
		return nil, fmt.Errorf("read the parts of person %d: %w", person, err)
	}
	defer rows.Close() //nolint:errcheck // reading
	if !rows.Next() {
		return nil, rows.Err()
	}
	var p record
	if err := scanRecord(rows, &p); err != nil {
		return nil, err
	}
	parts, err := p.brought()
	if err != nil {
		return nil, err
	}
	for _, f := range parts {
		if err := f.open(); err != nil {
			return nil, err
		}
	}
	return parts, nil
}
