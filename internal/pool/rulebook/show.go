package rulebook

import (
	"context"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// RuleView is a rule in force as the API shows it.
type RuleView struct {
	Text     string         `json:"text"`
	Sentence Two            `json:"sentence"`
	Problems []rule.Problem `json:"problems" nullable:"false" doc:"Why the rule would be refused today, normally nothing"`
}

// Show gives the view of rules in force. They are checked against the present schema.
func (b *Book) Show(ctx context.Context) (func(text string) RuleView, error) {
	schema, err := b.Schema(ctx)
	if err != nil {
		return nil, err
	}
	return func(text string) RuleView {
		r, problems := rule.Parse(text, schema)
		v := RuleView{Text: text, Problems: whole(problems)}
		if r == nil {
			if r, _ = rule.Parse(text, nil); r != nil {
				r = r.Speaking(schema.Words)
			}
		}
		if r != nil {
			v.Sentence = SentenceOf(r)
		}
		return v
	}, nil
}

// InForce is a rule that was checked when it was saved, with the pool's words. What it names may have gone since: it then fits nobody.
func (b *Book) InForce(ctx context.Context, text string) (*rule.Rule, error) {
	schema, err := b.Schema(ctx)
	if err != nil {
		return nil, err
	}
	r, problems := rule.Parse(text, nil)
	if r == nil {
		return nil, invalid("rule", problems)
	}
	return r.Speaking(schema.Words), nil
}

// ProgressView is how far a definition has come into force.
type ProgressView struct {
	State standing.Phase `json:"state" enum:"ready,waiting,sweeping,switching,failed"`
	Done  int64          `json:"done"`
	Total int64          `json:"total"`
	Error string         `json:"error"`
}

// ProgressOf is the view of a progress.
func ProgressOf(p standing.Progress) ProgressView {
	if p.State == "" {
		p.State = standing.Waiting
	}
	return ProgressView{p.State, p.Done, p.Total, p.Error}
}

// About is what every definition tells of itself.
type About struct {
	Version   int64     `json:"version"`
	Author    string    `json:"author"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// State is whether a definition works.
type State string

// The states. Paused freezes everything as it is; archived things are gone from lists, and rules may not name them.
const (
	Active   State = "active"
	Paused   State = "paused"
	Archived State = "archived"
)

// Valid says whether there is such a state.
func (s State) Valid() bool { return s == Active || s == Paused || s == Archived }

// Gone says whether the state is Archived.
func (s State) Gone() bool { return s == Archived }

// Token names what matters to the engine: the same parts give the same token, which is positive.
func Token(parts ...string) int64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(strconv.Itoa(len(p)) + ":" + p)) // never fails
	}
	return int64(h.Sum64()>>1) | 1
}

// Text bounds what people write about a definition.
func Text(c *fault.Check, title, description string) {
	c.That(title != "" && len(title) <= 200, "body.title", "give it a title of at most 200 bytes")
	c.That(len(description) <= 4000, "body.description", "a description has at most 4000 bytes")
}

// Today is when the pool's day began, and when it ends.
func Today(now time.Time, zone *time.Location) (start, end int64) {
	day := calendar.DayOf(now, zone)
	return calendar.Midnight(day, zone).UnixMicro(), calendar.Midnight(day.AddDate(0, 0, 1), zone).UnixMicro()
}

// Cuts are the moments at which the days of a range begin, and the one at which the last ends.
func Cuts(r calendar.Range) []int64 {
	cuts := make([]int64, 0, r.Days()+1)
	for day := r.From; !day.After(r.To.AddDate(0, 0, 1)); day = day.AddDate(0, 0, 1) {
		cuts = append(cuts, calendar.Midnight(day, r.Zone).UnixMicro())
	}
	return cuts
}

// Size is how many people there were at the end of a day, and how many came and went on it.
type Size struct {
	Date    string `json:"date"`
	People  int64  `json:"people"`
	Entered int64  `json:"entered"`
	Left    int64  `json:"left"`
}

// Sizes goes back from how many there are now (at the end of the range's last day or after it) through the changes of each day; cuts are
// those of the range, and one more, the present, if the range ends before today. in says which levels count.
func Sizes(r calendar.Range, now int64, moved []standing.Moved, in func(level string) bool) []Size {
	out := make([]Size, r.Days())
	var after int64 // changes after the range
	for i := range out {
		out[i].Date = r.From.AddDate(0, 0, i).Format(time.DateOnly)
	}
	for _, m := range moved {
		came, went := in(m.To) && !in(m.From), in(m.From) && !in(m.To)
		switch {
		case m.Slot >= len(out):
			if came {
				after += m.People
			} else if went {
				after -= m.People
			}
		case came:
			out[m.Slot].Entered += m.People
		case went:
			out[m.Slot].Left += m.People
		}
	}
	people := now - after
	for i := len(out) - 1; i >= 0; i-- {
		out[i].People = people
		people -= out[i].Entered - out[i].Left
	}
	return out
}

// Total is how many people the pool has.
func Total(ctx context.Context, q state.Querier) (int64, error) {
	var n int64
	err := q.QueryRow(ctx, "SELECT count(*) FROM person").Scan(&n)
	return n, err
}

// Share is a part of a whole, 0 of nothing.
func Share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Member is a person in a list, with the moment since when.
type Member struct {
	person.Row
	Since time.Time `json:"since"`
}
