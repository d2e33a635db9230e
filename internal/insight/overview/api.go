package overview

import (
	"context"
	"net/http"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/overview", ID: "get-overview", Summary: "The pool at a glance, against the period before", Tag: "insight", Permission: actor.Read},
		func(ctx context.Context, in *struct {
			From  string `query:"from"  doc:"First day; 30 days before the last if empty"`
			To    string `query:"to"    doc:"Last day, included; today if empty"`
			Grain string `query:"grain" enum:"day,week,month" default:"day"`
		},
		) (*struct{ Body Overview }, error) {
			r, err := calendar.ParseRange(in.From, in.To, s.clock.Now(), s.settings.Location())
			if err != nil {
				return nil, err
			}
			o, err := s.Get(ctx, r, calendar.Grain(in.Grain))
			return &struct{ Body Overview }{o}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/totals", ID: "get-totals", Summary: "Sums over everything, or over a span of days", Tag: "insight", Permission: actor.Read},
		func(ctx context.Context, in *struct {
			From string `query:"from" doc:"First day; empty for all"`
			To   string `query:"to"   doc:"Last day, included; empty for all"`
		},
		) (*struct{ Body Totals }, error) {
			t, err := s.TotalsOf(ctx, in.From, in.To)
			return &struct{ Body Totals }{t}, err
		})
}

// TotalsOf are the totals of a span of days; an empty day is no bound.
func (s *Service) TotalsOf(ctx context.Context, from, to string) (Totals, error) {
	start, before, err := calendar.ParseBounds(from, to, s.settings.Location())
	if err != nil {
		return Totals{}, err
	}
	return s.Totals(ctx, start, before)
}
