package insight_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
)

// gate lets in whoever says who he is: "Bearer name/role".
type gate struct{}

func (gate) Enter(r *http.Request) (context.Context, error) {
	name, role, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "/")
	if !ok {
		return r.Context(), nil
	}
	return actor.With(r.Context(), actor.Actor{ID: 1, Kind: actor.User, Email: name + "@example.com", Role: actor.Role(role)}), nil
}

// site is a desk behind its API. While hold is set, a tally waits in it until its context ends or hold is closed.
type site struct {
	t      testing.TB
	pool   *insighttest.Pool
	server *httptest.Server
	hold   chan struct{}
	held   chan struct{} // told when a tally begins to wait
}

func open(t testing.TB, hold bool) *site {
	t.Helper()
	s := &site{t: t, pool: insighttest.Open(t, insighttest.Options{Block: 4}), held: make(chan struct{}, 100)}
	if hold {
		s.hold = make(chan struct{})
	}
	insight.Register(s.pool.Desk, tally(s.pool.Desk, func(ctx context.Context, r *insight.Run) error {
		if s.hold == nil {
			return nil
		}
		r.Stage("holding", 10)
		r.Done(4)
		s.held <- struct{}{}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.hold:
			return nil
		}
	}))
	for node := int64(1); node <= 20; node++ {
		s.pool.Add(insighttest.Event{Node: node, At: "2026-03-01 10:00", Name: "View", Properties: map[string]any{"page": "=1+1"}})
	}
	s.pool.Add(insighttest.Event{Node: 3, At: "2026-03-02 10:00", Name: "Buy", Amount: 1234, HasAmount: true})
	api := httpapi.New(httpapi.Options{Version: "test", Gate: gate{}, Clock: s.pool.Clock, Logger: slog.New(slog.DiscardHandler)})
	s.pool.Desk.Routes(api)
	s.server = httptest.NewServer(api)
	t.Cleanup(s.server.Close)
	return s
}

// call sends a request and gives status and body.
func (s *site) call(ctx context.Context, as, method, path, body string, header ...string) (int, string, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.server.URL+httpapi.Base+path, strings.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	req.Header.Set("Authorization", "Bearer "+as)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.server.Client().Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer res.Body.Close() //nolint:errcheck // a test
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), res.Header, err
}

func (s *site) do(as, method, path, body string, header ...string) (int, string) {
	s.t.Helper()
	status, text, _, err := s.call(s.t.Context(), as, method, path, body, header...)
	require.NoError(s.t, err)
	return status, text
}

const views = `{"steps":[{"event":"View"}]}`

// Who may do what, and what is refused with which words: request, status, text that must be in the answer.
func TestAPI(t *testing.T) {
	t.Parallel()
	s := open(t, false)
	for name, tt := range map[string]struct {
		as, path, body string
		status         int
		has            string
	}{
		"an analyst asks":                {"an/analyst", "/insight/tally", views, 200, `"people":20`},
		"nobody asks nothing":            {"", "/insight/tally", views, 401, "auth.signed_out"},
		"by name":                        {"an/analyst", "/insight/query", `{"kind":"tally","steps":[{"event":"Buy"}]}`, 200, `"amount":1234`},
		"by name, of another kind":       {"an/analyst", "/insight/query", `{"kind":"moon"}`, 422, "there are tally"},
		"the kind may be said twice":     {"an/analyst", "/insight/tally", `{"kind":"tally","steps":[{}]}`, 200, `"kind":"tally"`},
		"but not another":                {"an/analyst", "/insight/tally", `{"kind":"funnel","steps":[{}]}`, 422, "insight.kind_unknown"},
		"a field that is none":           {"an/analyst", "/insight/tally", `{"steps":[{"evnt":"View"}]}`, 422, "body.steps[0]"},
		"a field that is none, by name":  {"an/analyst", "/insight/query", `{"kind":"tally","steps":[{"evnt":"View"}]}`, 422, "steps[0]"},
		"a name that is nearly right":    {"an/analyst", "/insight/tally", `{"steps":[{"event":"Veiw"}]}`, 422, `did you mean \"View\"?`},
		"an analyst sees people":         {"an/analyst", "/insight/tally/people", `{"query":{"steps":[{"event":"Buy"}]},"of":{"step":1}}`, 200, `"total":1`},
		"a step that is not there":       {"an/analyst", "/insight/tally/people", `{"query":` + views + `,"of":{"step":2}}`, 422, "there are 1 steps"},
		"a cursor that is not ours":      {"an/analyst", "/insight/tally/people", `{"query":` + views + `,"of":{"step":1},"cursor":"x!"}`, 400, "request.cursor"},
		"an analyst makes no segment":    {"an/analyst", "/insight/tally/segment", `{"query":` + views + `,"of":{"step":1},"title":"T"}`, 403, "auth.forbidden"},
		"an operator does":               {"op/operator", "/insight/tally/segment", `{"query":` + views + `,"of":{"step":1},"title":"T","key":"t"}`, 201, `"people":20`},
		"a segment of nobody is refused": {"op/operator", "/insight/tally/segment", `{"query":{"to":"2026-02-01","steps":[{"event":"View"}]},"of":{"step":1},"title":"T"}`, 409, "insight.nobody"},
		"a run's name":                   {"an/analyst", "/insight/tally", `{"last":3,"steps":[{}]}`, 422, "insight.run_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var header []string
			if name == "a run's name" {
				header = []string{"X-Run", "a b"}
			}
			status, text := s.do(tt.as, http.MethodPost, tt.path, tt.body, header...)
			require.Equal(t, tt.status, status, text)
			require.Contains(t, text, tt.has)
		})
	}
	t.Cleanup(func() { require.Equal(t, uint64(20), s.pool.Kept("t").GetCardinality()) })
}

