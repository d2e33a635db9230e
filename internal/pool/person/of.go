package person

import (
	"bytes"
	"maps"
	"math/big"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Of is the fold of one event. Orders in another currency than the pool's count as orders but add no revenue: rates are not known here.
// Commands of operators and signals of the pool are no activity: a command folds to nothing, a signal to the traits that it says, if any.
func Of(e *event.Event, currency string) *Fold {
	if e.Type == event.Signal {
		return &Fold{Traits: traitsOf(e)}
	}
	if !e.Type.Own() {
		return &Fold{}
	}
	f := &Fold{First: e.Time, Last: e.Time, Events: 1}
	f.LastEvent = &LastEvent{ID: e.ID, Name: e.Name, Time: e.Time}
	switch e.Name {
	case event.OrderCompleted:
		f.Orders, f.FirstOrder, f.LastOrder = 1, e.Time, e.Time
		if a, ok := AmountOf(e, currency); ok && a.Currency == currency {
			f.Revenue = a.Minor
		}
	case event.OrderCancelled:
		f.Cancelled = 1
	}
	f.Traits = traitsOf(e)
	if t := TouchOf(e); t != nil {
		f.FirstTouch, f.LastTouch = t, t
	}
	return f
}

// AmountOf is the money an event is about: its revenue, total or value (the Segment e-commerce names, in this order), in its currency
// or else in the pool's, rounded once, half away from zero.
func AmountOf(e *event.Event, currency string) (money.Amount, bool) {
	if len(e.Properties) == 0 || !bytes.Contains(e.Properties, []byte(`"revenue"`)) && !bytes.Contains(e.Properties, []byte(`"total"`)) &&
		!bytes.Contains(e.Properties, []byte(`"value"`)) {
		return money.Amount{}, false
	}
	var p struct {
		Revenue  jsontext.Value `json:"revenue"`
		Total    jsontext.Value `json:"total"`
		Value    jsontext.Value `json:"value"`
		Currency jsontext.Value `json:"currency"`
	}
	if json.Unmarshal(e.Properties, &p) != nil {
		return money.Amount{}, false
	}
	if c := strings.ToUpper(text(p.Currency)); money.ValidCurrency(c) {
		currency = c
	}
	for _, v := range []jsontext.Value{p.Revenue, p.Total, p.Value} {
		if r := decimal(v); r != nil {
			a, err := money.Round(r, currency)
			return a, err == nil
		}
	}
	return money.Amount{}, false
}

func decimal(v jsontext.Value) *big.Rat {
	s := string(v)
	if v.Kind() == '"' {
		s = text(v)
	}
	if s == "" || s == "null" {
		return nil
	}
	r, err := money.Decimal(s)
	if err != nil {
		return nil
	}
	return r
}

func text(v jsontext.Value) string {
	if len(v) == 0 || v.Kind() != '"' {
		return ""
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

// MaxTraits is how many traits one event may set; the rest are dropped, so that a broken sender cannot grow a person without bound.
const MaxTraits = 200

func traitsOf(e *event.Event) Traits {
	if len(e.Traits) < 3 || e.Type == event.Group {
		return nil
	}
	var raw map[string]jsontext.Value
	if json.Unmarshal(e.Traits, &raw) != nil {
		return nil
	}
	out := make(Traits, len(raw))
	for _, k := range slices.Sorted(maps.Keys(raw)) { // in order, so that a replay keeps the same ones
		v := raw[k]
		if k != "$set_once" {
			out.set(k, Trait{Value: plain(v), At: e.Time})
			continue
		}
		var once map[string]jsontext.Value
		if json.Unmarshal(v, &once) != nil {
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(once)) {
			out.set(k, Trait{Once: plain(once[k]), OnceAt: e.Time})
		}
	}
	return out
}

func (t Traits) set(name string, v Trait) {
	if _, known := t[name]; known || len(t) < MaxTraits {
		t[name] = t[name].merge(v)
	}
}

// plain is a value as it is stored: without spaces and needless escapes. Values are compared by their text when times are equal, so they
// must look the same before and after they were stored.
func plain(v jsontext.Value) []byte {
	if b, err := jsontext.AppendFormat(nil, v); err == nil {
		return b
	}
	return v
}

// TouchOf is the contact that an event tells of: the channel it names (context.channel), else its campaign, click id or referrer, else,
// for a page or screen view, a direct visit. Other events touch nothing.
func TouchOf(e *event.Event) *Touch {
	visit := e.Type == event.Page || e.Type == event.Screen
	told := len(e.Context) > 2 && (visit || bytes.Contains(e.Context, []byte(`"channel"`)) || bytes.Contains(e.Context, []byte(`"campaign"`)) ||
		bytes.Contains(e.Context, []byte(`"clickIds"`)))
	if !told {
		if visit {
			return &Touch{Time: e.Time, Channel: "direct", Class: "owned"}
		}
		return nil
	}
	var c struct {
		Channel  jsontext.Value `json:"channel"`
		Campaign struct {
			Name   string `json:"name"`
			Source string `json:"source"`
			Medium string `json:"medium"`
		} `json:"campaign"`
		ClickIDs map[string]string `json:"clickIds"`
		Page     struct {
			Referrer string `json:"referrer"`
			URL      string `json:"url"`
		} `json:"page"`
		Referrer jsontext.Value `json:"referrer"`
	}
	if err := json.Unmarshal(e.Context, &c); err != nil && !visit {
		return nil // e.g. campaign is a text: nothing to learn from it
	}
	t := &Touch{Time: e.Time, Source: c.Campaign.Source, Medium: c.Campaign.Medium, Campaign: c.Campaign.Name}
	for k := range c.ClickIDs {
		t.ClickID = max(t.ClickID, k)
	}
	t.Referrer, t.Landing = hostOf(c.Page.Referrer), pathOf(c.Page.URL)
	within := t.Referrer != "" && t.Referrer == hostOf(c.Page.URL) // a step from page to page of the same site
	if within {
		t.Referrer = ""
	}
	if ch := channelOf(c.Channel); ch.Key != "" {
		t.Channel, t.Class = ch.Key, ch.Class
		return t
	}
	t.Channel, t.Class = t.guess()
	if t.Channel == "direct" && (!visit || within) {
		return nil
	}
	return t
}

type channel struct{ Key, Class string }

// channelOf reads context.channel: an object {"key","class"}. Segment's own libraries send a text ("server", "browser") there, which
// names no channel of the brand.
func channelOf(v jsontext.Value) channel {
	if v.Kind() != '{' {
		return channel{}
	}
	var c struct {
		Key   string `json:"key"`
		Class string `json:"class"`
	}
	if json.Unmarshal(v, &c) != nil || len(c.Key) > 100 {
		return channel{}
	}
	switch c.Class {
	case "owned", "partner", "external", "offline":
	default:
		c.Class = "unknown"
	}
	return channel{c.Key, c.Class}
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

func pathOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || len(u.Path) > 300 {
		return ""
	}
	return u.Path
}
