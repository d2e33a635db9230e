package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Problem is an error as it is sent: RFC 9457 with a stable code.
type Problem struct { //nolint:errname // the word of RFC 9457
	Type    string      `json:"type"             doc:"Always about:blank: the code tells problems apart"`
	Title   string      `json:"title"            doc:"The status in words"`
	Status  int         `json:"status"`
	Detail  string      `json:"detail"           doc:"What happened and what to do, in English"`
	Code    string      `json:"code"             doc:"Stable name of the problem"                                     example:"auth.wrong_password"`
	Errors  []Violation `json:"errors,omitempty" doc:"The broken rules of the input, field by field"`
	headers http.Header
}

// Violation is one broken rule.
type Violation struct {
	Location string `json:"location" doc:"Path of the field"         example:"body.email"`
	Message  string `json:"message"  doc:"What is wrong with it"`
}

func problemType() reflect.Type { return reflect.TypeFor[Problem]() }

// Error, GetStatus, GetHeaders and ContentType make a Problem something that huma can send.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers that go with the problem, such as Retry-After.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

type retryError struct{ wait time.Duration }

func (r *retryError) Error() string { return "retry after " + r.wait.String() }

// RetryAfter is a cause for a fault that tells the client when to come back: fault.Wrap(httpapi.RetryAfter(d), fault.TooMany, …).
func RetryAfter(wait time.Duration) error { return &retryError{wait} }

// statusGone is what proxies write into their logs for a client that went away before the answer. Nobody receives it.
const statusGone = 499

// problem turns an error into what is sent. Errors that are nobody's but ours are logged here, with their cause.
func (a *API) problem(ctx context.Context, err error) *Problem {
	p := &Problem{Type: "about:blank", headers: http.Header{}}
	var f *fault.Error
	switch {
	case errors.As(err, &f) && f.Kind != "" && f.Kind != fault.Internal:
		p.Status, p.Code, p.Detail = f.Kind.Status(), f.Code, f.Message
		for _, v := range f.Violations {
			p.Errors = append(p.Errors, Violation{Location: v.Field, Message: v.Message})
		}
		if f.Kind == fault.Unavailable {
			a.opts.Logger.WarnContext(ctx, "request was refused", "request_id", RequestID(ctx), "err", err)
		}
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		p.Status, p.Code, p.Detail = statusGone, "request.canceled", "the client went away"
	case errors.Is(err, context.DeadlineExceeded):
		p.Status, p.Code, p.Detail = http.StatusServiceUnavailable, "request.timeout", "this took too long; ask for less, or try again"
	default:
		a.opts.Logger.ErrorContext(ctx, "request ended in an error", "request_id", RequestID(ctx), "err", err)
		p.Status, p.Code = http.StatusInternalServerError, "internal"
		p.Detail = "something went wrong on our side; the server's log has the cause under request id " + RequestID(ctx)
	}
	p.Title = http.StatusText(p.Status)
	if later, ok := errors.AsType[*retryError](err); ok {
		seconds := (later.wait + time.Second - 1) / time.Second
		p.headers.Set("Retry-After", strconv.FormatInt(max(1, int64(seconds)), 10))
	}
	if p.Status == http.StatusUnauthorized {
		p.headers.Set("WWW-Authenticate", `Bearer realm="huoshui"`)
	}
	return p
}

// WriteError sends an error from a plain handler in the same form as operations do.
func (a *API) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, a.problem(r.Context(), err))
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	maps.Copy(h, p.headers)
	h.Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

// transform gives huma's own complaints (an input that does not fit its types) our form. Values of the input are not sent back: one may
// be a password.
func (a *API) transform(hc huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := &Problem{Type: "about:blank", Title: http.StatusText(e.Status), Status: e.Status}
	switch e.Status {
	case http.StatusRequestEntityTooLarge:
		p.Code, p.Detail = "request.too_large", "the request body is too large"
	case http.StatusUnsupportedMediaType:
		p.Code, p.Detail = "request.media_type", "send the body as application/json"
	case http.StatusRequestTimeout:
		p.Code, p.Detail = "request.timeout", "the request body came too slowly; try again"
	case http.StatusUnprocessableEntity:
		p.Code, p.Detail = "request.invalid", "some fields are not right; see errors"
	default:
		p.Code, p.Detail = "request.malformed", "the request cannot be read: "+e.Detail
	}
	for _, d := range e.Errors {
		if d != nil {
			p.Errors = append(p.Errors, Violation{Location: d.Location, Message: d.Message})
		}
	}
	if e.Status >= http.StatusInternalServerError {
		a.opts.Logger.WarnContext(hc.Context(), "request could not be read", "request_id", RequestID(hc.Context()), "detail", e.Detail)
	}
	return p, nil
}
