package brand

import (
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// AppendBatch appends the body of a Segment batch request with these events. The user_id and an anonymous_id go where the protocol has a
// place for them, all other identities among context.externalIds with their kind as type and their scope as collection.
func AppendBatch(body []byte, events []event.Event) []byte {
	body = append(body, `{"batch":[`...)
	for i := range events {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendMessage(body, &events[i])
	}
	return append(body, "]}"...)
}

func appendMessage(b []byte, e *event.Event) []byte {
	b = append(b, `{"type":`...)
	b = quote(b, e.Type.String())
	b = append(b, `,"messageId":`...)
	b = quote(b, e.ID)
	b = append(b, `,"timestamp":"`...)
	b = time.UnixMicro(e.Time).UTC().AppendFormat(b, time.RFC3339Nano)
	b = append(b, '"')
	if e.Type == event.Track {
		b = append(b, `,"event":`...)
		b = quote(b, e.Name)
	}
	var others []event.Identity
	placed := [2]bool{}
	for _, i := range e.Identities {
		switch {
		case i.Kind == event.UserID && !placed[0]:
			placed[0] = true
			b = quote(append(b, `,"userId":`...), i.Value)
		case i.Kind == event.AnonymousID && !placed[1]:
			placed[1] = true
			b = quote(append(b, `,"anonymousId":`...), i.Value)
		default:
			others = append(others, i)
		}
	}
	if len(e.Properties) > 0 {
		b = append(append(b, `,"properties":`...), e.Properties...)
	}
	if len(e.Traits) > 0 {
		b = append(append(b, `,"traits":`...), e.Traits...)
	}
	return append(appendContext(b, e.Context, others), '}')
}

// appendContext writes the context with the external ids added.
func appendContext(b, context []byte, others []event.Identity) []byte {
	if len(context) == 0 && len(others) == 0 {
		return b
	}
	b = append(b, `,"context":`...)
	if len(others) == 0 {
		return append(b, context...)
	}
	if len(context) <= len("{}") {
		b = append(b, '{')
	} else {
		b = append(append(b, context[:len(context)-1]...), ',')
	}
	b = append(b, `"externalIds":[`...)
	for k, i := range others {
		if k > 0 {
			b = append(b, ',')
		}
		collection := i.Scope
		if collection == "" {
			collection = "users"
		}
		b = quote(append(b, `{"type":`...), i.Kind)
		b = quote(append(b, `,"id":`...), i.Value)
		b = quote(append(b, `,"collection":`...), collection)
		b = append(b, `,"encoding":"none"}`...)
	}
	return append(b, "]}"...)
}

// quote writes a JSON string. What needs escaping beyond quotes and backslashes (control characters) does not occur in the brand's texts,
// but ids may come from tests.
func quote(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, "0123456789abcdef"[c>>4])
			b = strconv.AppendUint(b, uint64(c&15), 16)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
