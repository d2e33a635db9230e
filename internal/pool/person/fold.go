// Package person is the living picture of each human in the pool: traits, counters, value, first and last touch.
//
// Each node of the identity graph has a Fold, the sum of the events that are anchored on it; a person's Fold is the sum of its nodes', which
// are kept beside it as parts.
// Every operation of a Fold is commutative and associative: traits take the value with the latest event time (set_once traits the
// earliest), first and last touch the least and greatest time, counters add. So late events do not overwrite newer values, events may
// come in any order, and merging or unmerging people never needs their history.
package person

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
)

// Trait is a trait's value with the time it was said. A set value is the latest, a set_once value the earliest; a set value, if there
// is one, is what shows.
type Trait struct {
	// omitzero, not omitempty: null (taken away), "", [] and {} are values, and dropping one would let an older value show again.
	Value  json.RawMessage `json:"v,omitzero"`
	At     int64           `json:"t,omitzero"` // microseconds since 1970 UTC
	Once   json.RawMessage `json:"o,omitzero"`
	OnceAt int64           `json:"ot,omitzero"`
}

// merge keeps the later set value and the earlier set_once value. At equal times the greater text wins, so that order never matters.
func (t Trait) merge(o Trait) Trait {
	if o.Value != nil && (t.Value == nil || o.At > t.At || o.At == t.At && bytes.Compare(o.Value, t.Value) > 0) {
		t.Value, t.At = o.Value, o.At
	}
	if o.Once != nil && (t.Once == nil || o.OnceAt < t.OnceAt || o.OnceAt == t.OnceAt && bytes.Compare(o.Once, t.Once) < 0) {
		t.Once, t.OnceAt = o.Once, o.OnceAt
	}
	return t
}

// Shown is the value that shows and since when; nil if the trait was taken away (set to null).
func (t Trait) Shown() (json.RawMessage, int64) {
	v, at := t.Value, t.At
	if v == nil {
		v, at = t.Once, t.OnceAt
	}
	if bytes.Equal(v, []byte("null")) {
		return nil, at
	}
	return v, at
}

// Traits by name.
type Traits map[string]Trait

// Touch is a contact that brought somebody here.
type Touch struct {
	Time     int64  `json:"time"`
	Channel  string `json:"channel"`
	Class    string `json:"class"` // owned, partner, external, offline or unknown
	Source   string `json:"source,omitempty"`
	Medium   string `json:"medium,omitempty"`
	Campaign string `json:"campaign,omitempty"`
	Referrer string `json:"referrer,omitempty"`
	Landing  string `json:"landing,omitempty"`
	ClickID  string `json:"click_id,omitempty"`
}

func (t *Touch) compare(o *Touch) int {
	return cmp.Or(cmp.Compare(t.Time, o.Time), cmp.Compare(t.Channel, o.Channel), cmp.Compare(t.Source, o.Source),
		cmp.Compare(t.Medium, o.Medium), cmp.Compare(t.Campaign, o.Campaign), cmp.Compare(t.Referrer, o.Referrer),
		cmp.Compare(t.Landing, o.Landing), cmp.Compare(t.ClickID, o.ClickID))
}

// LastEvent names the latest event.
type LastEvent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Time int64  `json:"time"`
}

func (e *LastEvent) compare(o *LastEvent) int {
	return cmp.Or(cmp.Compare(e.Time, o.Time), cmp.Compare(e.ID, o.ID))
}

// Detail is the part of a Fold that is stored as JSON.
type Detail struct {
	FirstTouch *Touch     `json:"first,omitempty"`
	LastTouch  *Touch     `json:"last,omitempty"`
	LastEvent  *LastEvent `json:"event,omitempty"`
}

// Fold is the sum of some events. Times are microseconds since 1970 UTC, 0 for never; Revenue is minor units of the pool's currency.
type Fold struct {
	First, Last           int64
	Events                int64
	Orders, Cancelled     int64
	Revenue               int64
	FirstOrder, LastOrder int64
	Traits                Traits
	Detail

	// stored is Traits as the store has it, until somebody looks: few events say traits, so most rows are written back as they were read.
	stored []byte
}

// Empty says whether f is the sum of nothing.
func (f *Fold) Empty() bool {
	return f.First == 0 && f.Last == 0 && f.Events == 0 && len(f.Traits) == 0 && f.stored == nil
}

// open reads the traits that are still as the store has them.
func (f *Fold) open() error {
	if f.stored == nil {
		return nil
	}
	var t Traits
	if err := json.Unmarshal(f.stored, &t); err != nil {
		return fmt.Errorf("read traits: %w", err)
	}
	f.Traits, f.stored = t, nil
	return nil
}

// Add sums another fold into f. o is not changed and may be shared. Both must be open if o has traits.
func (f *Fold) Add(o *Fold) {
	f.First, f.Last = least(f.First, o.First), max(f.Last, o.Last)
	f.FirstOrder, f.LastOrder = least(f.FirstOrder, o.FirstOrder), max(f.LastOrder, o.LastOrder)
	f.Events += o.Events
	f.Orders += o.Orders
	f.Cancelled += o.Cancelled
	f.Revenue += o.Revenue
	if f.FirstTouch == nil || o.FirstTouch != nil && o.FirstTouch.compare(f.FirstTouch) < 0 {
		f.FirstTouch = o.FirstTouch
	}
	if f.LastTouch == nil || o.LastTouch != nil && o.LastTouch.compare(f.LastTouch) > 0 {
		f.LastTouch = o.LastTouch
	}
	if f.LastEvent == nil || o.LastEvent != nil && o.LastEvent.compare(f.LastEvent) > 0 {
		f.LastEvent = o.LastEvent
	}
	if len(o.Traits) == 0 {
		return
	}
	merged := maps.Clone(f.Traits)
	if merged == nil {
		merged = make(Traits, len(o.Traits))
	}
	for k, t := range o.Traits {
		merged[k] = merged[k].merge(t)
	}
	f.Traits = merged
}

// Sum adds as Add does, and reads traits that are still as the store has them, if they matter.
func (f *Fold) Sum(o *Fold) error {
	if o.stored != nil || len(o.Traits) > 0 {
		if f.Empty() && f.Traits == nil && o.stored != nil {
			f.stored = o.stored
		} else {
			if err := f.open(); err != nil {
				return err
			}
			c := *o
			if err := c.open(); err != nil {
				return err
			}
			o = &c
		}
	}
	f.Add(o)
	return nil
}

// least is the smaller of two times, where 0 is none.
func least(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
