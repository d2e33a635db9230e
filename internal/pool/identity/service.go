package identity

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Commander puts an operator's act into the log and returns when it is applied.
type Commander interface {
	Do(ctx context.Context, e *event.Event) error
}

// Trail remembers what operators decided, in a transaction.
type Trail interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Service answers who is who and takes an operator's decisions.
type Service struct {
	db    *state.DB
	kinds func() Kinds
	do    Commander
	trail Trail
	clock clock.Clock
}

// NewService makes the service.
func NewService(db *state.DB, kinds func() Kinds, do Commander, trail Trail, clk clock.Clock) *Service {
	return &Service{db: db, kinds: kinds, do: do, trail: trail, clock: clk}
}

// PersonOf is the present person of any number that a person or identity ever had.
func (s *Service) PersonOf(ctx context.Context, number int64) (int64, error) {
	ends, err := s.ends(ctx, []int64{number})
	if err != nil {
		return 0, err
	}
	e, ok := ends[number]
	if !ok {
		return 0, notFound(number)
	}
	return e.Person, nil
}

func notFound(number int64) error {
	return fault.New(fault.NotFound, "person.not_found", "there is nobody with the number %d", number)
}

// Find is the person behind an identity, in any spelling that normalises to it.
func (s *Service) Find(ctx context.Context, i event.Identity, region string) (int64, error) {
	if !storable(i.Kind) || !storable(i.Scope) || !storable(i.Value) {
		return 0, fault.New(fault.Invalid, "person.identity", "an identity is UTF-8 text without NUL")
	}
	if v, err := Normalize(i.Kind, i.Value, region); err == nil {
		i.Value = v
	}
	var person int64
	err := s.db.QueryRow(ctx, "SELECT COALESCE(MAX(person), 0) FROM identity WHERE key = ?", i.Key()).Scan(&person)
	if err == nil && person == 0 {
		err = fault.New(fault.NotFound, "person.not_found", "nobody has this %s", i.Kind)
	}
	return person, err
}

func storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// Of are the identities of a person with their numbers, oldest first.
func (s *Service) Of(ctx context.Context, person int64) ([]View, error) {
	rows, err := s.db.Query(ctx, "SELECT id, key, quarantined FROM identity WHERE person = ? ORDER BY id", person)
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	kinds := s.kinds()
	var out []View
	for rows.Next() {
		v := View{Strength: "weak", State: "active"}
		var key string
		var quarantined bool
		if err := rows.Scan(&v.ID, &key, &quarantined); err != nil {
			return nil, err
		}
		i := event.ParseKey(key)
		v.Kind, v.Scope, v.Value = i.Kind, i.Scope, i.Value
		if k, _ := kinds.Find(i.Kind); k.Strong {
			v.Strength = "strong"
		}
		if quarantined {
			v.State = "quarantined"
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Story is every link that a set of identities ever had, oldest first, the cut ones too.
func (s *Service) Story(ctx context.Context, nodes []int64) ([]EdgeView, error) {
	if len(nodes) == 0 {
		return []EdgeView{}, nil
	}
	nodes = nodes[:min(len(nodes), 400)]
	marks := state.Marks(1, len(nodes))
	edges, err := s.edges(ctx, "a IN "+marks+" OR b IN "+marks+" ORDER BY at, id LIMIT 500", append(anys(nodes), anys(nodes)...)...)
	if err != nil {
		return nil, err
	}
	var numbers []int64
	for _, e := range edges {
		numbers = append(numbers, e.A, e.B)
	}
	ends, err := s.ends(ctx, numbers)
	if err != nil {
		return nil, err
	}
	out := make([]EdgeView, 0, len(edges))
	for i := range edges {
		out = append(out, edges[i].view(ends))
	}
	return out, nil
}

func (s *Service) edges(ctx context.Context, where string, args ...any) ([]Edge, error) {
	rows, err := s.db.Query(ctx, selectEdge+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []Edge
	for rows.Next() {
		e, err := scanEdge(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// ends reads identities by number.
func (s *Service) ends(ctx context.Context, numbers []int64) (map[int64]End, error) {
	slices.Sort(numbers)
	out := map[int64]End{}
	for part := range slices.Chunk(slices.Compact(numbers), chunk) {
		err := func() error {
			rows, err := s.db.Query(ctx, "SELECT id, key, person FROM identity WHERE id IN "+state.Marks(1, len(part)), anys(part)...)
			if err != nil {
				return err
			}
			defer rows.Close() //nolint:errcheck // reading
			for rows.Next() {
				var e End
				var key string
				if err := rows.Scan(&e.ID, &key, &e.Person); err != nil {
					return err
				}
				i := event.ParseKey(key)
				e.Kind, e.Scope, e.Value = i.Kind, i.Scope, i.Value
				out[e.ID] = e
			}
			return rows.Err()
		}()
		if err != nil {
			return nil, fmt.Errorf("read identities: %w", err)
		}
	}
	return out, nil
}

// maxPrefixes bounds the kinds and scopes that a search looks into.
const maxPrefixes = 100

// Prefixes are the beginnings of the stored keys, kind by kind and scope by scope, of all that the pool has ever seen: for searches by the
// beginning of a value. The index is asked for the next key after each, so it costs one step per kind and scope.
func (s *Service) Prefixes(ctx context.Context) ([]event.Identity, error) {
	var out []event.Identity
	for after := ""; len(out) < maxPrefixes; {
		var key sql.NullString
		if err := s.db.QueryRow(ctx, "SELECT MIN(key) FROM identity WHERE key > ?", after).Scan(&key); err != nil {
			return nil, fmt.Errorf("look for kinds of identities: %w", err)
		}
		if !key.Valid {
			break
		}
		i := event.ParseKey(key.String)
		i.Value = ""
		out = append(out, i)
		after = i.Key() + "\U0010ffff"
	}
	return out, nil
}
