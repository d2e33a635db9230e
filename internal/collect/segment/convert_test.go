package segment_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// send posts a body from 203.0.113.9 with a browser's user agent and gives what was appended.
func (w *world) send(t *testing.T, path, body string, change ...func(*http.Request)) []event.Event {
	t.Helper()
	mux := http.NewServeMux()
	w.in.Register(mux)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	req.SetBasicAuth(writeKey, "")
	req.RemoteAddr = "203.0.113.9:4711"
	req.Header.Set("User-Agent", "Browser/1.0")
	for _, c := range change {
		c(req)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, req)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body.String())
	return w.log.events(t)
}

func ids(e event.Event) []string {
	var all []string
	for _, i := range e.Identities {
		all = append(all, strings.ReplaceAll(i.Key(), "\x1f", "/"))
	}
	return all
}

// Whom an event is about, for everything that can say so.
func TestIdentities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"user and anonymous", `{"type":"track","event":"A","userId":"u1","anonymousId":"a1"}`, []string{"user_id//u1", "anonymous_id//a1"}},
		{"numeric", `{"type":"track","event":"A","userId":12345}`, []string{"user_id//12345"}},
		{"trimmed", `{"type":"track","event":"A","userId":" u1 "}`, []string{"user_id//u1"}},
		{"escaped", `{"type":"track","event":"A","userId":"\u738b\u4e94"}`, []string{"user_id//王五"}},
		{"escaped member name", `{"type":"track","event":"A","user\u0049d":"u1"}`, []string{"user_id//u1"}},
		{"nobody", `{"type":"track","event":"A","userId":"undefined","anonymousId":"a1"}`, []string{"anonymous_id//a1"}},
		{"null", `{"type":"track","event":"A","userId":null,"anonymousId":"a1"}`, []string{"anonymous_id//a1"}},
		{"device", `{"type":"track","event":"A","userId":"u1","context":{"device":{"type":"ios","id":"D-1"}}}`, []string{"user_id//u1", "device_id//D-1"}},
		{"device of zeros", `{"type":"track","event":"A","userId":"u1","context":{"device":{"id":"00000000-0000-0000-0000-000000000000"}}}`, []string{"user_id//u1"}},
		{
			"external ids", `{"type":"track","event":"A","context":{"externalIds":[
			{"id":"o-1","type":"openid","collection":"wx123","encoding":"none"},{"id":"x-1","type":"unionid","collection":"users","encoding":"none"},
			{"id":"e-1","type":"external_userid","scope":"corp"},{"id":"13800138000","type":"phone"},
			{"id":"acme","type":"user_id","collection":"accounts"},{"id":"?","type":"shoe_size"},{"id":"abc","type":"email","encoding":"sha256"},{"id":{},"type":"openid"},7]}}`,
			[]string{"openid/wx123/o-1", "unionid//x-1", "external_userid/corp/e-1", "phone//+8613800138000"},
		},
		{"traits of identify", `{"type":"identify","userId":"u1","traits":{"phone":"138 0013 8000","email":"Ann@Example.COM","city":"杭州"}}`, []string{"user_id//u1", "phone//+8613800138000", "email//ann@example.com"}},
		{"traits in the context of identify", `{"type":"identify","userId":"u1","context":{"traits":{"email":"ann@example.com"}}}`, []string{"user_id//u1", "email//ann@example.com"}},
		{"mistyped phone", `{"type":"identify","userId":"u1","traits":{"phone":"call me"}}`, []string{"user_id//u1"}},
		{"traits of a track are no identities", `{"type":"track","event":"A","userId":"u1","traits":{"email":"ann@example.com"},"properties":{"email":"ann@example.com"}}`, []string{"user_id//u1"}},
		{"traits of a group are no identities", `{"type":"group","userId":"u1","groupId":"g","traits":{"email":"office@example.com"}}`, []string{"user_id//u1"}},
		{"alias", `{"type":"alias","userId":"u1","previousId":"a1"}`, []string{"user_id//u1", "anonymous_id//a1"}},
		{"alias of the browser library", `{"type":"alias","userId":"u1","previousId":"a1","anonymousId":"a1"}`, []string{"user_id//u1", "anonymous_id//a1"}},
		{"alias of a declared kind", `{"type":"alias","userId":"u1","previousId":"u0","context":{"previousIdKind":"user_id"}}`, []string{"user_id//u1", "user_id//u0"}},
		{"at most 16", `{"type":"track","event":"A","userId":"u1","context":{"externalIds":[` + strings.Repeat(`{"id":"A","type":"openid","collection":"users"},`, 3) +
			func() string {
				var b strings.Builder
				for _, r := range "abcdefghijklmnopqrst" {
					b.WriteString(`{"type":"openid","id":"` + string(r) + `"},`)
				}
				return strings.TrimSuffix(b.String(), ",")
			}() + `]}}`, []string{"user_id//u1", "openid//A", "openid//a", "openid//b", "openid//c", "openid//d", "openid//e", "openid//f", "openid//g", "openid//h", "openid//i", "openid//j", "openid//k", "openid//l", "openid//m", "openid//n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			events := w.send(t, "/v1/batch", batchOf(c.body))
			require.Len(t, events, 1, w.rejects.codes())
			require.Equal(t, c.want, ids(events[0]))
		})
	}
}

