package segment

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// route is one path of the API.
type route struct {
	typ   event.Type // 0 for batches
	batch bool
	exact bool // times are history: not corrected
}

// routes are all paths. The short ones are the browser library's: it posts to the first letter of the type (and "/b" for batches)
// under its apiHost, which may or may not end with "/v1".
func routes() map[string]route {
	all := map[string]route{
		"/v1/batch":  {batch: true},
		"/v1/import": {batch: true, exact: true},
		"/v1/b":      {batch: true},
		"/b":         {batch: true},
	}
	for _, t := range []event.Type{event.Track, event.Identify, event.Page, event.Screen, event.Group, event.Alias} {
		all["/v1/"+t.String()] = route{typ: t}
		all["/v1/"+t.String()[:1]] = route{typ: t}
		all["/"+t.String()[:1]] = route{typ: t}
	}
	return all
}

// Register puts the API's paths on mux.
func (in *Intake) Register(mux *http.ServeMux) {
	for path, r := range routes() {
		for _, p := range []string{path, path + "/{$}"} {
			mux.Handle("POST "+p, in.handler(r))
			mux.HandleFunc("OPTIONS "+p, preflight)
			mux.HandleFunc("GET "+p, notAllowed)
		}
	}
}

// preflight lets pages of any origin post to us. Nothing here trusts cookies, so no origin needs to be told from another.
func preflight(rw http.ResponseWriter, req *http.Request) {
	h := rw.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST")
	headers := req.Header.Get("Access-Control-Request-Headers")
	if headers == "" || len(headers) > 1024 {
		headers = "Authorization, Content-Type, Content-Encoding, X-Retry-Count"
	}
	h.Set("Access-Control-Allow-Headers", headers)
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("Vary", "Access-Control-Request-Headers")
	rw.WriteHeader(http.StatusNoContent)
}

func notAllowed(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Allow", "POST, OPTIONS")
	writeProblem(rw, http.StatusMethodNotAllowed, "intake.method", "events are sent with POST")
}

func (in *Intake) handler(r route) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		start := in.o.Clock.Now()
		got, err := in.take(rw, req, r, start)
		status := in.answer(rw, req, got, err)
		in.meter.answered(status, in.o.Clock.Now().Sub(start))
	})
}

// answer writes the response and returns its status.
func (in *Intake) answer(rw http.ResponseWriter, req *http.Request, got taken, err error) int {
	h := rw.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	h.Set("Cache-Control", "no-store")
	if err == nil {
		h.Set("Content-Type", "application/json")
		body := []byte(`{"success":true}`)
		if got.rejected > 0 {
			body = fmt.Appendf(nil, `{"success":true,"rejected":%d}`, got.rejected)
		}
		_, _ = rw.Write(body) // the client may have gone; its events are stored
		return http.StatusOK
	}
	slow := fault.CodeOf(err) == codeSlow // which ends the request's context, too
	if req.Context().Err() != nil && !slow {
		// The client has gone, or this server is stopping: in no case may it look like success.
		err = fault.Wrap(err, fault.Unavailable, "intake.stopping", "the request was cut off; send again, repeats are dropped")
	}
	kind := fault.KindOf(err)
	status := kind.Status()
	code, message := "internal", "something went wrong here; send again a little later"
	if f, ok := errors.AsType[*fault.Error](err); ok {
		code, message = f.Code, f.Message
	}
	if slow {
		status = http.StatusRequestTimeout // libraries send again after 408, but never after 400
	}
	switch kind { //nolint:exhaustive // the others need nothing more
	case fault.TooMany:
		h.Set("Retry-After", "1")
	case fault.Unavailable, fault.Internal:
		h.Set("Retry-After", "5")
		if req.Context().Err() == nil {
			in.o.Logger.ErrorContext(req.Context(), "take in events", "error", err, "path", req.URL.Path)
		}
	case fault.NotSignedIn:
		h.Set("WWW-Authenticate", `Basic realm="write key"`)
	}
	writeProblem(rw, status, code, message)
	return status
}

// writeProblem answers with problem+json (RFC 9457); success is there for clients that look for it.
func writeProblem(rw http.ResponseWriter, status int, code, detail string) {
	body, err := json.Marshal(struct {
		Success bool   `json:"success"`
		Type    string `json:"type"`
		Title   string `json:"title"`
		Status  int    `json:"status"`
		Detail  string `json:"detail"`
		Code    string `json:"code"`
	}{false, "about:blank", http.StatusText(status), status, detail, code})
	if err != nil {
		rw.WriteHeader(status)
		return
	}
	h := rw.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	rw.WriteHeader(status)
	_, _ = rw.Write(body) // nobody is left to tell
}
