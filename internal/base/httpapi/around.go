package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/id"
)

type infoKey struct{}

// info is what becomes known of a request on its way in, for the log.
type info struct {
	id        string
	operation string
	actor     actor.Actor
	client    Client
}

// Client is where a request came from.
type Client struct {
	Addr      netip.Addr
	Agent     string // what the User-Agent header says, at most 200 bytes of it
	Encrypted bool
}

// ClientFrom is the client of the request that ctx belongs to.
func ClientFrom(ctx context.Context) Client {
	if i := infoFrom(ctx); i != nil {
		return i.client
	}
	return Client{}
}

func infoFrom(ctx context.Context) *info {
	i, _ := ctx.Value(infoKey{}).(*info)
	return i
}

// RequestID is the id of the request that ctx belongs to; it is in the X-Request-Id header and in the log.
func RequestID(ctx context.Context) string {
	if i := infoFrom(ctx); i != nil {
		return i.id
	}
	return ""
}

// around is what every request passes: an id, a log line, a net under panics, headers.
func (a *API) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := a.opts.Clock.Now()
		agent := r.UserAgent()
		i := &info{id: id.Token(10), client: Client{
			Addr: ClientAddr(r, a.opts.TrustedProxies), Agent: agent[:min(len(agent), 200)], Encrypted: Encrypted(r, a.opts.TrustedProxies),
		}}
		r = r.WithContext(context.WithValue(r.Context(), infoKey{}, i))
		h := w.Header()
		h.Set("X-Request-Id", i.id)
		h.Set("Cache-Control", "no-store")
		SecurityHeaders(h)
		rec := &recorder{ResponseWriter: w}
		defer func() { //nolint:contextcheck // the request carries it
			a.caught(rec, r, recover())
			took := a.opts.Clock.Now().Sub(begin)
			if a.opts.Observe != nil && i.operation != "" {
				a.opts.Observe(i.operation, rec.status(), took)
			}
			a.opts.Logger.LogAttrs(r.Context(), level(r.Method, rec.status()), "request",
				slog.String("request_id", i.id), slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", rec.status()), slog.Int64("bytes", rec.bytes), slog.Duration("took", took),
				slog.String("actor", i.actor.Label()), slog.String("address", i.client.Addr.String()))
		}()
		next.ServeHTTP(rec, r)
	})
}

// caught ends a panic: the process lives on, the client hears of it, the log has the stack.
func (a *API) caught(w *recorder, r *http.Request, v any) {
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	a.opts.Logger.ErrorContext(r.Context(), "request panicked", "request_id", RequestID(r.Context()), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	if w.code == 0 {
		a.WriteError(w, r, fmt.Errorf("panic: %v", v))
	}
}

// level keeps the log readable: reading that went well is only of interest when looking for something.
func level(method string, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status >= http.StatusBadRequest, method != http.MethodGet && method != http.MethodHead:
		return slog.LevelInfo
	}
	return slog.LevelDebug
}

// recorder remembers status and size.
type recorder struct {
	http.ResponseWriter
	code  int
	bytes int64
}

func (w *recorder) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Flush sends what was written so far, for event streams.
func (w *recorder) Flush() {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush() // a writer that cannot flush sends later
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) status() int {
	if w.code == 0 {
		return http.StatusOK
	}
	return w.code
}
