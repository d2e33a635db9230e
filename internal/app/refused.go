package app

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// refuse puts what the log holds and the pool cannot take among the rejected events, in the form in which intake takes events, so that an
// operator sees it, mends it and replays it.
func refuse(ctx context.Context, store *reject.Store, now time.Time, refused []apply.Refused) error {
	items := make([]reject.Item, len(refused))
	for i, r := range refused {
		item := reject.Item{At: now, Reason: *reject.Because("event.invalid", r.Why.Error()), Envelope: []byte(`{"exact":true}`)}
		if f, ok := errors.AsType[*fault.Error](r.Why); ok {
			item.Reason = *reject.Because(f.Code, f.Message)
		}
		if r.Event != nil {
			item.Source = r.Event.Source
		}
		body, err := json.Marshal(message(r))
		if err != nil {
			return err
		}
		item.Body = body
		items[i] = item
	}
	return store.Put(ctx, items)
}

// message is an event of the log as a message of the tracking API, as far as it could be read.
func message(r apply.Refused) map[string]any {
	e := r.Event
	if e == nil || e.ID == "" && len(e.Identities) == 0 {
		return map[string]any{"unreadable": r.Raw, "log_position": r.Position} // as base64
	}
	m := map[string]any{"type": e.Type.String(), "messageId": text(e.ID), "timestamp": time.UnixMicro(e.Time).UTC()}
	if e.Time < 0 || time.UnixMicro(e.Time).UTC().Year() > 9999 {
		m["timestamp"] = e.Time // no time that could be written as one
	}
	switch e.Type { //nolint:exhaustive // the others' names come from their types
	case event.Track, event.Command:
		m["event"] = text(e.Name)
	case event.Page, event.Screen:
		m["name"] = text(e.Name)
	}
	var others []any
	for _, i := range e.Identities {
		switch {
		case i.Kind == event.UserID && i.Scope == "":
			m["userId"] = text(i.Value)
		case i.Kind == event.AnonymousID && i.Scope == "":
			m["anonymousId"] = text(i.Value)
		default:
			scope := text(i.Scope)
			if scope == "" {
				scope = "users"
			}
			others = append(others, map[string]any{"type": text(i.Kind), "id": text(i.Value), "collection": scope, "encoding": "none"})
		}
	}
	for name, raw := range map[string][]byte{"properties": e.Properties, "traits": e.Traits, "context": e.Context} {
		if len(raw) > 0 {
			m[name] = value(raw)
		}
	}
	if len(others) > 0 {
		around, ok := m["context"].(map[string]any)
		if !ok {
			around = map[string]any{}
		}
		if _, has := around["externalIds"]; !has {
			around["externalIds"] = others
		}
		m["context"] = around
	}
	return m
}

// value is raw JSON as a value, or as a text if it is none.
func value(raw []byte) any {
	var v map[string]any
	d := json.NewDecoder(strings.NewReader(text(string(raw))))
	d.UseNumber()
	if d.Decode(&v) != nil || d.More() {
		return text(string(raw))
	}
	return v
}

// text is text that every store can hold.
func text(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\uFFFD")
}
