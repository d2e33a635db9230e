package overview_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/insight/overview"
	"github.com/huoshui/huoshui/internal/pool/pooltest"
)

// The cases in testdata, which an operator can read and add to. The oracle is held to them too.
func TestScripts(t *testing.T) {
	t.Parallel()
	pooltest.Scripts(t, func(t *testing.T, c pooltest.Case) {
		set := pooltest.Settings{Zone: c.Zone, Money: "CNY", Active: c.Active}
		o := &oracle{events: c.Events, moved: c.Moved, set: set}
		p := pooltest.New(t)
		p.Add(t, c.Events, c.Moved)
		p.AddPeople(t, o.people()...)
		s := overview.New(p.State, p.Warehouse, set, clock.NewManual(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)))
		for _, a := range c.Asks {
			r, grain := question(t, a, c.Zone)
			got, err := s.Get(t.Context(), r, grain)
			require.NoError(t, err)
			require.True(t, got.Check.Holds)
			addsUp(t, got)
			var lines []string
			switch a.What[0] {
			case "stock":
				lines = stockLines(got.Stock)
				require.Equal(t, a.Want, stockLines(o.stock(r)), "the oracle, line %d", a.Line)
			case "trend":
				for _, p := range got.Series {
					lines = append(lines, fmt.Sprintf("%s new %d active %d orders %d buyers %d revenue %d", p.Date, p.New, p.Active, p.Orders, p.Buyers, p.Revenue))
				}
			case "figures":
				k := got.KPIs
				lines = []string{
					fmt.Sprintf("people %v before %v", k.People.Value, k.People.Previous), fmt.Sprintf("new %v before %v", k.New.Value, k.New.Previous),
					fmt.Sprintf("buyers %v again %.2f", k.Buyers.Value, k.Repurchase.Value), fmt.Sprintf("revenue %v average %v", k.Revenue.Value, k.AverageOrder.Value),
				}
			default:
				t.Fatalf("line %d: nobody knows what %q are", a.Line, a.What[0])
			}
			require.Equal(t, a.Want, lines, "line %d", a.Line)
		}
	})
}

// question reads "2026-03-01 .. 2026-03-10 by day".
func question(t testing.TB, a pooltest.Ask, zone *time.Location) (calendar.Range, calendar.Grain) {
	t.Helper()
	words := strings.Join(a.At, " ")
	var from, to, grain string
	if _, err := fmt.Sscanf(words, "%s .. %s by %s", &from, &to, &grain); err != nil {
		t.Fatalf("line %d: %q is no span of days: %v", a.Line, words, err)
	}
	return days(t, zone, from, to), calendar.Grain(grain)
}

func stockLines(stock []overview.Stock) (lines []string) {
	for _, s := range stock {
		lines = append(lines, fmt.Sprintf("%s people %d active %d silent %d new %d back %d lost %d", s.Date[5:], s.People, s.Active, s.Silent, s.New, s.Returning, s.WentSilent))
	}
	return lines
}
