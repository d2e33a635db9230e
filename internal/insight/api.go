package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

const tag = "insight"

// RunHeader lets a client follow and cancel its question. Embed it in an input.
type RunHeader struct {
	Run string `header:"X-Run" doc:"A name of the client's choice under which this question can be followed and cancelled: see runs" maxLength:"64"`
}

type (
	askInput[Q any] struct {
		RunHeader
		Body Q
	}
	peopleBody[Q, Of any] struct {
		Query  Q      `json:"query"`
		Of     Of     `json:"of" doc:"Which number"`
		Cursor string `json:"cursor,omitempty" doc:"The next of the page before; empty for the first page"`
		Limit  int    `json:"limit,omitempty" doc:"How many at most; 50 if empty" minimum:"0" maximum:"500"`
	}
	peopleInput[Q, Of any] struct {
		RunHeader
		Body peopleBody[Q, Of]
	}
	segmentBody[Q, Of any] struct {
		Query Q  `json:"query"`
		Of    Of `json:"of" doc:"Which number"`
		SegmentInput
	}
	segmentInput[Q, Of any] struct {
		RunHeader
		once.Header
		Body segmentBody[Q, Of]
	}
	csvInput[Q any] struct {
		RunHeader
		Language string `header:"Accept-Language" doc:"Of the titles: Chinese if it begins with zh, else English" maxLength:"200"`
		Body     Q
	}
	out[T any] struct{ Body T }
)

// PeoplePage is a page of the people behind a number.
type PeoplePage struct {
	httpapi.Page[person.Row]
	Total int64 `json:"total" doc:"How many there are in all"`
}

// Routes registers the operations of all kinds, and those on runs.
func (d *Desk) Routes(api *httpapi.API) {
	for t, name := range map[reflect.Type]string{
		reflect.TypeFor[Group](): "InsightGroup", reflect.TypeFor[Step](): "InsightStep", reflect.TypeFor[Breakdown](): "InsightBreakdown",
		reflect.TypeFor[RunView](): "InsightRun", reflect.TypeFor[Segment](): "InsightSegment", reflect.TypeFor[PeoplePage](): "InsightPeople",
		reflect.TypeFor[Result[json.RawMessage]](): "InsightResult",
	} {
		api.Name(t, name)
	}
	for _, k := range d.kinds {
		k.routes(api)
	}
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/insight/query", ID: "ask", Summary: "Answer a question by its kind", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			RunHeader
			Body map[string]any `doc:"A query of any kind with its kind: {\"kind\":\"funnel\", …}"`
		},
		) (*out[Result[json.RawMessage]], error) {
			raw, err := json.Marshal(in.Body)
			if err != nil {
				return nil, err
			}
			r, err := d.askAs(ctx, raw, in.Run)
			return &out[Result[json.RawMessage]]{r}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/runs", ID: "list-runs", Summary: "Questions being answered: one's own, an owner's everybody's", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*out[httpapi.Items[RunView]], error) {
			return &out[httpapi.Items[RunView]]{httpapi.List(d.runs.list(ctx))}, nil
		})
	type one struct {
		ID string `path:"id" maxLength:"64"`
	}
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/insight/runs/{id}", ID: "get-run", Summary: "How far a question is", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *one) (*out[RunView], error) {
			r, err := d.runs.find(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &out[RunView]{r.view()}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodDelete, Path: "/insight/runs/{id}", ID: "cancel-run", Summary: "Cancel a question", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *one) (*struct{}, error) {
			r, err := d.runs.find(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			r.cancel(errCancelled)
			return nil, nil
		})
}

// routes registers a kind's operations.
func (a *asker[Q, A, Of]) routes(api *httpapi.API) {
	name, path := a.k.Name, "/insight/"+a.k.Name
	a.schemas(api)
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: path, ID: "ask-" + name, Summary: a.k.Summary, Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *askInput[Q]) (*out[Result[A]], error) {
			r, err := a.answer(ctx, in.Body, in.Run)
			return &out[Result[A]]{r}, err
		})
	if a.k.People != nil {
		httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: path + "/people", ID: "list-" + name + "-people", Summary: "The people behind a number of the " + name, Tag: tag, Permission: actor.Read}, a.people)
		httpapi.Register(api, httpapi.Op{
			Method: http.MethodPost, Path: path + "/segment", ID: "keep-" + name + "-people", Summary: "Keep the people behind a number of the " + name + " as a static segment", Tag: tag,
			Permission: actor.Operate, Status: http.StatusCreated,
		}, a.segment)
	}
	if a.k.Table != nil {
		httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: path + "/csv", ID: "export-" + name, Summary: "The " + name + " as CSV", Tag: tag, Permission: actor.Read, Produces: "text/csv"}, a.csv)
	}
}