// What breaks a rule is rejected with the rule's code.
func TestRejections(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, code string }{
		{"nobody", `{"type":"track","event":"A"}`, "event.no_identity"},
		{"stand-in for nobody", `{"type":"track","event":"A","userId":"null"}`, "event.identity"},
		{"identity is an object", `{"type":"track","event":"A","userId":{"a":1}}`, "event.identity"},
		{"identity is a truth value", `{"type":"track","event":"A","anonymousId":true}`, "event.identity"},
		{"long identity", `{"type":"track","event":"A","userId":"` + strings.Repeat("u", 300) + `"}`, "event.identity"},
		{"no type", `{"event":"A","userId":"u"}`, "event.type"},
		{"type of another protocol", `{"type":"merge","userId":"u"}`, "event.type"},
		{"commands are not for outsiders", `{"type":"command","event":"People Merged","userId":"u"}`, "event.type"},
		{"no name", `{"type":"track","userId":"u"}`, "event.no_name"},
		{"name is an object", `{"type":"track","userId":"u","event":{}}`, "event.bad_name"},
		{"long name", `{"type":"track","userId":"u","event":"` + strings.Repeat("e", 201) + `"}`, "event.long_name"},
		{"long message id", `{"type":"track","userId":"u","event":"A","messageId":"` + strings.Repeat("m", 101) + `"}`, "event.long_id"},
		{"message id is a list", `{"type":"track","userId":"u","event":"A","messageId":[]}`, "event.bad_id"},
		{"unreadable time", `{"type":"track","userId":"u","event":"A","timestamp":"yesterday"}`, "event.time"},
		{"time is an object", `{"type":"track","userId":"u","event":"A","timestamp":{}}`, "event.time"},
		{"time before 1970", `{"type":"track","userId":"u","event":"A","timestamp":"1900-01-01T00:00:00Z"}`, "event.old_time"},
		{"properties is a list", `{"type":"track","userId":"u","event":"A","properties":[]}`, "event.properties"},
		{"traits is text", `{"type":"identify","userId":"u","traits":"x"}`, "event.traits"},
		{"context is text", `{"type":"identify","userId":"u","context":"x"}`, "event.context"},
		{"group without an id", `{"type":"group","userId":"u"}`, "event.group_id"},
		{"alias without the previous id", `{"type":"alias","userId":"u"}`, "event.alias"},
		{"alias without the new id", `{"type":"alias","previousId":"u"}`, "event.alias"},
		{"alias of an unknown kind", `{"type":"alias","userId":"u","previousId":"x","context":{"previousIdKind":"shoe_size"}}`, "event.previous_kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			require.Empty(t, w.send(t, "/v1/batch", batchOf(c.body)))
			require.Equal(t, []string{c.code}, w.rejects.codes())
			item := w.rejects.items[0]
			require.NotEmpty(t, item.Reason.Text)
			require.JSONEq(t, c.body, string(item.Body))
			require.Equal(t, int64(7), item.Source)
			require.Equal(t, start(), item.At)
		})
	}
}