// The people behind a number come in pages that do not change while somebody turns them, whatever happens meanwhile.
func TestPeopleByPages(t *testing.T) {
	t.Parallel()
	s := open(t, false)
	var seen []int64
	cursor := ""
	for {
		body, err := json.Marshal(map[string]any{"query": json.RawMessage(views), "of": map[string]any{"step": 1}, "limit": 7, "cursor": cursor})
		require.NoError(t, err)
		status, text := s.do("an/analyst", http.MethodPost, "/insight/tally/people", string(body))
		require.Equal(t, 200, status, text)
		var page struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
			Next  string `json:"next"`
			Total int    `json:"total"`
		}
		require.NoError(t, json.Unmarshal([]byte(text), &page))
		require.Equal(t, 20, page.Total)
		for _, row := range page.Items {
			seen = append(seen, row.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
		s.pool.Add(insighttest.Event{Node: int64(100 + len(seen)), At: "2026-03-03 10:00", Name: "View"})
	}
	require.Len(t, seen, 20)
	require.IsIncreasing(t, seen)
}

// CSV has the reader's language, UTF-8 with its mark, and no cell that a spreadsheet would run.
func TestCSV(t *testing.T) {
	t.Parallel()
	s := open(t, false)
	body := `{"steps":[{"event":"View"}],"breakdown":{"by":"property","name":"page"}}`
	status, text, header, err := s.call(t.Context(), "an/analyst", http.MethodPost, "/insight/tally/csv", body, "Accept-Language", "zh-CN,zh;q=0.9")
	require.NoError(t, err)
	require.Equal(t, 200, status, text)
	require.Equal(t, "\ufeff分组,步骤,人数,次数,金额\n'=1+1,1,20,20,0.00\n", text)
	require.Equal(t, `attachment; filename="tally-2026-02-09-2026-03-10.csv"`, header.Get("Content-Disposition"))
	_, text = s.do("an/analyst", http.MethodPost, "/insight/tally/csv", body)
	require.Contains(t, text, "group,step,people")
}

// An answer is kept until something happens or the day changes, and no longer.
func TestKept(t *testing.T) {
	t.Parallel()
	s := open(t, false)
	kept := func() bool {
		r, err := s.pool.Desk.Ask(t.Context(), json.RawMessage(`{"kind":"tally","steps":[{"event":"View"}]}`))
		require.NoError(t, err)
		return r.Kept
	}
	require.False(t, kept())
	require.True(t, kept())
	s.pool.Add(insighttest.Event{Node: 50, At: "2026-03-01 10:00", Name: "View"})
	require.False(t, kept(), "somebody did something")
	require.True(t, kept())
	s.pool.Know(50, insighttest.Person{Tags: []string{"vip"}})
	require.False(t, kept(), "somebody stands elsewhere")
	require.True(t, kept())
	s.pool.Clock.Add(12 * time.Hour)
	require.False(t, kept(), "it is another day")
}

// A run can be watched by whoever began it and by an owner, and cancelled; a closed page cancels it too.
func TestRuns(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	type answer struct {
		status int
		text   string
	}
	answers := make(chan answer, 1)
	go func() {
		status, text, _, err := s.call(t.Context(), "an/analyst", http.MethodPost, "/insight/tally", views, "X-Run", "mine")
		answers <- answer{status, text + errText(err)}
	}()
	<-s.held
	s.pool.Clock.Add(2 * time.Second)
	for as, sees := range map[string]bool{"an/analyst": true, "bo/operator": false, "cy/owner": true} {
		_, all := s.do(as, http.MethodGet, "/insight/runs", "")
		status, one := s.do(as, http.MethodGet, "/insight/runs/mine", "")
		if !sees {
			require.NotContains(t, all, "mine")
			require.Equal(t, 404, status, one)
			status, _ = s.do(as, http.MethodDelete, "/insight/runs/mine", "")
			require.Equal(t, 404, status)
			continue
		}
		var v insight.RunView
		require.NoError(t, json.NewDecoder(bytes.NewReader([]byte(one))).Decode(&v))
		require.Equal(t, [3]string{"tally", "an@example.com", "holding"}, [3]string{v.Kind, v.Author, v.Stage})
		require.Equal(t, [2]int64{4, 10}, [2]int64{v.Done, v.Total})
		require.InDelta(t, 3, *v.SecondsLeft, 1e-9, "2 s for 4, so 3 s for 6")
		require.Contains(t, all, `"mine"`)
	}
	status, text := s.do("an/analyst", http.MethodPost, "/insight/tally", views, "X-Run", "mine")
	require.Equal(t, 409, status, text)
	require.Contains(t, text, "insight.run_id")
	status, _ = s.do("an/analyst", http.MethodDelete, "/insight/runs/mine", "")
	require.Equal(t, 204, status)
	got := <-answers
	require.Equal(t, 409, got.status)
	require.Contains(t, got.text, "insight.cancelled")

	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, _, _, err := s.call(ctx, "an/analyst", http.MethodPost, "/insight/tally", views, "X-Run", "closed")
		gone <- err
	}()
	<-s.held
	leave()
	require.ErrorIs(t, <-gone, context.Canceled)
	require.Eventually(t, func() bool {
		status, _ := s.do("an/analyst", http.MethodGet, "/insight/runs/closed", "")
		return status == 404
	}, 10*time.Second, time.Millisecond, "the run of a closed page ends")
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// So many questions at once are answered, more wait, and many more are refused: memory is bounded.
func TestBusy(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 64)
	for range 64 {
		go func() {
			_, err := s.pool.Desk.Ask(ctx, json.RawMessage(`{"kind":"tally","steps":[{}]}`))
			ended <- err
		}()
	}
	for range 8 {
		<-s.held
	}
	require.Eventually(t, func() bool {
		_, text := s.do("cy/owner", http.MethodGet, "/insight/runs", "")
		return strings.Count(text, `"kind"`) == 64
	}, 10*time.Second, time.Millisecond)
	status, text := s.do("an/analyst", http.MethodPost, "/insight/tally", views)
	require.Equal(t, 429, status)
	require.Contains(t, text, "insight.busy")
	_, text = s.do("cy/owner", http.MethodGet, "/insight/runs", "")
	require.Equal(t, 56, strings.Count(text, `"waiting"`))
	stop()
	for range 64 {
		require.ErrorIs(t, <-ended, context.Canceled)
	}
}