// cursor is where a page of people ends, in which of the sets that are kept.
type cursor struct {
	Set   string `json:"s"`
	After int64  `json:"a"`
}

func (a *asker[Q, A, Of]) people(ctx context.Context, in *peopleInput[Q, Of]) (*out[PeoplePage], error) {
	at := cursor{}
	if _, err := httpapi.DecodeCursor(in.Body.Cursor, &at); err != nil {
		return nil, err
	}
	people, ok := a.d.kept.behind(at.Set)
	if at.Set == "" || !ok {
		var err error
		if people, err = a.behind(ctx, in.Body.Query, in.Body.Of, in.Run); err != nil {
			return nil, err
		}
		at.Set = id.Token(10)
		a.d.kept.keepBehind(at.Set, people)
	}
	page := httpapi.Paging{Limit: in.Body.Limit}
	if page.Limit == 0 {
		page.Limit = 50
	}
	if at.After > 0 {
		page.Cursor = httpapi.EncodeCursor(at.After)
	}
	ids, next, err := rulebook.PageOf(people, page)
	if err != nil {
		return nil, err
	}
	rows, err := a.d.Rows(ctx, ids)
	if err != nil {
		return nil, err
	}
	if rows == nil {
		rows = []person.Row{}
	}
	body := PeoplePage{Total: int64(people.GetCardinality())}
	body.Items = rows
	if next != "" {
		body.Next = httpapi.EncodeCursor(cursor{at.Set, ids[len(ids)-1]})
	}
	return &out[PeoplePage]{body}, nil
}

func (a *asker[Q, A, Of]) segment(ctx context.Context, in *segmentInput[Q, Of]) (*out[Segment], error) {
	s, err := a.d.o.Segments.Keep(ctx, in.Body.SegmentInput, in.Body, in.IdempotencyKey, func() (*roaring64.Bitmap, error) {
		people, err := a.behind(ctx, in.Body.Query, in.Body.Of, in.Run)
		if err == nil && people.IsEmpty() {
			return nil, fault.New(fault.Conflict, "insight.nobody", "there is nobody behind this number, so there is nothing to keep")
		}
		return people, err
	})
	return &out[Segment]{s}, err
}

func (a *asker[Q, A, Of]) csv(ctx context.Context, in *csvInput[Q]) (*huma.StreamResponse, error) {
	got, err := a.answer(ctx, in.Body, in.Run)
	if err != nil {
		return nil, err
	}
	q := in.Body
	if _, _, err := a.settle(ctx, &q); err != nil {
		return nil, err
	}
	say := English
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(in.Language)), "zh") {
		say = Chinese
	}
	t := a.k.Table(q, got.Answer, say)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s-%s.csv"`, a.k.Name, got.From, got.To))
		_ = WriteCSV(hc.BodyWriter(), t, a.d.Zone()) // a broken connection
	}}, nil
}

// schemas names the kind's types in the API's description after the kind, for every kind has a Query and an Answer.
func (a *asker[Q, A, Of]) schemas(api *httpapi.API) {
	var words strings.Builder
	for part := range strings.FieldsFuncSeq(a.k.Name, func(r rune) bool { return r == '-' || r == '_' }) {
		words.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	prefix := words.String()
	api.Name(reflect.TypeFor[Result[A]](), prefix+"Result")
	api.Name(reflect.TypeFor[peopleBody[Q, Of]](), prefix+"PeopleQuery")
	api.Name(reflect.TypeFor[segmentBody[Q, Of]](), prefix+"SegmentInput")
	own := ownTypes(reflect.TypeFor[Q](), reflect.TypeFor[A](), reflect.TypeFor[Of]())
	for _, t := range own {
		name := t.Name()
		if !strings.HasPrefix(name, prefix) {
			name = prefix + name
		}
		api.Name(t, name)
	}
}

// ownTypes are the named structs of a kind's own package that its types are made of.
func ownTypes(roots ...reflect.Type) (own []reflect.Type) {
	known := map[reflect.Type]bool{}
	var visit func(t reflect.Type, home string)
	visit = func(t reflect.Type, home string) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			visit(t.Elem(), home)
		case reflect.Struct:
			if known[t] || t.PkgPath() != home && t.Name() != "" {
				return
			}
			known[t] = true
			if t.Name() != "" && !strings.Contains(t.Name(), "[") {
				own = append(own, t)
			}
			for field := range t.Fields() {
				visit(field.Type, home)
			}
		default:
		}
	}
	for _, t := range roots {
		visit(t, t.PkgPath())
	}
	return own
}
