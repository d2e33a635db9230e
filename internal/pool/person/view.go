package person

import (
	"context"
	"encoding/json"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Row is a person as lists show it. Revenue is in minor units of the pool's currency.
type Row struct {
	ID         int64                      `json:"id"`
	Name       string                     `json:"name"`
	Email      string                     `json:"email"`
	Phone      string                     `json:"phone"`
	Identified bool                       `json:"identified"`
	Channel    string                     `json:"channel"`
	Class      string                     `json:"class"`
	FirstSeen  time.Time                  `json:"first_seen"`
	LastSeen   time.Time                  `json:"last_seen"`
	Events     int64                      `json:"events"`
	Orders     int64                      `json:"orders"`
	Revenue    int64                      `json:"revenue"`
	Traits     map[string]json.RawMessage `json:"traits"`
}

// TouchView is a contact that brought the person here.
type TouchView struct {
	Time     time.Time `json:"time"`
	Channel  string    `json:"channel"`
	Class    string    `json:"class"`
	Source   string    `json:"source"`
	Medium   string    `json:"medium"`
	Campaign string    `json:"campaign"`
	Referrer string    `json:"referrer"`
	Landing  string    `json:"landing"`
	ClickID  string    `json:"click_id"`
}

// Value is what the person is worth so far. Money is in minor units of the pool's currency.
type Value struct {
	Orders         int64      `json:"orders"`
	Revenue        int64      `json:"revenue"`
	AverageOrder   int64      `json:"average_order"`
	Cancelled      int64      `json:"cancelled"`
	FirstOrder     *time.Time `json:"first_order"`
	LastOrder      *time.Time `json:"last_order"`
	DaysSinceOrder *int64     `json:"days_since_last_order"`
}

// LastEventView names the latest event.
type LastEventView struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Time time.Time `json:"time"`
}

// Day is one day's activity.
type Day struct {
	Date   string `json:"date"`
	Events int64  `json:"events"`
}

// IdentityView is an identity with what it brought.
type IdentityView struct {
	identity.View
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	Events    int64     `json:"events"`
}

// Person is everything on the person page.
type Person struct {
	Row
	Identities []IdentityView          `json:"identities"`
	Story      []identity.EdgeView     `json:"story"`
	Conflicts  []identity.ConflictView `json:"conflicts"`
	TraitsAt   map[string]time.Time    `json:"traits_at"`
	Value      Value                   `json:"value"`
	FirstTouch *TouchView              `json:"first_touch"`
	LastTouch  *TouchView              `json:"last_touch"`
	LastEvent  *LastEventView          `json:"last_event"`
	Daily      []Day                   `json:"daily"`
}

// EventView is an event as pages show it.
type EventView struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Name       string          `json:"name"`
	Time       time.Time       `json:"time"`
	ReceivedAt time.Time       `json:"received_at"`
	Source     int64           `json:"source"`
	Person     int64           `json:"person"`
	Properties json.RawMessage `json:"properties"`
	Traits     json.RawMessage `json:"traits,omitempty"`
	Context    json.RawMessage `json:"context"`
	Amount     *Money          `json:"amount"`
}

// Money is an amount in minor units.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// ViewOf shows a stored event to whoever is asking: without the permission to read personal data, it is masked.
func ViewOf(ctx context.Context, r *warehouse.Row) EventView {
	v := EventView{
		ID: r.ID, Type: event.Type(r.Type).String(), Name: r.Name, Time: state.Time(r.Time), ReceivedAt: state.Time(r.Received),
		Source: r.Source, Person: r.Person, Properties: object(r.Properties), Context: object(r.Context), Traits: r.Traits,
	}
	if r.Currency != "" {
		v.Amount = &Money{r.Amount, r.Currency}
	}
	if !actor.From(ctx).Can(actor.ReadPersonal) {
		v.Properties, v.Context, v.Traits = identity.MaskJSON(v.Properties), identity.MaskJSON(v.Context), identity.MaskJSON(v.Traits)
	}
	return v
}

func object(b []byte) json.RawMessage {
	if len(b) == 0 {
		return json.RawMessage("{}")
	}
	return b
}

func (p *record) row() Row {
	r := Row{
		ID: p.id, Name: nameOf(p.Traits), Email: p.email, Phone: p.phone, Identified: p.identified,
		FirstSeen: state.Time(p.First), LastSeen: state.Time(p.Last), Events: p.Events, Orders: p.Orders, Revenue: p.Revenue,
		Traits: make(map[string]json.RawMessage, len(p.Traits)),
	}
	if p.FirstTouch != nil {
		r.Channel, r.Class = p.FirstTouch.Channel, p.FirstTouch.Class
	}
	for k, t := range p.Traits {
		if v, _ := t.Shown(); v != nil {
			r.Traits[k] = v
		}
	}
	return r
}

func (t *Touch) view() *TouchView {
	if t == nil {
		return nil
	}
	return &TouchView{
		Time: state.Time(t.Time), Channel: t.Channel, Class: t.Class, Source: t.Source, Medium: t.Medium, Campaign: t.Campaign,
		Referrer: t.Referrer, Landing: t.Landing, ClickID: t.ClickID,
	}
}
