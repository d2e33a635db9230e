package growth

import (
	"context"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Options are what the room works with.
type Options struct {
	Desk   *insight.Desk
	Events Events // the warehouse, for Reconcile
	// ActiveDays is after how many days without an activity people are silent, unless a question says otherwise.
	ActiveDays func() int
}

// Service keeps the books.
type Service struct{ o Options }

const kind = "growth"

// New makes the room and registers its kind of question.
func New(o Options) *Service {
	s := &Service{o}
	insight.Register(o.Desk, insight.Kind[Query, Answer, Of]{
		Name: kind, Summary: "Stock and flow of the pool: new, retained, resurrected, silent, lost, cleaned",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check:  s.check, Run: s.run, People: s.people, Table: table,
	})
	return s
}

const mostPeriods = 1100 // three years of days

func (s *Service) check(_ context.Context, q *Query) error {
	var c fault.Check
	if q.Grain == "" {
		q.Grain = calendar.ByDay
	}
	if q.SilentDays == 0 {
		q.SilentDays = s.o.ActiveDays()
	}
	if q.LostDays == 0 {
		q.LostDays = 3 * q.SilentDays
	}
	c.That(q.Grain == calendar.ByDay || q.Grain == calendar.ByWeek || q.Grain == calendar.ByMonth, "grain", "a period is a day, week or month")
	c.That(q.SilentDays >= 1 && q.SilentDays <= 365, "silent_days", "take 1 to 365 days")
	c.That(q.LostDays > q.SilentDays && q.LostDays <= 1095, "lost_days", "people are silent before they are lost: take more than %d days, and at most 1095", q.SilentDays)
	return c.Err("growth.invalid", "this cannot be counted; see errors")
}

// frame is the query's range.
func (s *Service) frame(q Query) (*frame, error) {
	r, err := s.o.Desk.Range(q.Span)
	if err != nil {
		return nil, err
	}
	f := newFrame(r, q.Grain, q.SilentDays, q.LostDays)
	if len(f.begins) > mostPeriods {
		return nil, insight.Invalid("growth.too_many_periods", "grain", "these are %d periods, at most %d can be shown; take a shorter range, weeks or months", len(f.begins), mostPeriods)
	}
	return f, nil
}

// walk lets every person of the query walk through a frame; each is told about afterwards.
func (s *Service) walk(ctx context.Context, r *insight.Run, q Query, f *frame, each func(worker *counter, person int64)) ([]*counter, error) {
	p, err := s.o.Desk.Plan(ctx, r, insight.Need{People: q.People})
	if err != nil {
		return nil, err
	}
	return insight.Scan(ctx, r, p, 0, func(v *insight.View) *counter { return newCounter(f, v) },
		func(c *counter, _ *insight.View, person int64, seq *timeline.Sequence) {
			c.person(seq.Times, seq.Names, c.quiet)
			if each != nil {
				each(c, person)
			}
		})
}

// counter is a worker's book with what it must know of names.
type counter struct {
	*book
	quiet []bool
	found *roaring64.Bitmap
}

func newCounter(f *frame, v *insight.View) *counter {
	names := v.Names()
	c := &counter{quiet: make([]bool, len(names)), found: roaring64.New()}
	for code := range names {
		c.quiet[code] = !v.Activity(uint16(code)) //nolint:gosec // names have 16 bits
	}
	cleaned := int32(-1)
	if code, ok := v.Name(event.PersonCleaned); ok {
		cleaned = int32(code)
	}
	c.book = newBook(f, cleaned)
	return c
}

func (s *Service) run(ctx context.Context, r *insight.Run, q Query) (Answer, error) {
	f, err := s.frame(q)
	if err != nil {
		return Answer{}, err
	}
	workers, err := s.walk(ctx, r, q, f, nil)
	if err != nil {
		return Answer{}, err
	}
	all := workers[0]
	for _, w := range workers[1:] {
		all.add(w.book)
	}
	return all.answer(q.Grain, s.o.Desk.Today()), nil
}

// people are those behind a number: the same walk through one period alone tells of each person what became of them in it.
func (s *Service) people(ctx context.Context, r *insight.Run, q Query, of Of) (*roaring64.Bitmap, error) {
	f, err := s.frame(q)
	if err != nil {
		return nil, err
	}
	if f, err = f.only(of.Date, q.Grain, s.o.Desk.Zone()); err != nil {
		return nil, err
	}
	is, err := of.Who.test()
	if err != nil {
		return nil, err
	}
	workers, err := s.walk(ctx, r, q, f, func(c *counter, person int64) {
		if is(c.book) {
			c.found.Add(uint64(person)) //nolint:gosec // people have positive numbers
		}
	})
	if err != nil {
		return nil, err
	}
	all := roaring64.New()
	for _, w := range workers {
		all.Or(w.found)
	}
	return all, nil
}

// only is the frame of one period of this one, as a whole; of all of it if no date is given.
func (f *frame) only(day string, grain calendar.Grain, zone *time.Location) (*frame, error) {
	from, to := f.base, f.end-1
	if day != "" {
		from = -1
		for i, begin := range f.begins {
			if date(grain.Bucket(f.day(begin))) == day {
				from, to = begin, f.ends(i)
			}
		}
		if from < 0 {
			return nil, insight.Invalid("growth.no_period", "of.date", "no %s of this range begins on %s", grain, day)
		}
	}
	one := newFrame(calendar.Range{From: f.day(from), To: f.day(to), Zone: zone}, calendar.ByDay, f.silent, f.lost)
	one.begins = one.begins[:1]
	clear(one.bucket)
	return one, nil
}

// test says whether somebody who has just walked through one period is behind a number of it.
func (w Who) test() (func(b *book) bool, error) {
	has := func(m mark) func(b *book) bool { return func(b *book) bool { return b.marks&m != 0 } }
	switch w {
	case WhoNew:
		return has(markNew), nil
	case WhoRetained:
		return func(b *book) bool { return b.marks&(markWasActive|markLeft) == markWasActive }, nil
	case WhoResurrected:
		return has(markResurrected), nil
	case WhoWonBack:
		return has(markWonBack), nil
	case WhoWentSilent:
		return has(markSilent), nil
	case WhoWentLost:
		return has(markLost), nil
	case WhoCleaned:
		return has(markCleaned), nil
	case WhoSeen:
		return has(markSeen), nil
	case WhoPeople:
		return func(b *book) bool { return b.in }, nil
	case WhoActive:
		return func(b *book) bool { return b.in && b.idle() < b.f.silent }, nil
	case WhoSilent:
		return func(b *book) bool { return b.in && b.idle() >= b.f.silent && b.idle() < b.f.lost }, nil
	case WhoLost:
		return func(b *book) bool { return b.in && b.idle() >= b.f.lost }, nil
	case WhoWeeklyActive:
		return func(b *book) bool { return b.f.end-1-b.lastSeen < week }, nil
	case WhoMonthlyActive:
		return func(b *book) bool { return b.f.end-1-b.lastSeen < month }, nil
	}
	return nil, insight.Invalid("growth.who", "of.who", "a period has no number %q", w)
}

// idle is for how many days the person has done nothing, at the end of the range.
func (b *book) idle() int { return b.f.end - 1 - b.last }
