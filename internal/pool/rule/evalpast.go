package rule

import (
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// past is a question about a person's events of one name in a window.
type past struct {
	code     uint16
	happened bool // to anybody, ever
	window   int
	where    condition // nil for all
	column   int
	revenue  bool
	scale    float64
}

// events are those in question, before the where.
func (p *past) events(x *frame) []uint32 {
	if !p.happened {
		return nil
	}
	return x.named(p.code, x.start(p.window))
}

// fits says whether an event passes the where.
func (p *past) fits(x *frame, i uint32) bool {
	if p.where == nil {
		return true
	}
	x.event = int(i)
	return p.where.holds(x)
}

// of is the property of an event, as a number.
func (p *past) of(x *frame, i uint32) (float64, bool) {
	if p.revenue {
		minor, ok := x.seq.Amount(int(i))
		return float64(minor) / p.scale, ok
	}
	return x.seq.Number(p.column, int(i))
}

type count struct{ past }

func (v *count) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *count) number(x *frame) (float64, bool) {
	if !v.happened {
		return 0, true
	}
	n := 0
	if v.where == nil && !x.grouped {
		for _, code := range x.names[x.start(v.window):] {
			if code == v.code {
				n++
			}
		}
		return float64(n), true
	}
	events := v.events(x)
	if v.where == nil {
		return float64(len(events)), true
	}
	for _, i := range events {
		if v.fits(x, i) {
			n++
		}
	}
	return float64(n), true
}

type sum struct{ past }

func (v *sum) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *sum) number(x *frame) (float64, bool) {
	total, _ := v.total(x)
	return total, finite(total)
}

// total adds up the property, and counts where there was one. Revenue is added in minor units, so exactly.
func (p *past) total(x *frame) (total float64, of int) {
	var minors int64
	for _, i := range p.events(x) {
		if !p.fits(x, i) {
			continue
		}
		if p.revenue {
			if minor, ok := x.seq.Amount(int(i)); ok {
				minors += minor
				of++
			}
		} else if n, ok := x.seq.Number(p.column, int(i)); ok {
			total += n
			of++
		}
	}
	if p.revenue {
		total = float64(minors) / p.scale
	}
	return total, of
}

type average struct{ past }

func (v *average) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *average) number(x *frame) (float64, bool) {
	total, of := v.total(x)
	if of == 0 {
		return 0, false
	}
	return total / float64(of), finite(total)
}

// extreme is the least (way -1) or greatest (way 1) of a property.
type extreme struct {
	past
	way int
}

func (v *extreme) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *extreme) number(x *frame) (best float64, found bool) {
	for _, i := range v.events(x) {
		if !v.fits(x, i) {
			continue
		}
		if n, ok := v.of(x, i); ok && (!found || between(n, best) == v.way) {
			best, found = n, true
		}
	}
	return best, found
}

type distinct struct{ past }

func (v *distinct) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *distinct) number(x *frame) (float64, bool) {
	events := v.events(x)
	if len(events) == 0 {
		return 0, true
	}
	if v.where != nil {
		x.fitting = x.fitting[:0]
		for _, i := range events {
			if v.fits(x, i) {
				x.fitting = append(x.fitting, i)
			}
		}
		events = x.fitting
	}
	if !v.revenue {
		if n, ok := x.seq.Distinct(v.column, events); ok {
			return float64(n), true
		}
	}
	n := 0
	for _, i := range events {
		var is event.Value
		if v.revenue {
			is = numeral(v.of(x, i))
		} else {
			is = x.seq.Value(v.column, int(i))
		}
		if is.Kind != event.Missing && x.meet(is) {
			n++
		}
	}
	x.forget()
	return float64(n), true
}

// since is how many calendar days have passed since the first or last event.
type since struct {
	past
	last bool
}

func (v *since) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *since) number(x *frame) (float64, bool) {
	i, ok := v.find(x)
	if !ok {
		return 0, false
	}
	return float64(x.at.today - x.at.calendar.Day(x.times[i])), true
}

// find is the event. Few people's first or last is far from the end, so reading stops at it.
func (v *since) find(x *frame) (int, bool) {
	if !v.happened || len(x.times) == 0 {
		return 0, false
	}
	if x.grouped {
		return v.among(x, x.named(v.code, 0))
	}
	for k := range x.names {
		i := k
		if v.last {
			i = len(x.names) - 1 - k
		}
		if x.names[i] == v.code && v.fits(x, uint32(i)) {
			return i, true
		}
	}
	return 0, false
}

func (v *since) among(x *frame, events []uint32) (int, bool) {
	for k := range events {
		i := events[k]
		if v.last {
			i = events[len(events)-1-k]
		}
		if v.fits(x, i) {
			return int(i), true
		}
	}
	return 0, false
}

// activeDays is on how many calendar days there was anything.
type activeDays struct {
	window  int
	signals []uint16
}

func (v *activeDays) value(x *frame) event.Value { return numeral(v.number(x)) }

func (v *activeDays) number(x *frame) (float64, bool) {
	n, until := 0, int64(0)
	first := true
	start := x.start(v.window)
	for k, at := range x.times[start:] {
		if (!first && at < until) || slices.Contains(v.signals, x.names[start+k]) {
			continue
		}
		n++
		first = false
		until = x.at.calendar.Start(x.at.calendar.Day(at) + 1)
	}
	return float64(n), true
}
