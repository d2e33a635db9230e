package segment_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/collect/reject"
)

// For any body: no panic; 200 means that accepted and rejected make up the batch, that what was appended decodes, keeps the rules and
// is strict JSON; any other answer means that nothing was stored.
func FuzzBatch(f *testing.F) {
	for _, s := range []string{
		batchOf(track("1"), `{"type":"page","anonymousId":"a","name":"N","properties":{"name":"x","a":1,"a":2},"context":{"ip":null}}`),
		`{"batch":[{"type":"identify","userId":1,"traits":{"phone":"13800138000","email":"a@b.cn"},"timestamp":"2026-01-01T00:00:00Z"}],"sentAt":"2026-01-01T00:00:01Z","context":{"library":{"name":"x"}}}`,
		`{"batch":[7,null,"x",[],{"type":"alias","userId":"u","previousId":"\ud800"},{"type":"group","groupId":"g","userId":"\u0000"}]}`,
		`{"batch":[{"type":"track","event":"A","context":{"externalIds":[{"id":"1","type":"openid","collection":"wx"}],"device":{"id":"d"}}}]}`,
		"\ufeff{\"batch\":[{\"type\":\"screen\",\"userId\":\"\xff\xfe\"}]}", `{"batch":[]}`, `{}`, ``, `[`, `{"batch":[{"a":`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := newWorld(t)
		mux := http.NewServeMux()
		w.in.Register(mux)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/batch", bytes.NewReader(body))
		req.SetBasicAuth(writeKey, "")
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, req)
		events := w.log.events(t)
		if rec.Code != http.StatusOK {
			require.Contains(t, []int{400, 413}, rec.Code)
			require.Empty(t, events)
			require.Empty(t, w.rejects.items)
			return
		}
		// encoding/json is the lenient oracle of how many events there are.
		var oracle struct {
			Batch []json.RawMessage `json:"batch"`
		}
		if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &oracle); err == nil && exactlyOneBatch(body) {
			require.Equal(t, len(oracle.Batch), len(events)+len(w.rejects.items))
		}
		for i := range events {
			require.NoError(t, events[i].Validate(start().UnixMicro()))
			for _, raw := range [][]byte{events[i].Properties, events[i].Traits, events[i].Context} {
				require.True(t, raw == nil || jsontext.Value(raw).IsValid(), "%q", raw)
			}
		}
		// What was rejected is rejected again, for the same reason, as long as nobody corrects it.
		for i, item := range w.rejects.items {
			reasons, err := w.in.Again(t.Context(), []reject.Rejected{{Item: item, ID: int64(i + 1)}})
			require.NoError(t, err)
			if item.Reason.Code != "event.not_object" && item.Reason.Code != "event.too_large" {
				require.NotNil(t, reasons[0])
				require.Equal(t, item.Reason.Code, reasons[0].Code)
			}
		}
	})
}

// exactlyOneBatch keeps the oracle to bodies in which it and Segment agree on what "batch" is: encoding/json also takes "Batch".
func exactlyOneBatch(body []byte) bool {
	n := bytes.Count(bytes.ToLower(body), []byte("batch"))
	return n == 1 && bytes.Contains(body, []byte(`"batch"`)) && bytes.IndexByte(body, '\\') < 0
}
