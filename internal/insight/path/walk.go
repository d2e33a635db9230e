package path

import (
	"sort"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// frame is a question in the walker's terms. Times are in microseconds.
type frame struct {
	steps      int
	before     bool
	which      Which
	collapse   bool
	gap        int64 // 0: none
	start, end int64 // anchors are in [start, end)
	until      int64 // what is at or after this is not looked at
	without    []string
}

// What an event name is to a path.
const (
	shown  uint8 = iota
	hidden       // left out, but the person was there
	silent       // no activity
)

// trail is one path: the codes of the events after its anchor.
type trail struct {
	n     int
	codes [maxSteps]uint16
}

// walker finds the paths of people. It is one goroutine's, and needs no memory for a person.
type walker struct {
	frame
	anchor *insight.Matcher // nil in tests of the walk alone
	code   uint16           // of the anchor, if its name decides
	plain  bool
	names  int
	kinds  []uint8 // by name
	path   trail
}

func newWalker(f frame) *walker { return &walker{frame: f, names: -1} }

// learn makes the table of names, if there are some that it does not know.
func (w *walker) learn(v *insight.View) {
	names := v.Names()
	if len(names) == w.names {
		return
	}
	w.names = len(names)
	w.kinds = make([]uint8, len(names))
	for code := range names {
		if !v.Activity(uint16(code)) {
			w.kinds[code] = silent
		}
	}
	for _, name := range w.without {
		if code, ok := v.Name(name); ok {
			w.kinds[code] = hidden
		}
	}
	w.anchor = v.Step(0)
	w.code, _ = w.anchor.Code()
	w.plain = !w.anchor.Any() && !w.anchor.Filter()
}

// is says whether an event is the anchor.
func (w *walker) is(q *timeline.Sequence, i int) bool {
	if w.plain {
		return q.Names[i] == w.code
	}
	return w.anchor.Matches(q, i) && w.kinds[q.Names[i]] == shown
}

// person tells of each path of a person; each is good until the next. It goes through the events in the direction of looking where anchors in a row
// are one path.
func (w *walker) person(q *timeline.Sequence, each func(*trail)) {
	if w.plain && w.code == 0 {
		return
	}
	n := insight.Upto(q, w.until)
	from, to := 0, n
	if n > 0 && q.Times[n-1] >= w.end {
		to = sort.Search(n, func(i int) bool { return q.Times[i] >= w.end })
	}
	if to > 0 && q.Times[0] < w.start {
		from = sort.Search(to, func(i int) bool { return q.Times[i] >= w.start })
	}
	switch w.which {
	case First:
		if i := w.next(q, from, to); i < to {
			w.trace(q, i, n)
			each(&w.path)
		}
	case Last:
		for i := to - 1; i >= from; i-- {
			if w.is(q, i) {
				w.trace(q, i, n)
				each(&w.path)
				return
			}
		}
	case Every:
		for i := w.next(q, from, to); i < to; i = w.next(q, i+1, to) {
			if w.collapse && w.repeated(q, i, n) {
				continue
			}
			w.trace(q, i, n)
			each(&w.path)
		}
	}
}

// next is the first anchor from a place on; to if there is none.
func (w *walker) next(q *timeline.Sequence, from, to int) int {
	if from >= to {
		return to
	}
	if w.plain {
		code := w.code
		for i, name := range q.Names[from:to] {
			if name == code {
				return from + i
			}
		}
		return to
	}
	for i := from; i < to; i++ {
		if w.is(q, i) {
			return i
		}
	}
	return to
}

// repeated says whether the event that is passed just before this one, looking in the direction of the paths, is an anchor of the same name, so that the path
// began there. An anchor outside of the range begins none.
func (w *walker) repeated(q *timeline.Sequence, i, n int) bool {
	step := -1
	if w.before {
		step = 1
	}
	last := q.Times[i]
	for j := i + step; j >= 0 && j < n; j += step {
		kind := w.kinds[q.Names[j]]
		if kind == silent {
			continue
		}
		at := q.Times[j]
		if w.gap > 0 && max(at-last, last-at) > w.gap {
			return false
		}
		last = at
		if kind == hidden {
			continue
		}
		return q.Names[j] == q.Names[i] && at >= w.start && at < w.end && w.is(q, j)
	}
	return false
}

// trace follows the path that begins at an anchor.
func (w *walker) trace(q *timeline.Sequence, i, n int) {
	names, times, kinds, p := q.Names[:n], q.Times[:n], w.kinds, &w.path
	p.n = 0
	last, name := times[i], names[i]
	step := 1
	if w.before {
		step = -1
	}
	for j := i + step; uint(j) < uint(len(names)) && p.n < w.steps; j += step {
		code := names[j]
		kind := kinds[code]
		if kind == silent {
			continue
		}
		if w.gap > 0 {
			at := times[j]
			if max(at-last, last-at) > w.gap {
				return
			}
			last = at
		}
		if kind == hidden || w.collapse && code == name {
			continue
		}
		p.codes[p.n] = code
		p.n++
		name = code
	}
}
