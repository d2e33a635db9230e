package tier

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// Events is the warehouse, as this room reads it.
type Events interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	Position(ctx context.Context) (uint64, error)
}

// RFM is recency, frequency and monetary value of everybody who bought.
//
// Recency is counted in days up to a moment: calendar days of the pool's zone as rules count them (0 is today), or elapsed ones, whole spans of
// 24 hours, as most packages and papers do. Frequency is how many events there were, monetary value the sum of their amounts in the pool's
// currency, in the window; events in other currencies count, and add nothing. Who has no such event in the window has no RFM.
//
// Quantiles are of type 7 of Hyndman & Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): linear between the
// two nearest people, as R, NumPy and pandas have it by default.

// Recency says how days are counted.
type Recency string

// The ways of counting.
const (
	Calendar Recency = "calendar"
	Elapsed  Recency = "elapsed"
)

// RFMInput asks for the RFM of a pool. Zero fields are the usual.
type RFMInput struct {
	Event   string  `query:"event"   doc:"What counts as a purchase"                                        default:"Order Completed" maxLength:"200"`
	Window  string  `query:"window"  doc:"Days such as 365d, today included, or all"                        default:"all" maxLength:"8"`
	At      string  `query:"at"      doc:"Moment up to which is counted, RFC 3339; empty for now"           maxLength:"40"`
	Recency Recency `query:"recency" doc:"Calendar days as rules count them, or elapsed spans of 24 hours" enum:"calendar,elapsed" default:"calendar"`
	Bins    int     `query:"bins"    doc:"Classes of recency and frequency in the grid"                     minimum:"2" maximum:"10" default:"5"`
	at      time.Time
	days    int // of the window, 0 for all
}

func (in *RFMInput) complete(now time.Time) error {
	in.Event, in.Window = cmp.Or(in.Event, event.OrderCompleted), cmp.Or(in.Window, "all")
	in.Recency, in.Bins = cmp.Or(in.Recency, Calendar), cmp.Or(in.Bins, 5)
	in.at = now
	var c fault.Check
	if in.At != "" {
		var err error
		in.at, err = time.Parse(time.RFC3339Nano, in.At)
		c.That(err == nil && in.at.Year() >= 1970 && in.at.Year() <= 2200, "query.at", "a moment is written like 2026-03-31T12:00:00Z")
		in.at = in.at.UTC()
	}
	if in.Window != "all" {
		days, ok := strings.CutSuffix(in.Window, "d")
		n, err := strconv.Atoi(days)
		c.That(ok && err == nil && n >= 1 && n <= rule.MaxDays, "query.window", `a window is "all", or days such as "365d"`)
		in.days = n
	}
	c.That(in.Bins >= 2 && in.Bins <= 10, "query.bins", "2 to 10 classes")
	c.That(in.Recency == Calendar || in.Recency == Elapsed, "query.recency", "calendar or elapsed")
	return c.Err("tier.params", "this cannot be asked; see errors")
}

// Buyer is one person's figures.
type Buyer struct {
	Person  int64
	Recency int64 // days
	Count   int64
	Amount  int64 // minor units
}

// RFM are the figures of all buyers, by person.
type RFM struct {
	At     time.Time
	Buyers []Buyer
	scale  float64 // minor units in a major one
}

// cache holds the RFM asked for last: a grid is looked at many times.
type cache struct {
	mu  sync.Mutex
	key string
	rfm *RFM
}

// rfm reads or remembers.
func (s *Service) rfm(ctx context.Context, in RFMInput) (*RFM, error) {
	position, err := s.o.Events.Position(ctx)
	if err != nil {
		return nil, err
	}
	when := in.At
	if when == "" {
		when = calendar.DayOf(in.at, s.o.Zone()).Format(time.DateOnly)
	}
	key := fmt.Sprintf("%q %s %s %s %d %s %s", in.Event, in.Window, in.Recency, when, position, s.o.Zone(), s.o.Currency())
	s.recent.mu.Lock()
	defer s.recent.mu.Unlock()
	if s.recent.key == key && (in.Recency == Calendar || in.At != "") {
		return s.recent.rfm, nil
	}
	r, err := s.read(ctx, in)
	if err == nil {
		s.recent.key, s.recent.rfm = key, r
	}
	return r, err
}

