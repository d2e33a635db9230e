package segment

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Envelope is what a request says about all its events. A rejected event keeps it, so that a replay gives the same event as if it had
// been right at first.
type Envelope struct {
	Source   int64           `json:"-"`                  // whose write key it was
	Received int64           `json:"-"`                  // microseconds since 1970 UTC
	Type     event.Type      `json:"type,omitempty"`     // what the path says; 0 where each event says it itself
	Sent     int64           `json:"sent,omitempty"`     // the sender's clock when it sent, in microseconds; 0 if it does not say
	Exact    bool            `json:"exact,omitempty"`    // times are history and stay as they are
	IP       string          `json:"ip,omitempty"`       // of the person's device, as far as we can tell
	Agent    string          `json:"agent,omitempty"`    // User-Agent of the request
	Defaults json.RawMessage `json:"defaults,omitempty"` // context for events that lack some of its members

	// FallbackID is the id of an event that brings none; if that is empty too, one is made.
	FallbackID string `json:"-"`
}

// encode is the envelope as a rejected event keeps it.
func (env *Envelope) encode() ([]byte, error) {
	b, err := json.Marshal(env)
	if err != nil {
		return nil, fmt.Errorf("encode envelope: %w", err)
	}
	return b, nil
}

// speakers tell libraries that speak for a server, whose address and user agent are not those of a person. Events of one request come
// from one library, so it remembers the last.
type speakers struct {
	last   []byte
	server bool
}

func serverLibraries() []string {
	return []string{"analytics-node", "analytics-go", "analytics-python", "analytics-ruby", "analytics-php", `analytics-java"`, "Analytics.NET", "analytics-rust"}
}

// isServer says whether a raw context.library is a server's.
func (s *speakers) isServer(library []byte) bool {
	if len(library) == 0 {
		return false
	}
	if bytes.Equal(library, s.last) {
		return s.server
	}
	s.last, s.server = append(s.last[:0], library...), false
	for _, l := range serverLibraries() {
		s.server = s.server || bytes.Contains(library, []byte(l))
	}
	return s.server
}

// fillContext gives the event's context: its own members, then those of the request's context that it lacks, then ip and userAgent if
// nobody said them and a person's device speaks. scratch takes what must be written anew.
func (s *speakers) fillContext(m *message, env *Envelope, scratch []byte) (all, context []byte) {
	if !present(m.context) && len(env.Defaults) == 0 && env.IP == "" && env.Agent == "" {
		return scratch, nil
	}
	own := m.context
	if !present(own) {
		own = nil
	}
	if len(env.Defaults) > 0 {
		own = withDefaults(own, env.Defaults)
	}
	ip, agent, library := m.ip == nil, m.agent == nil, m.library
	if len(env.Defaults) > 0 {
		ip, agent = ip && !has(env.Defaults, "ip"), agent && !has(env.Defaults, "userAgent")
		if library == nil {
			library = memberOf(env.Defaults, "library")
		}
	}
	ip, agent = ip && env.IP != "", agent && env.Agent != ""
	if (ip || agent) && s.isServer(library) {
		ip, agent = false, false
	}
	if !ip && !agent {
		return scratch, own
	}
	w := build(scratch, own)
	if ip {
		w.text("ip", env.IP)
	}
	if agent {
		w.text("userAgent", env.Agent)
	}
	return w.end()
}

func withDefaults(own, defaults []byte) []byte {
	w := build(nil, own)
	for d := walk(defaults); ; {
		name, value, ok := d.member()
		if !ok {
			_, obj := w.end()
			return obj
		}
		if !has(own, string(name)) {
			w.member(string(name), value)
		}
	}
}
