package apply_test

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// A small world, so that streams run into each other all the time: late events, equal times, repeats, shared keys, commands.

func drawWho(t *rapid.T, n int) []string {
	all := []string{"u1", "u2", "u3", "u4", "p1", "p2", "e1", "e2", "a1", "a2", "a3", "d1", "w1", "w2", "x1", "x2"}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, n, rapid.ID).Draw(t, "who")
}

func drawEvent(t *rapid.T, n int) event.Event {
	e := track(fmt.Sprintf("m%02d", n), rapid.Int64Range(1, 9).Draw(t, "time")*1000)
	switch rapid.SampledFrom([]string{"see", "see", "visit", "visit", "identify", "identify", "identify", "buy", "cancel", "alias", "import", "merge", "force", "unmerge", "unmerge", "quarantine", "release"}).Draw(t, "what") {
	case "see":
	case "visit":
		e.Type, e.Name = event.Page, event.PageViewed
		e.Context = []byte(rapid.SampledFrom([]string{
			``, `{}`, `{"campaign":{"source":"baidu","medium":"cpc"}}`, `{"channel":{"key":"store-1","class":"offline"}}`,
			`{"page":{"referrer":"https://www.zhihu.com/q","url":"https://shop.example/a"}}`, `{"clickIds":{"gclid":"1"}}`,
		}).Draw(t, "context"))
	case "identify":
		e.Type, e.Name = event.Identify, event.Identified
		e.Traits = []byte(rapid.SampledFrom([]string{
			`{"city":"杭州"}`, `{"city":"上海"}`, `{"city":null}`, `{"city":""}`, `{"tags":[]}`, `{"tags":["b"]}`, `{"tags":[ "a" ]}`, `{"tags":{}}`,
			`{"name":"李\u0041"}`, `{"name":"李A"}`, `{"level":1.0}`, `{"level":1}`, `{"$set_once":{"origin":"x","city":"北京"}}`, `{"$set_once":{"origin":null}}`,
			`{"$set_once":{"origin":""}}`,
		}).Draw(t, "traits"))
	case "buy":
		e.Name = event.OrderCompleted
		e.Properties = fmt.Appendf(nil, `{"revenue":%d.5}`, rapid.IntRange(0, 3).Draw(t, "revenue"))
	case "cancel":
		e.Name = event.OrderCancelled
	case "alias":
		e.Type, e.Name = event.Alias, event.Aliased
	case "import":
		e.Import, e.Rows = 1, rapid.Int64Range(0, 3).Draw(t, "rows")
	case "merge":
		return merge(e.ID, drawWho(t, 3)...)
	case "force":
		return forced(e.ID, drawWho(t, 3)...)
	case "unmerge":
		return unmerge(e.ID, drawWho(t, 2)...)
	case "quarantine":
		return quarantine(e.ID, drawWho(t, 1)...)
	case "release":
		return release(e.ID, drawWho(t, 1)...)
	}
	e.Identities = ids(drawWho(t, 4)...)
	return e
}

// drawStream is a list of events in which some message ids come again, with the same content or another.
func drawStream(t *rapid.T, most int) []event.Event {
	n := rapid.IntRange(1, most).Draw(t, "events")
	var out []event.Event
	for i := range n {
		e := drawEvent(t, i)
		if i > 0 && rapid.IntRange(0, 6).Draw(t, "again") == 0 {
			e.ID = out[rapid.IntRange(0, i-1).Draw(t, "which")].ID
		}
		out = append(out, e)
	}
	return out
}