// The members of each call go where they belong, and nothing else changes.
func TestContent(t *testing.T) {
	t.Parallel()
	const seen = `"ip":"203.0.113.9","userAgent":"Browser/1.0"`
	for _, c := range []struct{ name, path, body, event, properties, traits, context string }{
		{"track", "/v1/track", `{"event":"A","userId":"u","properties":{ "a" : 1.10, "b":[1,{"c":null}] }}`, "A", `{ "a" : 1.10, "b":[1,{"c":null}] }`, "", "{" + seen + "}"},
		{"nulls", "/v1/track", `{"event":"A","userId":"u","properties":null,"context":null,"traits":null}`, "A", "", "", "{" + seen + "}"},
		{"page", "/v1/page", `{"userId":"u","name":"Home","category":"Shop","properties":{"path":"/"}}`, "Page Viewed", `{"path":"/","name":"Home","category":"Shop"}`, "", "{" + seen + "}"},
		{"page with its name inside", "/v1/page", `{"userId":"u","name":"Home","properties":{"name":"Start"}}`, "Page Viewed", `{"name":"Start"}`, "", "{" + seen + "}"},
		{"page without properties", "/v1/page", `{"userId":"u","name":"Home"}`, "Page Viewed", `{"name":"Home"}`, "", "{" + seen + "}"},
		{"page with nothing", "/v1/page", `{"userId":"u"}`, "Page Viewed", ``, "", "{" + seen + "}"},
		{"screen", "/v1/screen", `{"userId":"u","name":"Cart","properties":{ }}`, "Screen Viewed", `{"name":"Cart"}`, "", "{" + seen + "}"},
		{"identify", "/v1/identify", `{"userId":"u","traits":{"city":"杭州","phone":"call me"}}`, "Identified", "", `{"city":"杭州","phone":"call me"}`, "{" + seen + "}"},
		{"group", "/v1/group", `{"userId":"u","groupId":"g1","traits":{"plan":"gold"}}`, "Grouped", `{"groupId":"g1","traits":{"plan":"gold"}}`, "", "{" + seen + "}"},
		{"alias", "/v1/alias", `{"userId":"u","previousId":"p1"}`, "Aliased", `{"previousId":"p1"}`, "", "{" + seen + "}"},
		{"context is kept", "/v1/track", `{"event":"A","userId":"u","context":{"page":{"url":"https://x/"},"campaign":{"source":"s"},"locale":"zh-CN"}}`, "A", "", "", `{"page":{"url":"https://x/"},"campaign":{"source":"s"},"locale":"zh-CN",` + seen + "}"},
		{"what the sender says counts", "/v1/track", `{"event":"A","userId":"u","context":{"ip":"0.0.0.0","userAgent":"Mine"}}`, "A", "", "", `{"ip":"0.0.0.0","userAgent":"Mine"}`},
		{"also if it says nothing", "/v1/track", `{"event":"A","userId":"u","context":{"ip":null,"userAgent":null}}`, "A", "", "", `{"ip":null,"userAgent":null}`},
		{"a server library speaks for others", "/v1/track", `{"event":"A","userId":"u","context":{"library":{"name":"@segment/analytics-node","version":"3"}}}`, "A", "", "", `{"library":{"name":"@segment/analytics-node","version":"3"}}`},
		{"context of the batch", "/v1/batch", `{"context":{"app":{"name":"x"},"locale":"en","ip":"198.51.100.1"},"batch":[{"type":"track","event":"A","userId":"u","context":{"locale":"zh"}}]}`, "A", "", "", `{"locale":"zh","app":{"name":"x"},"ip":"198.51.100.1","userAgent":"Browser/1.0"}`},
		{"repeated names: the last counts", "/v1/track", `{"event":"A","event":"B","userId":"u","properties":{"a":1,"x":{"y":1,"y":2},"a":2}}`, "B", `{"a":2,"x":{"y":2}}`, "", "{" + seen + "}"},
		{"broken Unicode", "/v1/track", "{\"event\":\"A\",\"userId\":\"u\",\"properties\":{\"a\":\"x\xff\xfey\",\"b\":\"\\ud800z\",\"c\":\"\\udc00\",\"d\":\"\\u0000\",\"e\":\"\\ud83d\\ude00\",\"f\":\"\\\\ud800\"}}", "A", `{"a":"x` + "\uFFFD" + `y","b":"\ufffdz","c":"\ufffd","d":"\ufffd","e":"\ud83d\ude00","f":"\\ud800"}`, "", "{" + seen + "}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			events := w.send(t, c.path, c.body)
			require.Len(t, events, 1, w.rejects.codes())
			e := events[0]
			require.Equal(t, c.event, e.Name)
			require.Equal(t, c.properties, string(e.Properties))
			require.Equal(t, c.traits, string(e.Traits))
			require.Equal(t, c.context, string(e.Context))
			require.Equal(t, int64(7), e.Source)
			require.Equal(t, start().UnixMicro(), e.Received)
			require.NotEmpty(t, e.ID, "one is made")
			for _, raw := range [][]byte{e.Properties, e.Traits, e.Context} {
				require.True(t, raw == nil || json.Valid(raw))
			}
		})
	}
}

