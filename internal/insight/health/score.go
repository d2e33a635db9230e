package health

// share is what a part counted on one day: yes of of. An unknown number is nil.
type share struct {
	yes, of *int64
	value   *float64
	reason  string
}

// share is what a part counts.
func (x Facts) share(p Part, minimum int64) share {
	var s share
	n := func(v int64) *int64 { return &v }
	switch p {
	case Flow:
		s.yes, s.of = n(x.Inflow), n(x.Inflow+x.Outflow)
	case Activity: // the mean over seven days, against seven times the month's people
		s.yes, s.of = n(x.SeenDays), n(week*x.Month)
		minimum *= week
	case Retention:
		s.yes, s.of = n(x.Kept), n(x.Cohort)
	case Conversion:
		s.yes, s.of = n(x.Bought), n(x.Month)
	case Silent:
		s.yes, s.of = n(x.People-x.Active), n(x.People)
	case Spread:
		s.yes, s.of = n(x.Shared), n(x.Month)
		if !x.Sharing { // nobody ever did: the pool has no such thing, or names it otherwise
			s.yes, s.of, s.reason = nil, nil, ReasonNone
			return s
		}
	case Quality:
		if x.Refused7 == nil {
			s.reason = ReasonKnown
			return s
		}
		s.yes, s.of = n(x.Events7), n(x.Events7+*x.Refused7)
	}
	switch {
	case *s.of == 0:
		s.reason = ReasonNone
	case *s.of < minimum:
		s.reason = ReasonFew
	default:
		v := float64(*s.yes) / float64(*s.of)
		s.value = &v
	}
	return s
}

// points is what a share is worth, 0 to 100.
func (m Measure) points(value float64) float64 {
	return 100 * min(1, max(0, (value-m.Worst)/(m.Best-m.Worst)))
}

// judged is a part of a day's score.
type judged struct {
	share
	points *float64
	weight float64 // of all weights that count on the day; 0 if it does not
}

// judge makes the score of a day, nil if no part says anything.
func (d Definition) judge(x Facts) (score *float64, parts map[Part]judged) {
	parts = map[Part]judged{}
	weights := 0.0
	for _, p := range Parts() {
		m := d.measure(p)
		j := judged{share: x.share(p, d.MinPeople)}
		if m.Weight == 0 {
			j.reason = ReasonOff
		}
		if j.value != nil {
			points := m.points(*j.value)
			j.points = &points
			weights += m.Weight
		}
		parts[p] = j
	}
	if weights == 0 {
		return nil, parts
	}
	var sum float64
	for p, j := range parts {
		if j.points != nil {
			j.weight = d.measure(p).Weight / weights
			sum += j.weight * *j.points
			parts[p] = j
		}
	}
	return &sum, parts
}

// The levels of a score.
const (
	Poor = "poor"
	Fair = "fair"
	Good = "good"
)

// level names a number of points, empty for none.
func (d Definition) level(points *float64) string {
	switch {
	case points == nil:
		return ""
	case *points >= d.Good:
		return Good
	case *points >= d.Fair:
		return Fair
	}
	return Poor
}
