package growth

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
)

// Seen is one event as a walk sees it: names are 1 for an activity, 2 for what is none, 3 for being cleaned out.
type Seen struct {
	Times []int64
	Names []uint16
}

// Keep keeps the books of some people with the walk alone, and says who is behind a number.
func Keep(r calendar.Range, grain calendar.Grain, silent, lost int, today time.Time, people []Seen) (Answer, func(day string, who Who) []int) {
	f := newFrame(r, grain, silent, lost)
	quiet := []bool{false, false, true, true}
	half := newBook(f, 3) // as two workers do it
	b := newBook(f, 3)
	for i, p := range people {
		if i%2 == 0 {
			b.person(p.Times, p.Names, quiet)
		} else {
			half.person(p.Times, p.Names, quiet)
		}
	}
	b.add(half)
	behind := func(day string, who Who) (ids []int) {
		one, err := f.only(day, grain, r.Zone)
		if err != nil {
			panic(err)
		}
		is, err := who.test()
		if err != nil {
			panic(err)
		}
		c := newBook(one, 3)
		for i, p := range people {
			if c.person(p.Times, p.Names, quiet); is(c) {
				ids = append(ids, i)
			}
		}
		return ids
	}
	return b.answer(grain, today), behind
}
