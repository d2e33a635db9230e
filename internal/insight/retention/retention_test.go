package retention_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/insight/retention"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

var today = time.Date(2026, 3, 31, 20, 0, 0, 0, time.UTC) // already April in Shanghai

func service(t testing.TB, zone *time.Location, events []pooltest.Event, moved map[int64]int64) *retention.Service {
	t.Helper()
	p := pooltest.New(t)
	p.Add(t, events, moved)
	return retention.New(p.Warehouse, func() *time.Location { return zone }, clock.NewManual(today))
}

// naive counts the cohorts person by person.
func naive(events []pooltest.Event, moved map[int64]int64, zone *time.Location, name string, from, to time.Time) []retention.Cohort {
	did := map[int64]map[int]bool{} // person → months counted since the year 0
	month := func(d time.Time) int { return d.Year()*12 + int(d.Month()) - 1 }
	for _, e := range events {
		if e.Type == event.Command || name != "" && e.Name != name {
			continue
		}
		who := e.Person
		if to, ok := moved[who]; ok {
			who = to
		}
		if did[who] == nil {
			did[who] = map[int]bool{}
		}
		did[who][month(calendar.DayOf(e.At, zone))] = true
	}
	var out []retention.Cohort
	for first := month(from); first <= month(to); first++ {
		c := retention.Cohort{Cohort: fmt.Sprintf("%04d-%02d", first/12, first%12+1), Counts: make([]int64, month(to)-first+1)}
		for _, months := range did {
			began := 1 << 30
			for m := range months {
				began = min(began, m)
			}
			if began != first {
				continue
			}
			c.Size++
			for m := range months {
				if m <= month(to) {
					c.Counts[m-first]++
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// Random lives: the triangle is what counting person by person gives, for one event and for any, with merges, in zones on both sides of
// Greenwich, also for spans before, after and across everything.
func TestTriangleAgainstNaive(t *testing.T) {
	t.Parallel()
	for seed, name := range []string{"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(name)
			require.NoError(t, err)
			dice := rand.New(rand.NewPCG(uint64(seed), 3))
			begin := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
			var events []pooltest.Event
			for range 600 {
				e := pooltest.Event{Person: 1 + dice.Int64N(60), Type: event.Track, Name: []string{event.OrderCompleted, "Product Viewed"}[dice.IntN(2)]}
				e.At = begin.Add(time.Duration(dice.Int64N(int64(1000 * 24 * time.Hour)))).Truncate(time.Microsecond)
				if dice.IntN(2) == 0 { // close to the end of a month
					e.At = calendar.Midnight(calendar.ByMonth.Bucket(calendar.DayOf(e.At, zone)), zone).Add(time.Duration(dice.IntN(3)-1) * time.Microsecond)
				}
				if dice.IntN(15) == 0 {
					e.Type, e.Name = event.Command, event.PeopleMerged
				}
				events = append(events, e)
			}
			moved := map[int64]int64{9: 4, 30: 4, 31: 30}
			s := service(t, zone, events, moved)
			for _, span := range [][2]string{{"2022-01", "2024-12"}, {"2022-06", "2022-06"}, {"2021-12", "2022-01"}, {"2019-01", "2020-01"}, {"2025-01", "2026-01"}, {"2021-01", "2025-12"}, {"1969-12", "1970-02"}} {
				for _, name := range []string{"", event.OrderCompleted, event.PeopleMerged, "nothing of the kind"} {
					from, err := time.Parse("2006-01", span[0])
					require.NoError(t, err)
					to, err := time.Parse("2006-01", span[1])
					require.NoError(t, err)
					got, err := s.Triangle(t.Context(), retention.Input{Event: name, From: span[0], To: span[1]})
					require.NoError(t, err)
					require.Equal(t, naive(events, moved, zone, name, from, to), got.Cohorts, "%v %q", span, name)
				}
			}
		})
	}
}

// The cases in testdata, which an operator can read and add to.
func TestScripts(t *testing.T) {
	t.Parallel()
	pooltest.Scripts(t, func(t *testing.T, c pooltest.Case) {
		s := service(t, c.Zone, c.Events, c.Moved)
		for _, a := range c.Asks {
			require.Len(t, a.At, 3, "line %d: at 2026-01 .. 2026-03", a.Line)
			name := strings.Join(a.What, " ")
			if name == "anything" {
				name = ""
			}
			got, err := s.Triangle(t.Context(), retention.Input{Event: name, From: a.At[0], To: a.At[2]})
			require.NoError(t, err)
			var lines []string
			for _, c := range got.Cohorts {
				require.Equal(t, c.Size, c.Counts[0])
				lines = append(lines, c.Cohort+" of "+strings.Trim(fmt.Sprint(c.Counts), "[]"))
			}
			require.Equal(t, a.Want, lines, "line %d", a.Line)
		}
	})
}

// Months that cannot be used are refused with what is wrong, once.
func TestMonths(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	s := service(t, zone, nil, nil)
	for _, c := range []struct {
		name, from, to string
		first, last    string
		fields         []string
	}{
		{name: "nothing", first: "2025-05", last: "2026-04"},
		{name: "only the last", to: "2011-12", first: "2011-01", last: "2011-12"},
		{name: "only the first", from: "2026-04", first: "2026-04", last: "2026-04"},
		{name: "sixty", from: "2021-05", to: "2026-04", first: "2021-05", last: "2026-04"},
		{name: "sixty-one", from: "2021-04", to: "2026-04", fields: []string{"query.from"}},
		{name: "backwards", from: "2026-05", fields: []string{"query.from"}},
		{name: "days", from: "2026-01-01", to: "2026-02-01", fields: []string{"query.to", "query.from"}},
		{name: "a thirteenth month", to: "2026-13", fields: []string{"query.to"}},
		{name: "all time", from: "0000-01", to: "9999-12", fields: []string{"query.from"}},
		{name: "the last there is", from: "9999-01", to: "9999-12", first: "9999-01", last: "9999-12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.Triangle(t.Context(), retention.Input{From: c.from, To: c.to})
			if c.fields == nil {
				require.NoError(t, err)
				require.Equal(t, c.first, got.Cohorts[0].Cohort)
				require.Equal(t, c.last, got.Cohorts[len(got.Cohorts)-1].Cohort)
				return
			}
			var f *fault.Error
			require.ErrorAs(t, err, &f)
			var fields []string
			for _, v := range f.Violations {
				fields = append(fields, v.Field)
			}
			require.Equal(t, c.fields, slices.Clip(fields))
		})
	}
}

// The operation has the defaults that its description promises.
func TestAPI(t *testing.T) {
	t.Parallel()
	srv := apitest.Start(t, service(t, time.UTC, []pooltest.Event{{At: today, Person: 1, Type: event.Page, Name: event.PageViewed}}, nil).Routes)
	srv.NobodyEnters(t)
	srv.Run(t, []apitest.Case{
		{Name: "defaults", Call: apitest.Call{As: "analyst", Path: "/retention"}, Status: 200, Has: []string{`"event":"Order Completed"`, `"cohort":"2025-04"`, `"cohort":"2026-03","size":0`}},
		{Name: "any activity", Call: apitest.Call{As: "analyst", Path: "/retention?event=*"}, Status: 200, Has: []string{`"cohort":"2026-03","size":1,"counts":[1]`}},
		{Name: "no month", Call: apitest.Call{As: "owner", Path: "/retention?from=March"}, Status: 422, Has: []string{"retention.invalid", "query.from"}},
		{Name: "a long name", Call: apitest.Call{As: "owner", Path: "/retention?event=" + strings.Repeat("x", 201)}, Status: 422},
	})
}
