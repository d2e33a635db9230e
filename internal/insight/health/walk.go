package health

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// The spans of the parts, in days.
const (
	week      = 7
	month     = 30
	cohortNew = 8  // days ago: the youngest of those whose return is asked for
	cohortOld = 37 // the oldest
)

// far is earlier than any day of a frame, by more than anybody takes to be silent.
const far = -1 << 30

// frame is a range of days as a walk sees it: days are numbers, counted from as many days before the range as matter for it.
type frame struct {
	days      *calendar.Parts
	base, end int // the range is days [base, end)
	silent    int // after so many days without an activity
}

func newFrame(r calendar.Range, silent int) *frame {
	lead := silent + cohortOld + 1
	wide := calendar.Range{From: r.From.AddDate(0, 0, -lead), To: r.To, Zone: r.Zone}
	f := &frame{days: wide.Parts(calendar.ByDay), base: lead, silent: silent}
	f.end = f.days.Len()
	return f
}

// meaning is what an event's name means for a walk.
type meaning uint8

const (
	activity meaning = iota
	quiet            // what the system says
	ordering
	sharing
	cleaning
)

// book is what one worker counts, by day of the frame. Arrays that are changes from the day before run over the end.
type book struct {
	f        *frame
	meanings []meaning // by code of a name
	found    *roaring64.Bitmap

	before                                     int64 // people in the pool before the frame
	fresh, back, fell, cleaned                 []int64
	seen, events, orders, revenue, buyers      []int64
	came, kept                                 []int64 // by first day: who came back within a week of it is kept
	active, inMonth, buyersMonth, sharersMonth []int64 // changes
	life
}

// life is a person on the way through the days. Days are far if there was none in the frame.
type life struct {
	in                   bool // of the pool
	last                 int  // day of the last activity in the pool
	born                 int  // first day in the pool
	returned             bool // within a week of born
	lastSeen             int  // day of the last activity, whatever was cleaned
	lastOrder, lastShare int
	silenced             int // day of going silent last
	entered, left        int // day of the last inflow and outflow
	cohort               int // first day of the last life that began in the frame, whether it was cleaned or not
	cohortKept           bool
}

func newBook(f *frame, v *insight.View, spread []string) *book {
	b := &book{f: f, found: roaring64.New(), meanings: make([]meaning, len(v.Names()))}
	for code, name := range v.Names() {
		switch {
		case name == event.PersonCleaned:
			b.meanings[code] = cleaning
		case !v.Activity(uint16(code)): //nolint:gosec // names have 16 bits
			b.meanings[code] = quiet
		case name == event.OrderCompleted:
			b.meanings[code] = ordering
		}
	}
	for _, name := range spread {
		if code, ok := v.Name(name); ok && b.meanings[code] == activity {
			b.meanings[code] = sharing
		}
	}
	b.allocate()
	return b
}

func (b *book) arrays() []*[]int64 {
	return []*[]int64{
		&b.fresh, &b.back, &b.fell, &b.cleaned, &b.seen, &b.events, &b.orders, &b.revenue, &b.buyers, &b.came, &b.kept,
		&b.active, &b.inMonth, &b.buyersMonth, &b.sharersMonth,
	}
}

func (b *book) allocate() {
	n := b.f.end + max(b.f.silent, month) + 1
	for _, a := range b.arrays() {
		*a = make([]int64, n)
	}
}

// add puts another worker's counts into these.
func (b *book) add(o *book) {
	b.before += o.before
	mine, theirs := b.arrays(), o.arrays()
	for i := range mine {
		for d, n := range *theirs[i] {
			(*mine[i])[d] += n
		}
	}
}

// person walks through a person's events, all of them, in order. Afterwards the life tells where the person stands at the end of the frame.
func (b *book) person(q *timeline.Sequence) {
	b.walk(q.Times, q.Names, q.Amount)
}

// walk is person with the events by themselves; amount gives the i-th one's.
func (b *book) walk(times []int64, names []uint16, amount func(i int) (int64, bool)) {
	f := b.f
	b.life = life{last: far, born: far, lastSeen: far, lastOrder: far, lastShare: far, entered: far, left: far, silenced: far, cohort: far}
	i := b.skip(times, names)
	if b.in {
		b.before++
	}
	stop, today, told := f.days.End, 0, int64(-1<<62)
	for ; i < len(times) && times[i] < stop; i++ {
		is := activity
		if name := int(names[i]); name < len(b.meanings) {
			is = b.meanings[name]
		}
		if is == quiet {
			continue
		}
		at := times[i]
		if is == cleaning {
			b.clean(f.days.At(at))
			told = -1 << 62
			continue
		}
		if at >= told {
			today = f.days.At(at)
			told = f.days.Ends(today)
			b.act(today)
		}
		b.events[today]++
		switch is {
		case ordering:
			b.order(today)
			if n, ok := amount(i); ok {
				b.revenue[today] += n
			}
		case sharing:
			b.lastShare = monthly(b.sharersMonth, today, b.lastShare)
		case activity, quiet, cleaning:
		}
	}
	if b.in && b.last != far && b.last+f.silent < f.end {
		b.fall()
	}
}

// skip finds the first event of the frame, and whether the person was in the pool before it.
func (b *book) skip(times []int64, names []uint16) int {
	first, _ := slices.BinarySearch(times, b.f.days.Starts[0])
	for j := first - 1; j >= 0; j-- {
		is := activity
		if name := int(names[j]); name < len(b.meanings) {
			is = b.meanings[name]
		}
		if is == quiet {
			continue
		}
		b.in = is != cleaning
		break
	}
	return first
}

// act is the first activity on a day.
func (b *book) act(day int) {
	f := b.f
	switch {
	case !b.in:
		b.in, b.born, b.returned, b.entered = true, day, false, day
		b.fresh[day]++
		b.came[day]++
		b.cohort, b.cohortKept = day, false
	case day-b.last > f.silent:
		if b.last != far {
			b.fall()
		}
		b.back[day]++
		b.entered = day
	}
	if b.born != far && !b.returned && day > b.born && day <= b.born+week {
		b.returned = true
		b.kept[b.born]++
		b.cohortKept = true
	}
	b.active[max(day, b.last+f.silent)]++
	b.active[day+f.silent]--
	b.last = day
	if day != b.lastSeen { // not again on the day on which one was cleaned out
		b.seen[day]++
		b.lastSeen = monthly(b.inMonth, day, b.lastSeen)
	}
}

// fall tells that somebody went silent after the last activity.
func (b *book) fall() {
	b.left = b.last + b.f.silent
	b.silenced = b.left
	b.fell[b.left]++
}

func (b *book) order(day int) {
	b.orders[day]++
	if day != b.lastOrder {
		b.buyers[day]++
		b.lastOrder = monthly(b.buyersMonth, day, b.lastOrder)
	}
}

// monthly counts somebody on a day and the 29 days after it, once however often, and gives the day.
func monthly(changes []int64, day, last int) int {
	changes[max(day, last+month)]++
	changes[day+month]--
	return day
}

// clean takes the person out of the pool on a day. Who would have gone silent with that day did so before.
func (b *book) clean(day int) {
	if !b.in {
		return
	}
	if b.last != far {
		if day-b.last < b.f.silent {
			b.active[day]--
			b.active[b.last+b.f.silent]++
		} else {
			b.fall()
		}
	}
	b.cleaned[day]++
	b.left = day
	b.in, b.last, b.born = false, far, far
}
