package growth

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// frame is a range of days as a walk sees it: days are numbers, counted from as many days before the range as matter for it.
type frame struct {
	days         *calendar.Parts
	base, end    int // the range is days [base, end)
	silent, lost int // after so many days without an activity
	bucket       []int32
	begins       []int // first day of each bucket, in the range
}

// far is earlier than any day of a frame, by more than anybody takes to be lost.
const far = -1 << 30

const (
	week  = 7
	month = 30
)

func newFrame(r calendar.Range, grain calendar.Grain, silent, lost int) *frame {
	look := max(lost, month)
	wide := calendar.Range{From: r.From.AddDate(0, 0, -look), To: r.To, Zone: r.Zone}
	f := &frame{days: wide.Parts(calendar.ByDay), base: look, silent: silent, lost: lost}
	f.end = f.days.Len()
	last := time.Time{}
	for d := f.base; d < f.end; d++ {
		if b := grain.Bucket(f.days.Days[d]); !b.Equal(last) {
			last = b
			f.begins = append(f.begins, d)
		}
		f.bucket = append(f.bucket, int32(len(f.begins)-1)) //nolint:gosec // at most ten years of days
	}
	return f
}

// day is a day of the range as a calendar day.
func (f *frame) day(d int) time.Time { return f.days.Days[d] }

// ends is the last day of a bucket.
func (f *frame) ends(b int) int {
	if b+1 < len(f.begins) {
		return f.begins[b+1] - 1
	}
	return f.end - 1
}

// mark is what a person did in a frame, or was.
type mark uint32

const (
	markNew mark = 1 << iota
	markResurrected
	markWonBack
	markSilent
	markLost
	markCleaned
	markSeen
	markWasActive // at the end of the day before the range
	markLeft      // the active stock, having been in it then
)

// book is what one worker counts. Arrays are by day of the frame, the range's days from base on; those that end a stretch of days may run
// over the end.
type book struct {
	f       *frame
	cleaned int32 // code of the name of being cleaned out, -1 if it never happened

	fresh, back, won, fell, gone            []int64
	cleanedActive, cleanedSilent, cleanedGo []int64 // Go: while lost
	seen, inWeek, inMonth, active           []int64 // the last three are changes from the day before
	left, inBucket                          []int64 // by bucket
	before                                  Stock

	// the person being walked through
	life
}

// life is a person on the way through the days.
type life struct {
	in       bool // of the pool
	counted  bool // in the stock before the range
	last     int  // day of the last activity in the pool
	began    int  // day since when in the active stock
	lastSeen int  // day of the last activity, whatever was cleaned
	period   int32
	marks    mark
}

func newBook(f *frame, cleaned int32) *book {
	n := f.end + max(f.lost, month) + 1
	b := &book{f: f, cleaned: cleaned}
	for _, a := range []*[]int64{&b.fresh, &b.back, &b.won, &b.fell, &b.gone, &b.cleanedActive, &b.cleanedSilent, &b.cleanedGo, &b.seen, &b.inWeek, &b.inMonth, &b.active} {
		*a = make([]int64, n)
	}
	b.left, b.inBucket = make([]int64, len(f.begins)), make([]int64, len(f.begins))
	return b
}

// person walks through a person's events, all of them, in order. quiet says by name's code which are no activity. Afterwards the life tells
// where the person stands at the end of the range.
func (b *book) person(times []int64, names []uint16, quiet []bool) {
	f := b.f
	b.life = life{last: far, began: far, lastSeen: far, period: -1}
	i := b.skip(times, names, quiet)
	stop := f.days.End
	told := int64(-1 << 62) // until when the day of the last activity lasts
	for ; i < len(times); i++ {
		at, name := times[i], names[i]
		if at < told && int32(name) != b.cleaned {
			continue
		}
		if at >= stop {
			break
		}
		if int32(name) == b.cleaned {
			b.clean(f.days.At(at))
			told = -1 << 62
			continue
		}
		if int(name) < len(quiet) && quiet[name] {
			continue
		}
		day := f.days.At(at)
		told = f.days.Ends(day)
		b.act(day)
	}
	b.enter()
	b.leave(f.end)
}

