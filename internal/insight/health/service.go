package health

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

func (s *Service) registerScore() {
	insight.Register(s.o.Desk, insight.Kind[Query, Answer, Of]{
		Name: "health", Summary: "The pool's health: a score from 0 to 100, its parts and its history",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check: func(_ context.Context, q *Query) error {
			if q.Span == (insight.Span{}) {
				q.Last = HistoryDays
			}
			return nil
		},
		Run: s.score, People: s.people, Table: table, Fresh: true,
	})
}

// most is how many days can be asked for at once.
const most = 1100

// span is the range that is asked for.
func (s *Service) span(q insight.Span) (calendar.Range, error) {
	r, err := s.o.Desk.Range(q)
	if err == nil && r.Days() > most {
		err = fault.New(fault.Invalid, "insight.range", "ask for at most %d days", most)
	}
	return r, err
}

// walk lets every person of the query walk through a frame; each is told about afterwards.
func (s *Service) walk(ctx context.Context, r *insight.Run, people string, f *frame, spread []string, each func(b *book, person int64)) ([]*book, error) {
	p, err := s.o.Desk.Plan(ctx, r, insight.Need{People: people})
	if err != nil {
		return nil, err
	}
	return insight.Scan(ctx, r, p, 0, func(v *insight.View) *book { return newBook(f, v, spread) },
		func(b *book, _ *insight.View, person int64, q *timeline.Sequence) {
			b.person(q)
			if each != nil {
				each(b, person)
			}
		})
}

// count gives the facts of every day of a range.
func (s *Service) count(ctx context.Context, r *insight.Run, people string, over calendar.Range, spread []string) ([]time.Time, []Facts, error) {
	f := newFrame(over, s.o.ActiveDays())
	workers, err := s.walk(ctx, r, people, f, spread, nil)
	if err != nil {
		return nil, nil, err
	}
	all := workers[0]
	for _, w := range workers[1:] {
		all.add(w)
	}
	refused, err := s.refused(ctx, f, people != "")
	if err != nil {
		return nil, nil, err
	}
	return f.dates(), all.facts(refused), nil
}

// refused is how many events were refused on each day of a frame, nil where nobody knows: long ago it was cleaned away, unless it was recorded,
// and what was refused is nobody's.
func (s *Service) refused(ctx context.Context, f *frame, filtered bool) ([]*int64, error) {
	out := make([]*int64, f.end)
	if filtered {
		return out, nil
	}
	counts, err := s.o.Refused.Daily(ctx, append(append([]int64{}, f.days.Starts...), f.days.End))
	if err != nil {
		return nil, err
	}
	known, err := s.recorded(ctx, f.days.Days[0], f.days.Days[f.end-1])
	if err != nil {
		return nil, err
	}
	since := s.o.Desk.Today().AddDate(0, 0, 1-s.o.RefusedDays())
	for d := range out {
		if f.days.Days[d].Before(since) {
			out[d] = known[day(f.days.Days[d])].facts.Refused
			continue
		}
		out[d] = &counts[d]
	}
	return out, nil
}

// score answers; that of everybody is recorded.
func (s *Service) score(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	over, err := s.span(q.Span)
	if err != nil {
		return Answer{}, err
	}
	definition, version, err := s.Definition(ctx)
	if err != nil {
		return Answer{}, err
	}
	dates, facts, err := s.count(ctx, r, q.People, over, definition.SpreadEvents)
	if err != nil {
		return Answer{}, err
	}
	recorded := map[string]record{}
	today := s.o.Desk.Today()
	if q.People == "" {
		if recorded, err = s.recorded(ctx, over.From, over.To); err != nil {
			return Answer{}, err
		}
		if err := s.keep(ctx, definition, version, dates, facts, recorded, today); err != nil {
			return Answer{}, err
		}
		if recorded, err = s.recorded(ctx, over.From, over.To); err != nil {
			return Answer{}, err
		}
	}
	return answer(definition, version, dates, facts, recorded, today), nil
}

