// Package fault is the one error type that crosses rooms and reaches people.
//
// A fault has a Kind (what class of thing went wrong; it becomes an HTTP status or an exit code once, at the edge), a stable Code
// (documented, searchable), a Message that is safe to show and says what to do, and the Violations of an input, field by field.
// The cause (Err) is for the log and never leaves the process.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Kind classes faults by what the caller can do about them.
type Kind string

// The kinds, and the statuses they become.
const (
	Invalid     Kind = "invalid"      // 422: the input breaks a rule
	Malformed   Kind = "malformed"    // 400: the input cannot be read
	NotSignedIn Kind = "unauthorized" // 401
	Forbidden   Kind = "forbidden"    // 403
	NotFound    Kind = "not_found"    // 404
	Conflict    Kind = "conflict"     // 409: the state of things forbids it
	Stale       Kind = "stale"        // 412: If-Match no longer holds
	TooLarge    Kind = "too_large"    // 413
	TooMany     Kind = "too_many"     // 429: come back later
	Unavailable Kind = "unavailable"  // 503
	Internal    Kind = "internal"     // 500
)

// Violation is one broken rule of an input.
type Violation struct {
	Field   string // path of the field, e.g. "body.email"
	Message string
}

// Error is a fault. The zero value is an internal error without a message.
type Error struct {
	Kind       Kind
	Code       string // e.g. "auth.wrong_password"
	Message    string
	Violations []Violation
	Err        error
}

// New makes a fault of a kind, with a stable code and a message that says what to do.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap keeps err as the cause of a fault.
func Wrap(err error, kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// Error gives the message, the violations and the cause, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, v := range e.Violations {
		fmt.Fprintf(&b, "; %s: %s", v.Field, v.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first fault in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) && e.Kind != "" {
		return e.Kind
	}
	return Internal
}

// CodeOf is the code of the first fault in err's chain, "internal" if there is none.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Code != "" {
		return e.Code
	}
	return "internal"
}

// Status is the HTTP status of a kind.
func (k Kind) Status() int {
	switch k {
	case Invalid:
		return http.StatusUnprocessableEntity
	case Malformed:
		return http.StatusBadRequest
	case NotSignedIn:
		return http.StatusUnauthorized
	case Forbidden:
		return http.StatusForbidden
	case NotFound:
		return http.StatusNotFound
	case Conflict:
		return http.StatusConflict
	case Stale:
		return http.StatusPreconditionFailed
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case TooMany:
		return http.StatusTooManyRequests
	case Unavailable:
		return http.StatusServiceUnavailable
	case Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// Check collects the violations of an input.
//
//	var c fault.Check
//	c.That(in.Name != "", "body.name", "give it a name")
//	return c.Err("channel.invalid", "the channel cannot be saved")
type Check struct{ violations []Violation }

// That records a violation unless ok.
func (c *Check) That(ok bool, field, format string, args ...any) {
	if !ok {
		c.violations = append(c.violations, Violation{Field: field, Message: fmt.Sprintf(format, args...)})
	}
}

// Err is nil when nothing was violated.
func (c *Check) Err(code, message string) error {
	if len(c.violations) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: code, Message: message, Violations: c.violations}
}
