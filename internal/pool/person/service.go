package person

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Events is the warehouse, as this room reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Trail remembers who took people's data out, in a transaction.
type Trail interface {
	Record(ctx context.Context, tx *state.Tx, action, target string, detail any) error
}

// Service shows people.
type Service struct {
	db       *state.DB
	events   Events
	identity *identity.Service
	trail    Trail
	region   func() string
	location func() *time.Location
	clock    clock.Clock
}

// NewService makes the service. region is where phone numbers without a country code belong, location the pool's time zone.
func NewService(db *state.DB, events Events, ids *identity.Service, trail Trail, region func() string, location func() *time.Location, clk clock.Clock) *Service {
	return &Service{db: db, events: events, identity: ids, trail: trail, region: region, location: location, clock: clk}
}

// Get is everything on a person's page, by any number that the person or one of its identities ever had.
func (s *Service) Get(ctx context.Context, number int64) (Person, error) {
	id, err := s.identity.PersonOf(ctx, number)
	if err != nil {
		return Person{}, err
	}
	p, err := s.read(ctx, id)
	if err != nil {
		return Person{}, err
	}
	out := Person{Row: p.row(), TraitsAt: map[string]time.Time{}, FirstTouch: p.FirstTouch.view(), LastTouch: p.LastTouch.view()}
	for k, t := range p.Traits {
		if v, at := t.Shown(); v != nil {
			out.TraitsAt[k] = state.Time(at)
		}
	}
	if e := p.LastEvent; e != nil {
		out.LastEvent = &LastEventView{ID: e.ID, Name: e.Name, Time: state.Time(e.Time)}
	}
	out.Value = s.value(p)
	if out.Identities, err = s.identities(ctx, id); err != nil {
		return Person{}, err
	}
	nodes := nodesOf(out.Identities)
	if out.Story, err = s.identity.Story(ctx, nodes); err != nil {
		return Person{}, err
	}
	if out.Conflicts, err = s.identity.ConflictsOf(ctx, nodes); err != nil {
		return Person{}, err
	}
	if out.Daily, err = s.daily(ctx, nodes); err != nil {
		return Person{}, err
	}
	if !actor.From(ctx).Can(actor.ReadPersonal) {
		out.mask()
	}
	return out, nil
}

// By is the person behind an identity.
func (s *Service) By(ctx context.Context, i event.Identity) (Person, error) {
	if identity.Personal(i.Kind) && !actor.From(ctx).Can(actor.ReadPersonal) {
		return Person{}, fault.New(fault.Forbidden, "people.personal", "your role does not see %s, so it cannot look for one; ask an owner", i.Kind)
	}
	id, err := s.identity.Find(ctx, i, s.region())
	if err != nil {
		return Person{}, err
	}
	return s.Get(ctx, id)
}

func (p *Person) mask() {
	p.Row.mask()
	for i := range p.Identities {
		p.Identities[i].Mask()
	}
	for _, t := range []*TouchView{p.FirstTouch, p.LastTouch} {
		if t != nil {
			t.Landing = identity.MaskText(t.Landing)
		}
	}
	for i := range p.Story {
		p.Story[i].Mask()
	}
	for i := range p.Conflicts {
		p.Conflicts[i].Mask()
	}
}

func (s *Service) read(ctx context.Context, id int64) (*record, error) {
	rows, err := s.db.Query(ctx, "SELECT "+viewColumns+" FROM person WHERE id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("read person %d: %w", id, err)
	}
	defer rows.Close() //nolint:errcheck // reading
	if !rows.Next() {
		return nil, cmp.Or(rows.Err(), error(fault.New(fault.NotFound, "person.not_found", "there is nobody with the number %d", id)))
	}
	var p record
	return &p, scanView(rows, &p)
}

func (s *Service) value(p *record) Value {
	v := Value{
		Orders: p.Orders, Revenue: p.Revenue, Cancelled: p.Cancelled,
		FirstOrder: state.TimePtr(p.FirstOrder), LastOrder: state.TimePtr(p.LastOrder),
	}
	if p.Orders > 0 {
		v.AverageOrder = (p.Revenue + p.Orders/2) / p.Orders
		zone := s.location()
		days := int64(calendar.DayOf(s.clock.Now(), zone).Sub(calendar.DayOf(state.Time(p.LastOrder), zone)).Hours()) / 24
		v.DaysSinceOrder = &days
	}
	return v
}

func (s *Service) identities(ctx context.Context, person int64) ([]IdentityView, error) {
	of, err := s.identity.Of(ctx, person)
	if err != nil {
		return nil, err
	}
	parts, err := Brought(ctx, s.db, person)
	if err != nil {
		return nil, err
	}
	first, err := s.firstSeen(ctx, person)
	if err != nil {
		return nil, err
	}
	out := make([]IdentityView, 0, len(of))
	for _, v := range of {
		f := Fold{First: first[v.ID], Last: first[v.ID]}
		if b := parts[v.ID]; b != nil {
			f.Add(b)
		}
		out = append(out, IdentityView{View: v, FirstSeen: state.Time(f.First), LastSeen: state.Time(f.Last), Events: f.Events})
	}
	return out, nil
}

// firstSeen is when each identity of a person was named first.
func (s *Service) firstSeen(ctx context.Context, person int64) (map[int64]int64, error) {
	rows, err := s.db.Query(ctx, "SELECT id, first_at FROM identity WHERE person = ?", person)
	if err != nil {
		return nil, fmt.Errorf("read the identities of person %d: %w", person, err)
	}
	defer rows.Close() //nolint:errcheck // reading
	out := map[int64]int64{}
	for rows.Next() {
		var id, at int64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, err
		}
		out[id] = at
	}
	return out, rows.Err()
}

func nodesOf(ids []IdentityView) []int64 {
	out := make([]int64, len(ids))
	for i := range ids {
		out[i] = ids[i].ID
	}
	return out
}

// dailyDays is how far back the activity strip of the person page goes.
const dailyDays = 180

func (s *Service) daily(ctx context.Context, nodes []int64) (_ []Day, err error) {
	zone := s.location()
	today := calendar.DayOf(s.clock.Now(), zone)
	r := calendar.Range{From: today.AddDate(0, 0, 1-dailyDays), To: today, Zone: zone}
	rows, err := s.events.Query(ctx, "SELECT "+calendar.Day("time", r.Start(), r.End(), zone)+" AS day, count(*) FROM event_row WHERE anchor IN "+
		state.Marks(1, len(nodes))+" AND time >= ? AND time < ? AND type < 7 GROUP BY day", append(anys(nodes), r.Start(), r.End())...)
	if err != nil {
		return nil, fmt.Errorf("read daily activity: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	counts := map[string]int64{}
	for rows.Next() {
		var day time.Time
		var n int64
		if err := rows.Scan(&day, &n); err != nil {
			return nil, err
		}
		counts[day.Format(time.DateOnly)] = n
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]Day, 0, dailyDays)
	for i := range dailyDays {
		day := r.From.AddDate(0, 0, i).Format(time.DateOnly)
		out = append(out, Day{Date: day, Events: counts[day]})
	}
	return out, nil
}
