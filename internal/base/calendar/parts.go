package calendar

import (
	"sort"
	"time"
)

// Parts is a range cut into hours, days, weeks or months, for putting many moments into their part quickly.
type Parts struct {
	Starts []int64     // microseconds, ascending: when each part begins; the first one with the range, though its week or month began before
	End    int64       // the moment after the last part
	Days   []time.Time // the calendar day with which each part's hour, day, week or month begins

	table []uint32 // by step of time: the part in which the step begins
	shift uint     // a step is 1 << shift microseconds
}

// Parts cuts the range by a grain.
func (r Range) Parts(g Grain) *Parts {
	p := &Parts{End: r.End().UnixMicro()}
	for day := g.Bucket(r.From); !day.After(r.To); day = g.Next(day) {
		begins := day
		if begins.Before(r.From) {
			begins = r.From
		}
		p.add(Midnight(begins, r.Zone), day)
	}
	p.index()
	return p
}

// Hours cuts the range into the hours that its clocks strike: a day has 23 or 25 where summer time begins or ends, and an hour is shorter
// where clocks are moved by less than one.
func (r Range) Hours() *Parts {
	p := &Parts{End: r.End().UnixMicro()}
	for day := r.From; !day.After(r.To); day = day.AddDate(0, 0, 1) {
		at, end := Midnight(day, r.Zone), Midnight(day.AddDate(0, 0, 1), r.Zone)
		for at.Before(end) {
			p.add(at, day)
			local := at.In(r.Zone)
			at = at.Add(time.Hour - time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second)
		}
	}
	p.index()
	return p
}

func (p *Parts) add(begins, day time.Time) {
	p.Starts, p.Days = append(p.Starts, begins.UnixMicro()), append(p.Days, day)
}

// index makes a table of at most 65,536 steps.
func (p *Parts) index() {
	span := uint64(p.End - p.Starts[0])
	for p.shift = 29; span>>p.shift >= 1<<16; p.shift++ { // from nine minutes on
	}
	p.table = make([]uint32, span>>p.shift+1)
	part := 0
	for i := range p.table {
		at := p.Starts[0] + int64(i)<<p.shift
		for part+1 < len(p.Starts) && p.Starts[part+1] <= at {
			part++
		}
		p.table[i] = uint32(part)
	}
}

// Len is the number of parts.
func (p *Parts) Len() int { return len(p.Starts) }

// At is the part of a moment in microseconds, -1 outside of the range. A part without length, such as a day that was left out, has none.
func (p *Parts) At(us int64) int {
	if us < p.Starts[0] || us >= p.End {
		return -1
	}
	part := int(p.table[(us-p.Starts[0])>>p.shift])
	for part+1 < len(p.Starts) && p.Starts[part+1] <= us {
		part++
	}
	return part
}

// Ends is the moment after a part.
func (p *Parts) Ends(part int) int64 {
	if part+1 < len(p.Starts) {
		return p.Starts[part+1]
	}
	return p.End
}

// Of is the part with which a calendar day's hour, day, week or month begins; -1 if none does.
func (p *Parts) Of(day time.Time) int {
	i := sort.Search(len(p.Days), func(i int) bool { return !p.Days[i].Before(day) })
	if i < len(p.Days) && p.Days[i].Equal(day) {
		return i
	}
	return -1
}