// Message ids are the sender's, and different where the sender gives none.
func TestMessageIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := w.send(t, "/v1/batch", batchOf(track("m-1"), `{"type":"track","event":"A","userId":"u"}`, `{"type":"track","event":"A","userId":"u"}`, `{"type":"track","event":"A","userId":"u","messageId":42}`))
	require.Equal(t, "m-1", events[0].ID)
	require.NotEqual(t, events[1].ID, events[2].ID)
	require.Equal(t, "42", events[3].ID)
}

// An event happened at received − (sentAt − timestamp), whatever the sender's clock says, and never after it was received.
func TestTimes(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) string { return start().Add(d).Format(time.RFC3339Nano) }
	const ago = -10 * time.Second
	for _, c := range []struct {
		name, path, members string
		sent                string // beside the batch
		want                time.Duration
	}{
		{name: "none", want: 0},
		{name: "right clock", members: `"timestamp":"` + at(ago) + `"`, sent: at(0), want: ago},
		{name: "the network's delay is no wrong clock", members: `"timestamp":"` + at(ago) + `"`, sent: at(-900 * time.Millisecond), want: ago},
		{name: "clock an hour behind", members: `"timestamp":"` + at(-time.Hour+ago) + `"`, sent: at(-time.Hour), want: ago},
		{name: "clock an hour ahead", members: `"timestamp":"` + at(time.Hour+ago) + `"`, sent: at(time.Hour), want: ago},
		{name: "clock in 1970", members: `"timestamp":"1970-01-01T00:00:10Z"`, sent: "1970-01-01T00:00:20Z", want: ago},
		{name: "kept for a month", members: `"timestamp":"` + at(-720*time.Hour) + `"`, sent: at(0), want: -720 * time.Hour},
		{name: "no sentAt", members: `"timestamp":"` + at(ago) + `"`, want: ago},
		{name: "no sentAt, future", members: `"timestamp":"` + at(time.Hour) + `"`, want: 0},
		{name: "future though sent now", members: `"timestamp":"` + at(time.Hour) + `"`, sent: at(0), want: 0},
		{name: "a little after sending, by a slow clock", members: `"timestamp":"` + at(-time.Hour+20*time.Millisecond) + `"`, sent: at(-time.Hour), want: 0},
		{name: "sentAt long before the event says nothing", members: `"timestamp":"` + at(ago) + `"`, sent: "2001-01-01T00:00:00Z", want: ago},
		{name: "unreadable sentAt", members: `"timestamp":"` + at(ago) + `"`, sent: "soon", want: ago},
		{name: "sentAt of the event", members: `"timestamp":"` + at(-time.Hour+ago) + `","sentAt":"` + at(-time.Hour) + `"`, want: ago},
		{name: "originalTimestamp", members: `"originalTimestamp":"` + at(-time.Hour+ago) + `"`, sent: at(-time.Hour), want: ago},
		{name: "both: corrected by a hub", members: `"originalTimestamp":"` + at(-2*time.Hour) + `","timestamp":"` + at(ago) + `"`, sent: at(-time.Hour), want: ago},
		{name: "both, equal", members: `"originalTimestamp":"` + at(-time.Hour+ago) + `","timestamp":"` + at(-time.Hour+ago) + `"`, sent: at(-time.Hour), want: ago},
		{name: "import is history", path: "/v1/import", members: `"timestamp":"` + at(-time.Hour+ago) + `"`, sent: at(-time.Hour), want: -time.Hour + ago},
		{name: "with a zone", members: `"timestamp":"2026-10-01T15:59:50+08:00"`, want: ago},
		{name: "zone without a colon", members: `"timestamp":"2026-10-01T15:59:50.000+0800"`, want: ago},
		{name: "no zone is UTC", members: `"timestamp":"2026-10-01 07:59:50"`, want: ago},
		{name: "day", members: `"timestamp":"2026-10-01"`, want: -8 * time.Hour},
		{name: "milliseconds", members: `"timestamp":1790841590000`, want: ago},
		{name: "seconds as text", members: `"timestamp":"1790841590"`, want: ago},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.path == "" {
				c.path = "/v1/batch"
			}
			members := `{"type":"track","event":"A","userId":"u"`
			if c.members != "" {
				members += "," + c.members
			}
			body := `{"batch":[` + members + `}]`
			if c.sent != "" {
				body += `,"sentAt":"` + c.sent + `"`
			}
			events := w.send(t, c.path, body+"}")
			require.Len(t, events, 1, w.rejects.codes())
			require.Equal(t, c.want, time.UnixMicro(events[0].Time).Sub(start()))
		})
	}
}