func (s *Service) read(ctx context.Context, in RFMInput) (_ *RFM, err error) {
	zone := s.o.Zone()
	today := calendar.DayOf(in.at, zone)
	from, to := time.Unix(0, 0).AddDate(-70, 0, 0), in.at.Add(time.Microsecond)
	if in.Recency == Calendar {
		to = calendar.Midnight(today.AddDate(0, 0, 1), zone)
	}
	if in.days > 0 {
		from = calendar.Midnight(today.AddDate(0, 0, 1-in.days), zone)
	}
	rows, err := s.o.Events.Query(ctx, `SELECT person, max(time), count(*), CAST(COALESCE(sum(amount) FILTER (currency = ?), 0) AS BIGINT)
		FROM events WHERE name = ? AND type <> 7 AND time >= ? AND time < ? GROUP BY person ORDER BY person`, s.o.Currency(), in.Event, from, to)
	if err != nil {
		return nil, fmt.Errorf("read purchases: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := &RFM{At: in.at, scale: math.Pow10(money.Digits(s.o.Currency()))}
	for rows.Next() {
		var b Buyer
		var last time.Time
		if err := rows.Scan(&b.Person, &last, &b.Count, &b.Amount); err != nil {
			return nil, err
		}
		b.Recency = int64(in.at.Sub(last) / (24 * time.Hour))
		if in.Recency == Calendar {
			b.Recency = int64(today.Sub(calendar.DayOf(last, zone)) / (24 * time.Hour))
		}
		out.Buyers = append(out.Buyers, b)
	}
	return out, rows.Err()
}

// Stat describes one figure of all buyers.
type Stat struct {
	Mean   float64   `json:"mean"`
	Min    float64   `json:"min"`
	Q1     float64   `json:"q1"`
	Median float64   `json:"median"`
	Q3     float64   `json:"q3"`
	Max    float64   `json:"max"`
	Cuts   []float64 `json:"cuts" nullable:"false" doc:"Upper bounds of all classes but the last"`
}

// Quantile is the q-quantile (0 to 1, type 7) of sorted numbers; 0 of none.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	h := q * float64(len(sorted)-1)
	i := int(math.Floor(h))
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}

// figures are the sorted figures of all buyers.
func (r *RFM) figures(of func(Buyer) float64) []float64 {
	out := make([]float64, len(r.Buyers))
	for i, b := range r.Buyers {
		out[i] = of(b)
	}
	slices.Sort(out)
	return out
}

func recency(b Buyer) float64   { return float64(b.Recency) }
func frequency(b Buyer) float64 { return float64(b.Count) }

func (r *RFM) monetary(b Buyer) float64 { return float64(b.Amount) / r.scale }

func (r *RFM) stat(of func(Buyer) float64, bins int) Stat {
	sorted := r.figures(of)
	st := Stat{Cuts: []float64{}}
	if len(sorted) == 0 {
		return st
	}
	sum := 0.0
	for _, v := range sorted {
		sum += v
	}
	st.Mean, st.Min, st.Max = sum/float64(len(sorted)), sorted[0], sorted[len(sorted)-1]
	st.Q1, st.Median, st.Q3 = Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75)
	for i := 1; i < bins; i++ {
		st.Cuts = append(st.Cuts, round(Quantile(sorted, float64(i)/float64(bins))))
	}
	return st
}

// round keeps cut-offs writable in rules: to a hundredth.
func round(f float64) float64 { return math.Round(f*100) / 100 }

// class is which class a figure falls into, from 0.
func class(v float64, cuts []float64) int {
	i, _ := slices.BinarySearch(cuts, v) // equal to a cut: still below it
	return i
}

// Cell is one field of the grid.
type Cell struct {
	R            int     `json:"r" doc:"1 to the number of classes, which is the most recent"`
	F            int     `json:"f" doc:"1 to the number of classes, which is the most frequent"`
	People       int64   `json:"people"`
	Monetary     float64 `json:"monetary" doc:"Sum, in major units"`
	MeanMonetary float64 `json:"mean_monetary"`
	Rule         string  `json:"rule" doc:"CEL of exactly these people, where days are calendar days up to today; else empty"`
}