// A query is checked without being answered.
func TestCheck(t *testing.T) {
	t.Parallel()
	p := insighttest.Open(t, insighttest.Options{})
	insight.Register(p.Desk, tally(p.Desk, nil))
	insight.Register(p.Desk, insight.Kind[tallyQuery, tallyAnswer, tallyOf]{
		Name: "broken", Summary: "Fails", Common: func(q *tallyQuery) *insight.Common { return &q.Common },
		Run: func(context.Context, *insight.Run, tallyQuery) (tallyAnswer, error) { panic("a mistake") },
	})
	p.Add(insighttest.Event{Node: 1, At: "2026-03-01 10:00", Name: "View"})
	for query, problem := range map[string]string{
		`{"kind":"tally","steps":[{"event":"View"}]}`:                              "",
		`{"kind":"tally","steps":[{"event":"Viw"}]}`:                               "event",
		`{"kind":"tally","steps":[{"event":"View"}],"people":"person.x"}`:          "trait",
		`{"kind":"tally","steps":[{"event":"View"}],"from":"2027-01-01"}`:          "still to come",
		`{"kind":"tally","steps":[{"event":"View"}],"breakdown":{"by":"segment"}}`: "side by side",
		`{"kind":"tally"} {}`: "is no JSON",
	} {
		err := p.Desk.Check(t.Context(), json.RawMessage(query))
		if problem == "" {
			require.NoError(t, err, query)
		} else {
			require.ErrorContains(t, err, problem, query)
		}
	}
	_, err := p.Desk.Ask(t.Context(), json.RawMessage(`{"kind":"broken","steps":[{}]}`))
	require.ErrorContains(t, err, "a mistake", "a mistake in one question is an error, and the process lives on")
}

// More values than anybody could compare is a clear refusal.
func TestTooManyGroups(t *testing.T) {
	t.Parallel()
	p := insighttest.Open(t, insighttest.Options{Workers: 1})
	insight.Register(p.Desk, tally(p.Desk, nil))
	events := make([]insighttest.Event, 10_001)
	for i := range events {
		events[i] = insighttest.Event{Node: int64(i%7 + 1), At: "2026-03-01 10:00", Name: "View", Properties: map[string]any{"id": i}}
	}
	ask := func() error {
		_, err := p.Desk.Ask(t.Context(), json.RawMessage(`{"kind":"tally","steps":[{"event":"View"}],"breakdown":{"by":"property","name":"id"}}`))
		return err
	}
	p.Add(events[:10_000]...)
	require.NoError(t, ask())
	p.Add(events[10_000])
	err := ask()
	require.ErrorContains(t, err, "10000 different values")
	require.False(t, errors.Is(err, context.Canceled))
}
