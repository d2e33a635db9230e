package insight

import (
	"strconv"
	"strings"
	"unsafe"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// maxGroups is how many groups one worker may find. Who splits by a million values wants something else.
const maxGroups = 10_000

// splitter gives groups numbers, for one worker. Numbers are given as groups are found, but for segments and tags, whose numbers are their places
// in the breakdown, and then none.
type splitter struct {
	plan     *Plan
	by       By
	groups   []Group
	failed   error
	one      []int
	several  []int
	none     int              // number of those without a value, -1 before the first
	texts    map[string]int   // numbers by text
	numbers  map[float64]int  // by number
	channels []int            // by code: number + 1
	columns  []column         // by name: where the property is
	recent   [recentSize]seen // texts of this block, by where they lie
	names    int              // how many names there were when columns was made
	view     *View
}

// column is where an event's property is.
type column struct {
	at    int // the timeline's column, or one of those below
	known bool
}

// amountColumn stands for the amount, which is no column.
const amountColumn = -1

// seen is a text in the timeline's memory, where equal texts of a run lie at one place, and its number.
type seen struct {
	at     *byte
	length int
	number int
}

const recentSize = 256

func newSplitter(p *Plan) *splitter {
	s := &splitter{plan: p, one: []int{0}, none: -1, texts: map[string]int{}, numbers: map[float64]int{}}
	b := p.need.Breakdown
	if b == nil {
		s.groups = []Group{{}}
		return s
	}
	if s.by = b.By; b.By == BySegment || b.By == ByTag {
		for _, key := range b.Names {
			s.groups = append(s.groups, Group{Key: key})
		}
		s.none = len(s.groups)
		s.groups = append(s.groups, Group{None: true})
	}
	return s
}

// turn goes on to the next block, in which memory may lie elsewhere.
func (s *splitter) turn(v *View) {
	s.view = v
	if s.by != ByProperty {
		return
	}
	clear(s.recent[:])
	if s.names == v.names {
		return
	}
	s.names = v.names
	s.columns = make([]column, v.names)
	for _, name := range s.plan.split {
		code, ok := v.Name(name)
		if !ok {
			continue
		}
		if s.plan.need.Breakdown.Name == revenue {
			s.columns[code] = column{amountColumn, true}
		} else if at, ok := v.Col(timeline.Column{Event: name, Property: s.plan.need.Breakdown.Name}); ok {
			s.columns[code] = column{at, true}
		}
	}
}

func (s *splitter) ofPerson(person int64) []int {
	known := s.plan.known
	switch s.by {
	case ByFirstChannel:
		s.one[0] = s.ofText(known.Channel(false, person))
	case ByTier:
		s.one[0] = s.ofText(known.Tier(0, person))
	case ByTrait:
		s.one[0] = s.ofValue(known.Trait(0, person))
	case BySegment, ByTag:
		s.several = s.several[:0]
		for i := range s.none {
			if s.by == BySegment && known.Segment(i, person) || s.by == ByTag && known.Tag(i, person) {
				s.several = append(s.several, i)
			}
		}
		if len(s.several) == 0 {
			s.several = append(s.several, s.none)
		}
		return s.several
	case ByProperty, ByEventChannel:
	}
	return s.one
}

func (s *splitter) ofEvent(q *timeline.Sequence, i int) int {
	if s.by == ByEventChannel {
		return s.ofChannel(q.Channel(i))
	}
	if s.by != ByProperty {
		return 0
	}
	name := q.Names[i]
	if int(name) >= len(s.columns) || !s.columns[name].known {
		return s.ofNothing()
	}
	if at := s.columns[name].at; at != amountColumn {
		return s.ofRecent(q.Value(at, i))
	}
	if minor, ok := q.Amount(i); ok {
		return s.ofNumber(float64(minor) / s.plan.scale)
	}
	return s.ofNothing()
}

func (s *splitter) ofChannel(code uint16) int {
	for int(code) >= len(s.channels) {
		s.channels = append(s.channels, make([]int, len(s.channels)+16)...)
	}
	if s.channels[code] == 0 {
		name := ""
		if all := s.view.Channels(); int(code) < len(all) {
			name = all[code]
		}
		s.channels[code] = s.ofText(name) + 1
	}
	return s.channels[code] - 1
}

// ofRecent is ofValue for values of the timeline: a text is most often one that was seen a moment ago.
func (s *splitter) ofRecent(v event.Value) int {
	if v.Kind != event.Text || v.Text == "" {
		return s.ofValue(v)
	}
	at := unsafe.StringData(v.Text)                                                     //nolint:gosec // compared, never followed
	slot := &s.recent[(uintptr(unsafe.Pointer(at))>>2^uintptr(len(v.Text)))%recentSize] //nolint:gosec // a place in a table
	if slot.at == at && slot.length == len(v.Text) {
		return slot.number
	}
	*slot = seen{at, len(v.Text), s.ofText(v.Text)}
	return slot.number
}

func (s *splitter) ofValue(v event.Value) int {
	switch v.Kind {
	case event.Text, event.Other:
		return s.ofText(v.Text)
	case event.Number:
		return s.ofNumber(v.Num)
	case event.Bool:
		return s.ofText(strconv.FormatBool(v.Num != 0))
	case event.Missing:
	}
	return s.ofNothing()
}

func (s *splitter) ofNumber(n float64) int {
	number, ok := s.numbers[n]
	if !ok {
		number = s.ofText(strconv.FormatFloat(n, 'f', -1, 64))
		s.numbers[n] = number
	}
	return number
}

// ofText gives a text its number; an empty one is no value.
func (s *splitter) ofText(text string) int {
	if text == "" {
		return s.ofNothing()
	}
	if number, ok := s.texts[text]; ok {
		return number
	}
	text = strings.Clone(text) // it may lie in mapped memory
	number := s.add(Group{Key: text})
	s.texts[text] = number
	return number
}

func (s *splitter) ofNothing() int {
	if s.none < 0 {
		s.none = s.add(Group{None: true})
	}
	return s.none
}

func (s *splitter) add(g Group) int {
	if len(s.groups) >= maxGroups {
		s.failed = fault.New(fault.Invalid, "insight.too_many_groups",
			"%q has more than %d different values, too many to compare; split by something with fewer, or narrow it with a condition", s.plan.need.Breakdown.Name, maxGroups)
		return len(s.groups) - 1
	}
	s.groups = append(s.groups, g)
	return len(s.groups) - 1
}