// RFMView is the RFM of a pool.
type RFMView struct {
	At        time.Time `json:"at"`
	Event     string    `json:"event"`
	Window    string    `json:"window"`
	Recency   Recency   `json:"recency" enum:"calendar,elapsed"`
	Currency  string    `json:"currency"`
	People    int64     `json:"people" doc:"Who bought in the window"`
	Days      Stat      `json:"recency_days"`
	Frequency Stat      `json:"frequency"`
	Monetary  Stat      `json:"monetary" doc:"In major units"`
	Grid      []Cell    `json:"grid" nullable:"false"`
}

// RFM gives the figures and the grid.
func (s *Service) RFM(ctx context.Context, in RFMInput) (RFMView, error) {
	if err := in.complete(s.o.Clock.Now()); err != nil {
		return RFMView{}, err
	}
	r, err := s.rfm(ctx, in)
	if err != nil {
		return RFMView{}, err
	}
	v := RFMView{
		At: r.At, Event: in.Event, Window: in.Window, Recency: in.Recency, Currency: s.o.Currency(), People: int64(len(r.Buyers)),
		Days: r.stat(recency, in.Bins), Frequency: r.stat(frequency, in.Bins), Monetary: r.stat(r.monetary, in.Bins), Grid: []Cell{},
	}
	cells := make([]Cell, in.Bins*in.Bins)
	for _, b := range r.Buyers {
		c := &cells[s.cell(b, v, in.Bins)]
		c.People++
		c.Monetary += float64(b.Amount)
	}
	for i, c := range cells {
		c.R, c.F = i/in.Bins+1, i%in.Bins+1
		c.Monetary /= r.scale
		if c.People > 0 {
			c.MeanMonetary = c.Monetary / float64(c.People)
		}
		if in.Recency == Calendar && in.At == "" {
			c.Rule = cellRule(in, v, c)
		}
		v.Grid = append(v.Grid, c)
	}
	return v, nil
}

// cell is the place of a buyer in the grid.
func (s *Service) cell(b Buyer, v RFMView, bins int) int {
	return (bins-1-class(recency(b), v.Days.Cuts))*bins + class(frequency(b), v.Frequency.Cuts)
}

// cellRule says a cell as a rule.
func cellRule(in RFMInput, v RFMView, c Cell) string {
	var terms []string
	between := func(of string, cuts []float64, class int) {
		if class > 0 {
			terms = append(terms, of+" > "+number(cuts[class-1]))
		}
		if class < len(cuts) {
			terms = append(terms, of+" <= "+number(cuts[class]))
		}
	}
	count := fmt.Sprintf("count(%s, %s)", quote(in.Event), quote(in.Window))
	terms = append(terms, count+" >= 1")
	between(fmt.Sprintf("days_since_last(%s)", quote(in.Event)), v.Days.Cuts, in.Bins-c.R)
	between(count, v.Frequency.Cuts, c.F-1)
	return canonical(strings.Join(terms, " && "))
}

// canonical is the one spelling of a rule that was put together here.
func canonical(text string) string {
	if r, _ := rule.Parse(text, nil); r != nil {
		return r.Text()
	}
	return text
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// quote is a text as CEL writes it.
func quote(s string) string {
	b, _ := told(s) // texts always can be
	return string(b)
}

// RFMRow is a buyer with the figures.
type RFMRow struct {
	Person    int64   `json:"person"`
	Recency   int64   `json:"recency"`
	Frequency int64   `json:"frequency"`
	Monetary  float64 `json:"monetary"`
}

// Cell gives the buyers of one cell, by number, after a number.
func (s *Service) Cell(ctx context.Context, in RFMInput, r, f int, after int64, limit int) ([]RFMRow, int64, error) {
	if err := in.complete(s.o.Clock.Now()); err != nil {
		return nil, 0, err
	}
	all, err := s.rfm(ctx, in)
	if err != nil {
		return nil, 0, err
	}
	v := RFMView{Days: all.stat(recency, in.Bins), Frequency: all.stat(frequency, in.Bins)}
	var out []RFMRow
	var total int64
	for _, b := range all.Buyers {
		at := s.cell(b, v, in.Bins)
		if r != 0 && at/in.Bins+1 != r || f != 0 && at%in.Bins+1 != f {
			continue
		}
		total++
		if b.Person > after && len(out) < limit {
			out = append(out, RFMRow{b.Person, b.Recency, b.Count, all.monetary(b)})
		}
	}
	return out, total, nil
}

// at is a moment for people.
func at(us int64) time.Time { return state.Time(us) }