// skip finds the first event of the frame, and what those before it say: whether the person was in the pool, then surely lost by now or
// still to be heard of.
func (b *book) skip(times []int64, names []uint16, quiet []bool) int {
	start := b.f.days.Starts[0]
	if len(times) == 0 || times[0] >= start {
		return 0
	}
	low, high := 0, len(times) // times[low] is before the frame
	for high-low > 1 {
		if m := int(uint(low+high) >> 1); times[m] < start {
			low = m
		} else {
			high = m
		}
	}
	for j := low; j >= 0; j-- {
		if int32(names[j]) == b.cleaned {
			break
		}
		if int(names[j]) >= len(quiet) || !quiet[names[j]] {
			b.in = true
			break
		}
	}
	return high
}

// enter counts the person in the stock before the range; call it before anything in the range is told.
func (b *book) enter() {
	if b.counted {
		return
	}
	b.counted = true
	if !b.in {
		return
	}
	b.before.People++
	switch quiet := b.f.base - 1 - b.last; {
	case quiet < b.f.silent:
		b.before.Active++
		b.marks |= markWasActive
	case quiet < b.f.lost:
		b.before.Silent++
	default:
		b.before.Lost++
	}
}

// act is an activity on a day, the first of the day.
func (b *book) act(day int) {
	f := b.f
	if day >= f.base {
		b.enter()
	}
	switch {
	case !b.in:
		b.in, b.began = true, day
		if day >= f.base {
			b.fresh[day]++
			b.marks |= markNew
		}
	case day-b.last > f.silent:
		if day >= f.base {
			b.leave(day)
			b.back[day]++
			b.marks |= markResurrected
			if day-b.last > f.lost {
				b.won[day]++
				b.marks |= markWonBack
			}
		}
		b.began = day
	}
	b.active[max(day, b.last+f.silent)]++
	b.active[day+f.silent]--
	b.last = day
	b.see(day)
}

// see notes an activity whatever it means for the stock.
func (b *book) see(day int) {
	f := b.f
	if day == b.lastSeen { // again on the day on which one was cleaned out
		return
	}
	b.inWeek[max(day, b.lastSeen+week)]++
	b.inWeek[day+week]--
	b.inMonth[max(day, b.lastSeen+month)]++
	b.inMonth[day+month]--
	b.lastSeen = day
	if day < f.base {
		return
	}
	b.marks |= markSeen
	b.seen[day]++
	if period := f.bucket[day-f.base]; period != b.period {
		b.period = period
		b.inBucket[period]++
	}
}

// leave tells how somebody without an activity since the last went silent, and was lost, before a day.
func (b *book) leave(day int) {
	if !b.in {
		return
	}
	f := b.f
	if at := b.last + f.silent; at >= f.base && at < day {
		b.fell[at]++
		b.marks |= markSilent
		b.exit(at)
	}
	if at := b.last + f.lost; at >= f.base && at < day {
		b.gone[at]++
		b.marks |= markLost
	}
}

// exit tells that somebody left the active stock on a day of the range.
func (b *book) exit(day int) {
	period := b.f.bucket[day-b.f.base]
	if b.began < b.f.begins[period] {
		b.left[period]++
	}
	if b.began < b.f.base {
		b.marks |= markLeft
	}
}

// clean takes the person out of the pool on a day. Who would have gone silent with that day did so before.
func (b *book) clean(day int) {
	f := b.f
	if day >= f.base {
		b.enter()
	}
	if !b.in {
		return
	}
	quiet := day - b.last
	if quiet < f.silent {
		b.active[day]--
		b.active[b.last+f.silent]++
	}
	if day >= f.base {
		b.leave(day + 1)
		b.marks |= markCleaned
		switch {
		case quiet < f.silent:
			b.cleanedActive[day]++
			b.exit(day)
		case quiet < f.lost:
			b.cleanedSilent[day]++
		default:
			b.cleanedGo[day]++
		}
	}
	b.in, b.last = false, far
}

// add puts another worker's counts into these.
func (b *book) add(o *book) {
	for _, pair := range [][2][]int64{
		{b.fresh, o.fresh},
		{b.back, o.back},
		{b.won, o.won},
		{b.fell, o.fell},
		{b.gone, o.gone},
		{b.cleanedActive, o.cleanedActive},
		{b.cleanedSilent, o.cleanedSilent},
		{b.cleanedGo, o.cleanedGo},
		{b.seen, o.seen},
		{b.inWeek, o.inWeek},
		{b.inMonth, o.inMonth},
		{b.active, o.active},
		{b.left, o.left},
		{b.inBucket, o.inBucket},
	} {
		for i, n := range pair[1] {
			pair[0][i] += n
		}
	}
	b.before.People += o.before.People
	b.before.Active += o.before.Active
	b.before.Silent += o.before.Silent
	b.before.Lost += o.before.Lost
}
