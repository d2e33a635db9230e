package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
)

const tag = "intake"

// Schema is an event name with what was seen of it.
type Schema struct {
	Name       string    `json:"name"`
	Type       string    `json:"type"`
	Events     int64     `json:"events"`
	People     int64     `json:"people"`
	FirstAt    time.Time `json:"first_at"`
	LastAt     time.Time `json:"last_at"`
	Properties []string  `json:"properties" nullable:"false"`
}

// Routes registers the room's operations.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/intake/stats", ID: "get-intake-stats", Summary: "Rates, lag and sources of the intake", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Stats }, error) {
			st, err := s.Stats(ctx)
			return &struct{ Body Stats }{st}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/intake/live", ID: "list-live-events", Summary: "The newest events, newest first", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, in *struct {
			Limit int `query:"limit" default:"100" minimum:"1" maximum:"500"`
		}) (*struct {
			Body httpapi.Items[person.EventView]
		}, error,
		) {
			views, _ := s.recent(ctx, 0, in.Limit)
			slices.Reverse(views)
			return &struct {
				Body httpapi.Items[person.EventView]
			}{httpapi.List(views)}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/intake/stream", ID: "stream-events", Summary: "Events as they are applied, and the figures, as server-sent events", Tag: tag, Permission: actor.Read, Produces: "text/event-stream"},
		func(_ context.Context, _ *struct{}) (*huma.StreamResponse, error) {
			return &huma.StreamResponse{Body: s.stream}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/intake/schema", ID: "list-event-schema", Summary: "Which events and properties the pool has seen", Tag: tag, Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*struct{ Body httpapi.Items[Schema] }, error) {
			items, err := s.Schema(ctx)
			return &struct{ Body httpapi.Items[Schema] }{httpapi.List(items)}, err
		})
}

func (s *Service) recent(ctx context.Context, after uint64, n int) ([]person.EventView, uint64) {
	rows, seq := s.o.Pipeline.Recent(after, n)
	views := make([]person.EventView, len(rows))
	for i := range rows {
		views[i] = person.ViewOf(ctx, &rows[i])
	}
	return views, seq
}

const (
	streamEvery = 500 * time.Millisecond
	statsEvery  = 4   // ticks
	streamMost  = 50  // events a tick; when more arrive, the newest are shown
	streamTicks = 600 // five minutes; the browser connects again by itself, if it still may
)

// stream sends what is new twice a second until the client leaves.
func (s *Service) stream(hc huma.Context) {
	hc.SetHeader("Content-Type", "text/event-stream")
	hc.SetHeader("Cache-Control", "no-store")
	hc.SetHeader("X-Accel-Buffering", "no")
	w := hc.BodyWriter()
	ctx := hc.Context()
	_, seq := s.recent(ctx, 0, 0)
	tick := time.NewTicker(streamEvery)
	defer tick.Stop()
	for i := range streamTicks {
		var views []person.EventView
		views, seq = s.recent(ctx, seq, streamMost)
		err := send(w, "event", views...)
		if err == nil && i%statsEvery == 0 {
			var st Stats
			if st, err = s.Stats(ctx); err == nil {
				err = send(w, "stats", st)
			}
		}
		if err != nil {
			return // the client has gone, or the server is stopping
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func send[T any](w io.Writer, kind string, items ...T) error {
	for _, item := range items {
		b, err := json.Marshal(item)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", kind, b); err != nil {
			return err
		}
	}
	if f, ok := w.(http.Flusher); ok && len(items) > 0 {
		f.Flush()
	}
	return nil
}

// propertySample is how many of an event's newest occurrences tell which properties it has.
const propertySample = 50

// Schema lists the events seen, the most frequent first, at most 500. The acts of operators are none.
func (s *Service) Schema(ctx context.Context) (_ []Schema, err error) {
	// In a large pool neither all properties nor all people of a name fit into memory: max_by keeps only the newest few, and people are
	// grouped before they are counted, which the warehouse can do on disk.
	rows, err := s.o.Events.Query(ctx, `
		WITH name AS (SELECT name, max(type) AS type, min(time) AS first, max(time) AS last, max_by(properties, time, `+strconv.Itoa(propertySample)+`) AS sample
			FROM event_row WHERE type < 7 GROUP BY name),
		used AS (SELECT name, CAST(sum(n) AS BIGINT) AS events, count(*) AS people
			FROM (SELECT name, person, count(*) AS n FROM events WHERE type < 7 GROUP BY name, person) GROUP BY name)
		SELECT name, type, events, people, first, last, CAST(to_json(COALESCE(sample, [])) AS VARCHAR)
		FROM name JOIN used USING (name) ORDER BY events DESC, name LIMIT 500`)
	if err != nil {
		return nil, fmt.Errorf("read the event schema: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var out []Schema
	for rows.Next() {
		var e Schema
		var typ uint8
		var sample string
		if err := rows.Scan(&e.Name, &typ, &e.Events, &e.People, &e.FirstAt, &e.LastAt, &sample); err != nil {
			return nil, err
		}
		e.Type, e.Properties = event.Type(typ).String(), propertiesOf(sample)
		out = append(out, e)
	}
	return out, rows.Err()
}

// propertiesOf are the names in a JSON list of JSON texts.
func propertiesOf(sample string) []string {
	var texts []*string
	if json.Unmarshal([]byte(sample), &texts) != nil {
		return []string{}
	}
	seen := map[string]bool{}
	for _, t := range texts {
		var p map[string]json.RawMessage
		if t == nil || json.Unmarshal([]byte(*t), &p) != nil {
			continue
		}
		for k := range p {
			seen[k] = true
		}
	}
	out := make([]string, 0, len(seen))
	for k := range seen {
		out = append(out, k)
	}
	slices.Sort(out)
	return out[:min(len(out), 100)]
}