// Record asks for the score, so that it is recorded.
func (s *Service) Record(ctx context.Context) error {
	if _, err := s.o.Desk.Ask(ctx, json.RawMessage(fmt.Sprintf(`{"kind":"health","last":%d}`, HistoryDays))); err != nil {
		return fmt.Errorf("record the pool's health: %w", err)
	}
	return nil
}

// Unusual gives the anomalies of everybody's metrics in the last days that a series is judged over, at a sensitivity.
func (s *Service) Unusual(ctx context.Context, metrics []Metric, sensitivity Sensitivity) ([]Anomaly, error) {
	query, err := json.Marshal(map[string]any{"kind": "anomaly", "last": HistoryDays, "metrics": metrics, "sensitivity": sensitivity})
	if err != nil {
		return nil, err
	}
	res, err := s.o.Desk.Ask(ctx, query)
	if err != nil {
		return nil, err
	}
	var a AnomalyAnswer
	if err := json.Unmarshal(res.Answer, &a); err != nil {
		return nil, err
	}
	var all []Anomaly
	for _, series := range a.Series {
		all = append(all, series.Anomalies...)
	}
	return all, nil
}

// Of says a number: of a part on a day (the answer's if empty), those who count or the others.
type Of struct {
	Part Part   `json:"part" enum:"flow,activity,retention,conversion,silent,spread"`
	Side string `json:"side" enum:"yes,no" doc:"Those counted, or the others: inflow or outflow; active in the last 7 days, or only in the 23 before; …"`
	Date string `json:"date,omitempty" maxLength:"10" doc:"A day of the range; its newest that is over if empty"`
}

// people are those behind a number: the same walk up to its day tells of each person where they stand.
func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	over, err := s.span(q.Span)
	if err != nil {
		return nil, err
	}
	at, err := s.dayOf(over, of.Date)
	if err != nil {
		return nil, err
	}
	definition, _, err := s.Definition(ctx)
	if err != nil {
		return nil, err
	}
	if of.Part == Quality {
		return nil, fault.New(fault.Invalid, "health.no_people", "refused events belong to nobody; they are listed under Intake, Rejected events")
	}
	f := newFrame(calendar.Range{From: at, To: at, Zone: over.Zone}, s.o.ActiveDays())
	workers, err := s.walk(ctx, r, q.People, f, definition.SpreadEvents, func(b *book, person int64) {
		if b.stands(of.Part, of.Side == "yes") {
			b.found.Add(uint64(person)) //nolint:gosec // people have positive numbers
		}
	})
	if err != nil {
		return nil, err
	}
	found := roaring64.New()
	for _, w := range workers {
		found.Or(w.found)
	}
	return found, nil
}

// dayOf is a day of a range, by default the newest that is over, or today if there is none.
func (s *Service) dayOf(over calendar.Range, date string) (time.Time, error) {
	at, yesterday := over.To, s.o.Desk.Today().AddDate(0, 0, -1)
	if at.After(yesterday) && !over.From.After(yesterday) {
		at = yesterday
	}
	if date == "" {
		return at, nil
	}
	at, err := time.Parse(time.DateOnly, date)
	if err != nil || at.Before(over.From) || at.After(over.To) {
		return at, fault.New(fault.Invalid, "insight.range", "name a day of the range, such as %s", day(over.To))
	}
	return at, nil
}

// stands says whether the person who walked is among those whom a part counts, or among the others, at the end of the frame's last day.
func (b *book) stands(p Part, yes bool) bool {
	d := b.f.end - 1
	within := func(day, days int) bool { return day != far && day > d-days }
	there := within(b.lastSeen, month)
	switch p {
	case Flow:
		if yes {
			return within(b.entered, month)
		}
		return within(b.left, month)
	case Activity:
		return there && within(b.lastSeen, week) == yes
	case Retention:
		return b.cohort >= d-cohortOld && b.cohort <= d-cohortNew && b.cohortKept == yes
	case Conversion:
		return there && within(b.lastOrder, month) == yes
	case Silent:
		active := b.in && within(b.last, b.f.silent)
		return b.in && active != yes
	case Spread:
		return there && within(b.lastShare, month) == yes
	case Quality:
	}
	return false
}
