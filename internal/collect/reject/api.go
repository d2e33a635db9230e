package reject

import (
	"context"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

const tag = "intake"

// View is a rejected event as the API shows it.
type View struct {
	ID       int64     `json:"id"`
	At       time.Time `json:"at"`
	Source   string    `json:"source"    doc:"Name of the write key that brought it"`
	SourceID int64     `json:"source_id"`
	Code     string    `json:"code"      example:"event.no_identity"`
	Reason   string    `json:"reason"`
	Hint     string    `json:"hint"`
	Body     string    `json:"body"      doc:"The event as it was sent; empty for those who may not read personal data"`
	Cut      bool      `json:"cut"       doc:"Only the beginning of a very large event was kept"`
	State    string    `json:"state"     enum:"open,replayed,dropped"`
	Replays  int       `json:"replays"`
	Times    int       `json:"times"     doc:"How often exactly this event was sent"`
}

type codeView struct {
	Code string `json:"code"`
	N    int    `json:"n"`
}

type listOut struct {
	Body struct {
		httpapi.Page[View]
		Total  int        `json:"total"`
		ByCode []codeView `json:"by_code" nullable:"false"`
	}
}

type replayOut struct {
	Body struct {
		Accepted int `json:"accepted"`
		Rejected int `json:"rejected"`
	}
}

type fixOut struct {
	Body struct {
		Accepted bool   `json:"accepted"`
		Reason   string `json:"reason"`
	}
}

// Routes registers the operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/intake/rejected", ID: "list-rejected", Summary: "Events that were rejected, newest first", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			State  string `query:"state" enum:"open,replayed,dropped,all" default:"open"`
			Code   string `query:"code"`
			Source int64  `query:"source" doc:"Number of a write key"`
			httpapi.Paging
		},
		) (*listOut, error) {
			q := Query{State: State(in.State), Code: in.Code, Source: in.Source, Limit: in.Limit + 1}
			if in.State == "all" {
				q.State = ""
			}
			if _, err := httpapi.DecodeCursor(in.Cursor, &q.Before); err != nil {
				return nil, err
			}
			return s.page(ctx, q, in.Limit)
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/intake/rejected/replay", ID: "replay-rejected", Summary: "Take rejected events in again", Tag: tag, Permission: actor.Operate, Timeout: -1},
		func(ctx context.Context, in *struct {
			Body struct {
				IDs  []int64 `json:"ids,omitempty"  doc:"Which events; not together with all" nullable:"true"`
				All  bool    `json:"all,omitempty"  doc:"All that are open"`
				Code string  `json:"code,omitempty" doc:"Only those rejected for this reason"`
			}
		},
		) (*replayOut, error) {
			out := &replayOut{}
			var err error
			out.Body.Accepted, out.Body.Rejected, err = s.Replay(ctx, ReplayInput{IDs: in.Body.IDs, All: in.Body.All, Code: in.Body.Code})
			return out, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/intake/rejected/{id}", ID: "fix-rejected", Summary: "Correct a rejected event and take it in", Tag: tag, Permission: actor.Operate},
		func(ctx context.Context, in *struct {
			ID   int64 `path:"id"`
			Body struct {
				Body string `json:"body" doc:"The whole event as JSON text"`
			}
		},
		) (*fixOut, error) {
			reason, err := s.Fix(ctx, FixInput{ID: in.ID, Body: in.Body.Body})
			out := &fixOut{}
			if out.Body.Accepted = reason == nil; reason != nil {
				out.Body.Reason = reason.String()
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/intake/rejected/drop", ID: "drop-rejected", Summary: "Give rejected events up", Tag: tag, Permission: actor.Operate, Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Body struct {
				IDs []int64 `json:"ids"`
			}
		},
		) (*struct{}, error) {
			return nil, s.Drop(ctx, in.Body.IDs)
		})
}

func (s *Service) page(ctx context.Context, q Query, limit int) (*listOut, error) {
	found, err := s.store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	personal := actor.From(ctx).Can(actor.ReadPersonal)
	names := map[int64]string{}
	views := make([]View, 0, len(found.Items))
	for i := range found.Items {
		r := &found.Items[i]
		if _, known := names[r.Source]; !known {
			names[r.Source] = s.o.SourceName(ctx, r.Source)
		}
		v := View{
			ID: r.ID, At: r.At, Source: names[r.Source], SourceID: r.Source, Code: r.Reason.Code, Reason: r.Reason.Text, Hint: r.Reason.Hint,
			Cut: r.Cut, State: string(r.State), Replays: r.Replays, Times: r.Times,
		}
		if personal {
			v.Body = string(r.Body)
		}
		views = append(views, v)
	}
	out := &listOut{}
	out.Body.Page = httpapi.PageOf(views, limit, func(v View) string { return httpapi.EncodeCursor(v.ID) })
	out.Body.Total = found.Total
	out.Body.ByCode = make([]codeView, 0, len(found.ByCode))
	for _, c := range found.ByCode {
		out.Body.ByCode = append(out.Body.ByCode, codeView(c))
	}
	return out, nil
}
