package segment_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/collect/segment"
)

// nowhere is a log that costs nothing.
type nowhere struct{}

func (nowhere) Append(context.Context, ...[]byte) (uint64, error) { return 1, nil }

// benchBody is a batch as the bench and the browser send it: events of about 450 bytes.
func benchBody(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"batch":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"track","event":"Product Viewed","userId":"u-%06d","anonymousId":"0b1f3c52-9a44-4c5e-8a2e-%012d","messageId":"ajs-next-1790841590-%016d","timestamp":"2026-10-01T07:59:%02d.123Z","properties":{"product_id":"sku-%04d","name":"Jasmine Tea 250g","price":68.5,"currency":"CNY","quantity":1},"context":{"locale":"zh-CN","page":{"path":"/p/%d","url":"https://shop.example/p/%d","title":"Jasmine"},"library":{"name":"analytics.js","version":"next-1.84.3"}}}`, i, i, i, i%60, i, i, i)
	}
	b.WriteString(`],"sentAt":"2026-10-01T08:00:00.000Z"}`)
	return b.Bytes()
}

func benchmark(b *testing.B, body []byte, header map[string]string, plain int) {
	b.Helper()
	w := newWorld(b, func(o *segment.Options) { o.Log, o.Clock = nowhere{}, clock.System{} })
	mux := http.NewServeMux()
	w.in.Register(mux)
	reader := bytes.NewReader(body)
	req := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/v1/batch", reader)
	req.SetBasicAuth(writeKey, "")
	req.ContentLength = int64(len(body))
	for k, v := range header {
		req.Header.Set(k, v)
	}
	b.SetBytes(int64(plain))
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		req.Body = io.NopCloser(reader)
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK || rec.Body.Len() > 16 {
			b.Fatal(rec.Code, rec.Body)
		}
	}
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// The whole way of a request of 100 events but for the network and the log.
func BenchmarkIntake(b *testing.B) {
	body := benchBody(100)
	b.Logf("%d bytes an event", len(body)/100)
	b.Run("plain", func(b *testing.B) { benchmark(b, body, nil, len(body)) })
	b.Run("gzip", func(b *testing.B) {
		benchmark(b, []byte(gz(b, string(body))), map[string]string{"Content-Encoding": "gzip"}, len(body))
	})
}
