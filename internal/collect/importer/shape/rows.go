package shape

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// shortID is the length under which an id column is taken for a number that other files use too; such ids get the event's name in front.
const shortID = 16

// row turns one row into an event: the presets people and events.
func (pl *Plan) row(r *sheet.Row, e *event.Event, seen *occurrences) *Reject {
	*e = event.Event{Identities: e.Identities[:0], Rows: 1}
	fill := pl.mapped
	if pl.segment {
		fill = pl.call
	}
	if why := fill(r, e); why != nil {
		return why
	}
	if e.ID == "" {
		e.ID = pl.contentID(e, seen)
	}
	if e.Time == 0 {
		e.Time = pl.now
	}
	e.Received = pl.now
	return validate(e, pl.now)
}

func (pl *Plan) mapped(r *sheet.Row, e *event.Event) *Reject {
	var why *Reject
	if e.Identities, why = pl.who(r, e.Identities); why != nil {
		return why
	}
	if e.Time, why = pl.when(r); why != nil {
		return why
	}
	e.Type, e.Name = event.Identify, event.Identified
	if pl.preset == Events {
		e.Type, e.Name = event.Track, pl.options.EventName
		if pl.event >= 0 && strings.TrimSpace(r.Cells[pl.event]) != "" {
			e.Name = strings.TrimSpace(r.Cells[pl.event])
		}
	}
	b := append(pl.buf[:0], '{')
	for _, i := range e.Identities { // what is known of people shows up in their profiles too
		if k, _ := pl.kinds.Find(i.Kind); k.Trait != "" && pl.preset == People && !pl.mapsTrait(k.Trait) {
			b = appendText(appendKey(b, k.Trait), i.Value)
		}
	}
	b = append(appendMembers(b, pl.traits, r), '}')
	cut := len(b)
	b = append(appendMembers(append(b, '{'), pl.properties, r), '}')
	pl.buf = b
	if cut > 2 {
		e.Traits = b[:cut:cut]
	}
	if len(b)-cut > 2 {
		e.Properties = b[cut:]
	}
	if pl.id >= 0 {
		id, err := wholeNumber(r.Cells[pl.id])
		if err != nil {
			return &Reject{"row.id", "the id " + quote(r.Cells[pl.id]) + " is " + err.Error()}
		}
		if id != "" && len(id) < shortID {
			id = e.Name + ":" + id
		}
		e.ID = id
	}
	return nil
}

func (pl *Plan) mapsTrait(name string) bool {
	for _, t := range pl.traits {
		if t.name == name {
			return true
		}
	}
	return false
}

// when reads the time of a row; 0 if the plan has no time column or, for people, the cell is empty.
func (pl *Plan) when(r *sheet.Row) (int64, *Reject) {
	if pl.time < 0 {
		return 0, nil
	}
	text := r.Cells[pl.time]
	if strings.TrimSpace(text) == "" {
		if pl.preset == People {
			return 0, nil
		}
		return 0, &Reject{"time.missing", "the row has no time"}
	}
	t, err := pl.moments.Parse(text)
	if errors.Is(err, ErrAmbiguous) {
		return 0, &Reject{"time.ambiguous", "the time " + quote(text) + " " + err.Error()}
	}
	if err != nil {
		return 0, &Reject{"time.invalid", "the time " + quote(text) + " is " + err.Error()}
	}
	return t, nil
}

// contentID is an id from what the event says, and from how many equal ones came before it: equal rows are legitimate.
func (pl *Plan) contentID(e *event.Event, seen *occurrences) string {
	sum := sha256.Sum256(event.Append(nil, e)) // ID, Received and Import are not filled yet, nor a time that the row does not say
	name := "row:" + hex.EncodeToString(sum[:16])
	if n := seen.next(sum); n > 1 {
		name += "-" + strconv.FormatUint(n, 10)
	}
	return name
}

// validate holds the event against the pool's rules.
func validate(e *event.Event, now int64) *Reject {
	err := e.Validate(now)
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return &Reject{f.Code, f.Message}
	}
	return &Reject{"event.invalid", err.Error()}
}
